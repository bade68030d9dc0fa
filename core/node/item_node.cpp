#include <algorithm>
#include <iterator>
#include <mutex>

#include "core/node/each_item.h"

namespace engine {
namespace {

void fill_origins(Items& items, std::size_t index) {
  for (Item& item : items) {
    if (item.origin.size() == 0) item.origin = Origin::of(index);
  }
}

void append(Items& all, Items&& part) {
  all.insert(all.end(), std::make_move_iterator(part.begin()), std::make_move_iterator(part.end()));
}

}  // namespace

void keep_or_throw(const NodeContext& context, std::size_t item, std::vector<ItemFailure>& failed) {
  try {
    throw;
  } catch (Error& error) {
    if (!error.where.item) error.where.item = item;
    // A run that is being stopped ends as a whole, whatever its items make of it.
    if (!context.keeps_going() || error.cause() == ErrorCause::cancelled ||
        context.cancellation().requested()) {
      throw;
    }
    failed.push_back({item, error});
  } catch (const std::exception& exception) {
    Error error(ErrorCause::bug, "unexpected_exception",
                std::string("The node failed in a way it should not: ") + exception.what());
    error.where.item = item;
    if (!context.keeps_going()) throw error;
    failed.push_back({item, std::move(error)});
  }
}

void report_progress(NodeContext& context, std::size_t done, std::size_t total) {
  const std::size_t step = std::max<std::size_t>(total / 256, 1);
  if (done == total || done % step == 0) context.progress(done, total);
}

NodeResult ItemNode::run(NodeContext& context) const {
  NodeResult result;
  result.outputs.resize(1);
  const std::size_t count = context.input().size();
  if (std::min(context.concurrency(), count) <= 1) {
    each_item(context, result, [&](std::size_t i) {
      context.cancellation().check();
      Items made = run_item(context, i);
      fill_origins(made, i);
      append(result.outputs[0], std::move(made));
    });
    return result;
  }
  std::vector<Items> made(count);
  std::mutex mutex;
  std::size_t done = 0;
  for_each_parallel(count, context.concurrency(), context.cancellation(), [&](std::size_t i) {
    std::vector<ItemFailure> failed;
    try {
      made[i] = run_item(context, i);
      fill_origins(made[i], i);
    } catch (...) {
      keep_or_throw(context, i, failed);
    }
    const std::lock_guard lock(mutex);
    for (ItemFailure& failure : failed) result.failed.push_back(std::move(failure));
    report_progress(context, ++done, count);
  });
  for (Items& part : made) append(result.outputs[0], std::move(part));
  std::sort(result.failed.begin(), result.failed.end(),
            [](const ItemFailure& a, const ItemFailure& b) { return a.item < b.item; });
  return result;
}

}  // namespace engine
