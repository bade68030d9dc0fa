// The loop of nodes that go through their items one by one in the calling thread.
#pragma once

#include "core/node/node.h"

namespace engine {

/// To be called inside a catch block: the exception that is being handled, as the item's error.
Error item_error(std::size_t item);

/// To be called inside a catch block: sorts the exception that is being handled to its item. Keeps
/// it in `failed` when the node keeps going; throws it (with where.item set) otherwise, and always
/// when the run was stopped.
void keep_or_throw(const NodeContext& context, std::size_t item, std::vector<ItemFailure>& failed);

/// Tells progress so rarely that it costs nothing.
void report_progress(NodeContext& context, std::size_t done, std::size_t total);

/// Calls `work(i)` for every item of the first input, in order; honours cancellation.
template <typename Work>
void each_item(NodeContext& context, NodeResult& result, const Work& work) {
  const std::size_t count = context.input().size();
  for (std::size_t i = 0; i < count; ++i) {
    if (i % 64 == 0) context.cancellation().check();
    try {
      work(i);
    } catch (...) {
      keep_or_throw(context, i, result.failed);
    }
    report_progress(context, i + 1, count);
  }
}

/// `item` with its origin set: for nodes that pass items on. Copies no JSON.
inline Item passed_on(const Item& item, std::size_t index, std::size_t input = 0) {
  return {item.json, item.binary, Origin::of(index, input)};
}

}  // namespace engine
