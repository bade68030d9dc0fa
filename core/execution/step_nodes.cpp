// One node: ready, started, and done, failed or skipped.
#include <algorithm>
#include <utility>

#include "core/execution/step.h"

namespace engine::execution {

using workflow::Edge;
using workflow::OnError;
using workflow::WorkflowNode;

namespace {

bool in_flight(Phase phase) {
  return phase == Phase::running || phase == Phase::retrying || phase == Phase::waiting;
}

// Pinned outputs. One that has as many items as came in is taken to be made item by item, so that
// what follows finds its way back.
std::vector<Items> linked(std::vector<Items> outputs, const Items& input) {
  for (Items& items : outputs) {
    if (items.size() != input.size()) continue;
    for (std::size_t i = 0; i < items.size(); ++i) items[i].origin = Origin::of(i);
  }
  return outputs;
}

}  // namespace

ItemsPtr share(Items items) {
  return std::make_shared<const Items>(std::move(items));
}

Items passed_on(const Items& items, std::size_t input) {
  Items result;
  result.reserve(items.size());
  for (std::size_t i = 0; i < items.size(); ++i) {
    result.push_back({items[i].json, items[i].binary, Origin::of(i, input)});
  }
  return result;
}

void Step::settle(RunKey key, Phase phase) {
  state_.at(key).phase = phase;
  Scope& scope = state_.scopes[key.scope];
  --scope.open;
  for (const std::size_t next : scope.graph->after[key.node]) {
    if (--scope.nodes[next].unsettled == 0) ready_.push_back({key.scope, next});
  }
  if (scope.open == 0) close_scope(key.scope);
}

std::vector<RunInput> Step::gather(RunKey key) const {
  const Scope& scope = state_.scopes[key.scope];
  const WorkflowNode& node = state_.node(key);
  std::vector<std::vector<Segment>> segments(std::max<std::size_t>(1, node.inputs.size()));
  if (node.edges.empty()) segments[0].push_back({scope.feed, 0});
  for (const Edge& edge : node.edges) {
    const auto& run = scope.nodes[edge.node].run;
    if (run) segments[edge.input].push_back({*run, edge.output});
  }
  std::vector<RunInput> inputs;
  inputs.reserve(segments.size());
  for (const auto& list : segments) inputs.push_back(join_segments(state_, list));
  return inputs;
}

// A node whose sources are all settled: it runs, or is skipped because nothing came.
void Step::consider(RunKey key) {
  NodeState& node = state_.at(key);
  if (node.phase != Phase::pending || state_.stopping || state_.scopes[key.scope].failed) return;
  const bool unwanted = key.scope == 0 && state_.until && !state_.wanted[key.node];
  std::vector<RunInput> inputs = gather(key);
  const auto edited =
      key.scope == 0 ? state_.overrides.find(state_.node(key).id) : state_.overrides.end();
  if (edited != state_.overrides.end()) inputs[0] = {{}, share(edited->second)};
  const bool empty = std::all_of(inputs.begin(), inputs.end(),
                                 [](const RunInput& input) { return input.items->empty(); });
  if (unwanted || empty) return settle(key, Phase::skipped);
  if (state_.node(key).once && inputs[0].items->size() > 1) {
    inputs[0].items = share({inputs[0].items->front()});
  }
  node.inputs = std::move(inputs);
  start(key);
}

void Step::start(RunKey key) {
  const WorkflowNode& node = state_.node(key);
  if (const auto pinned = state_.pins.find(node.id); pinned != state_.pins.end()) {
    return complete(key, linked(pinned->second, *state_.at(key).inputs[0].items));
  }
  if (node.pin && state_.use_pins) return complete(key, {*node.pin});
  if (node.disabled) return complete(key, {passed_on(*state_.at(key).inputs[0].items)});
  if (workflow_.settings.sequential) {
    state_.at(key).phase = Phase::queued;
    state_.queue.push_back(key);
    return;
  }
  launch(key);
}

void Step::launch(RunKey key) {
  NodeState& node = state_.at(key);
  node.phase = Phase::running;
  ++node.attempt;
  ++state_.running;
  const NodeKind kind = state_.node(key).type->kind;
  if (kind == NodeKind::loop || kind == NodeKind::repeat) {
    commands_.emplace_back(EnterLoop{key});
  } else {
    commands_.emplace_back(RunNode{key});
  }
}

void Step::complete(RunKey key, std::vector<Items> outputs) {
  const WorkflowNode& node = state_.node(key);
  NodeState& here = state_.at(key);
  outputs.resize(std::max<std::size_t>(1, node.outputs.size()));
  const bool empty =
      std::all_of(outputs.begin(), outputs.end(), [](const Items& items) { return items.empty(); });
  if (empty && node.always_output) outputs[0].push_back({Value::object(), {}, {}});
  NodeRun run;
  run.node = &node;
  run.scope = key.scope;
  run.inputs = std::move(here.inputs);
  for (Items& items : outputs) run.outputs.push_back(share(std::move(items)));
  here.inputs.clear();
  here.partial.reset();
  here.held.clear();
  here.due.reset();
  here.run = static_cast<RunIndex>(state_.runs.size());
  state_.runs.push_back(std::move(run));
  settle(key, Phase::done);
}

void Step::fail(RunKey key, const Error& error) {
  state_.at(key).phase = Phase::failed;
  if (state_.stopping) return;  // everything is being given up already, and counted so
  while (key.scope != 0) {
    Scope& scope = state_.scopes[key.scope];
    if (scope.failed) return;
    scope.failed = true;
    abandon(key.scope);
    commands_.emplace_back(CancelScope{key.scope});
    const RunKey loop = scope.parent;
    if (state_.node(loop).on_error != OnError::stop) {
      const std::size_t round = scope.round;
      Items& failed = state_.at(loop).loop->failed[round];
      for (const Item& item : *state_.runs[scope.feed].outputs[0]) {
        failed.push_back(with_error(item, error));
      }
      return end_round(loop, round, {});
    }
    state_.at(loop).phase = Phase::failed;
    key = loop;
  }
  stop(Outcome::failed, error);
}

void Step::stop(Outcome as, const Error& error) {
  if (state_.stopping) return;
  state_.stopping = true;
  state_.stopped_as = as;
  state_.error = error;
  state_.queue.clear();
  // A wait or a pending retry would hold the end up; it is not lost, its event list says what is
  // due.
  state_.running -= std::exchange(state_.timers, 0);
  commands_.emplace_back(CancelAll{});
}

// Gives up everything in flight in a scope and in those inside it.
void Step::abandon(ScopeIndex index) {
  for (ScopeIndex i = index; i < state_.scopes.size(); ++i) {
    Scope& scope = state_.scopes[i];
    if (i != index) {
      if (i == 0 || !state_.scopes[scope.parent.scope].failed || scope.parent.scope < index)
        continue;
      scope.failed = true;
    }
    for (NodeState& node : scope.nodes) {
      if (in_flight(node.phase)) {
        --state_.running;
        if (node.phase != Phase::running) --state_.timers;
        node.phase = Phase::failed;
      } else if (node.phase == Phase::looping || node.phase == Phase::queued) {
        if (node.loop && node.loop->checking) --state_.running;
        node.phase = Phase::failed;
      }
    }
  }
  std::erase_if(state_.queue, [&](RunKey key) { return state_.scopes[key.scope].failed; });
}

}  // namespace engine::execution
