#include <algorithm>
#include <atomic>
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
  if (all.empty()) {
    all = std::move(part);
    return;
  }
  all.insert(all.end(), std::make_move_iterator(part.begin()), std::make_move_iterator(part.end()));
}

}  // namespace

Error item_error(std::size_t item) {
  try {
    throw;
  } catch (Error& error) {
    if (!error.where.item) error.where.item = item;
    return error;
  } catch (const std::exception& exception) {
    Error error(ErrorCause::bug, "unexpected_exception",
                std::string("The node failed in a way it should not: ") + exception.what());
    error.where.item = item;
    return error;
  }
}

void keep_or_throw(const NodeContext& context, std::size_t item, std::vector<ItemFailure>& failed) {
  Error error = item_error(item);
  // A run that is being stopped ends as a whole, whatever its items make of it.
  if (!context.keeps_going() || error.cause() == ErrorCause::cancelled ||
      context.cancellation().requested()) {
    throw error;
  }
  failed.push_back({item, std::move(error)});
}

void report_progress(NodeContext& context, std::size_t done, std::size_t total) {
  const std::size_t step = std::max<std::size_t>(total / 256, 1);
  if (done == total || done % step == 0) context.progress(done, total);
}

NodeResult ItemNode::run(NodeContext& context) const {
  const std::size_t count = context.input().size();
  std::vector<Items> made(count);
  NodeResult result;
  std::mutex mutex;
  std::size_t done = 0;
  std::atomic<bool> stopped = false;
  const auto work = [&](std::size_t i) {
    if (stopped) {
      const std::lock_guard lock(mutex);
      result.untried.push_back(i);
      return;
    }
    try {
      context.cancellation().check();
      made[i] = run_item(context, i);
      fill_origins(made[i], i);
    } catch (...) {
      ItemFailure failure{i, item_error(i)};
      if (!context.keeps_going() || context.cancellation().requested()) stopped = true;
      const std::lock_guard lock(mutex);
      result.failed.push_back(std::move(failure));
    }
    const std::lock_guard lock(mutex);
    report_progress(context, ++done, count);
  };
  // Cancellation is looked at per item, so that items which are through are not lost.
  for_each_parallel(count, context.concurrency(), Cancellation(), work);
  result.outputs.resize(1);
  for (Items& part : made) append(result.outputs[0], std::move(part));
  std::sort(result.failed.begin(), result.failed.end(),
            [](const ItemFailure& a, const ItemFailure& b) { return a.item < b.item; });
  std::sort(result.untried.begin(), result.untried.end());
  return result;
}

}  // namespace engine
