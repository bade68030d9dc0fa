// The rounds of loops, and what they give together.
#include <algorithm>
#include <utility>

#include "core/execution/step.h"

namespace engine::execution {

using workflow::OnError;
using workflow::WorkflowNode;

void Step::start_rounds(RunKey key) {
  LoopProgress& loop = *state_.at(key).loop;
  if (state_.stopping) return;
  while (loop.started < loop.rounds && loop.started - loop.finished < loop.parallel) {
    start_round(key);
    if (state_.at(key).phase != Phase::looping) return;
  }
}

void Step::start_round(RunKey key) {
  NodeState& node = state_.at(key);
  LoopProgress& loop = *node.loop;
  const WorkflowNode& description = state_.node(key);
  const std::size_t round = loop.started++;
  loop.results.resize(loop.started);
  loop.failed.resize(loop.started);
  std::vector<RunInput> inputs;
  Items items;
  if (round > 0 && description.type->kind == NodeKind::repeat) {
    inputs.push_back(join_segments(state_, loop.results[round - 1]));
    items = passed_on(*inputs[0].items);
  } else {
    inputs = node.inputs;
    const Items& all = *inputs[0].items;
    const std::size_t begin = round * loop.batch_size;
    const std::size_t end = std::min(all.size(), begin + loop.batch_size);
    for (std::size_t i = begin; i < end; ++i) {
      items.push_back({all[i].json, all[i].binary, Origin::of(i)});
    }
  }
  const ScopeIndex scope = open_scope(*description.body, key, round,
                                      run_name(state_, key) + "[" + std::to_string(round) + "]");
  begin_scope(scope, &description, std::move(inputs), std::move(items));
}

void Step::end_round(RunKey key, std::size_t round, std::vector<Segment> results) {
  NodeState& node = state_.at(key);
  if (node.phase != Phase::looping) return;
  LoopProgress& loop = *node.loop;
  loop.results[round] = std::move(results);
  ++loop.finished;
  if (state_.stopping) return;
  if (state_.node(key).type->kind == NodeKind::loop) {
    if (loop.finished == loop.rounds) return finish_loop(key);
    return start_rounds(key);
  }
  const bool items_left = !join_segments(state_, loop.results[round]).items->empty();
  if (!items_left) return finish_loop(key);
  loop.checking = true;
  ++state_.running;
  commands_.emplace_back(CheckRound{key});
}

void Step::finish_loop(RunKey key) {
  NodeState& node = state_.at(key);
  std::vector<Segment> all;
  Items failed;
  // Each round of a `repeat` goes on with what the one before gave: the last has it all.
  const bool repeats = state_.node(key).type->kind == NodeKind::repeat;
  for (std::size_t i = repeats ? node.loop->results.size() - 1 : 0; i < node.loop->results.size();
       ++i) {
    all.insert(all.end(), node.loop->results[i].begin(), node.loop->results[i].end());
  }
  for (const Items& items : node.loop->failed) {
    failed.insert(failed.end(), items.begin(), items.end());
  }
  // The failed items come from the loop's own input, or from the round before; that becomes
  // input 1.
  for (Item& item : failed) {
    if (item.origin.size() > 0) item.origin = Origin::of(item.origin[0].item, 1);
  }
  RunInput fed = repeats && node.loop->results.size() > 1
                     ? join_segments(state_, node.loop->results[node.loop->results.size() - 2])
                     : node.inputs[0];
  node.inputs.assign(1, join_segments(state_, all));
  node.inputs.push_back(std::move(fed));
  std::vector<Items> outputs{passed_on(*node.inputs[0].items)};
  if (!failed.empty()) {
    const WorkflowNode& description = state_.node(key);
    const std::size_t port =
        description.on_error == OnError::output ? description.error_output() : std::size_t{0};
    if (outputs.size() <= port) outputs.resize(port + 1);
    outputs[port].insert(outputs[port].end(), failed.begin(), failed.end());
  }
  node.loop.reset();
  complete(key, std::move(outputs));
}

// A loop whose own parameters are wrong, or whose rounds are used up.
void Step::fail_loop(RunKey key, const Error& error) {
  NodeState& node = state_.at(key);
  const WorkflowNode& description = state_.node(key);
  if (description.on_error == OnError::stop || state_.stopping ||
      error.cause() == ErrorCause::cancelled) {
    return fail(key, error);
  }
  std::vector<Items> outputs(1);
  if (description.on_error == OnError::output) outputs.resize(description.error_output() + 1);
  const Items& items = *node.inputs[0].items;
  for (std::size_t i = 0; i < items.size(); ++i) {
    outputs.back().push_back(with_error(items[i], error));
    outputs.back().back().origin = Origin::of(i);
  }
  node.loop.reset();
  complete(key, std::move(outputs));
}

}  // namespace engine::execution
