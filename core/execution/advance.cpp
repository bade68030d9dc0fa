#include "core/execution/advance.h"

#include <algorithm>
#include <utility>

namespace engine::execution {
namespace {

using workflow::Edge;
using workflow::Graph;
using workflow::OnError;
using workflow::WorkflowNode;

bool in_flight(Phase phase) {
  return phase == Phase::running || phase == Phase::retrying || phase == Phase::waiting;
}

ItemsPtr share(Items items) {
  return std::make_shared<const Items>(std::move(items));
}

// The same items as output of a run that passes its input on.
Items passed_on(const Items& items, std::size_t input = 0) {
  Items result;
  result.reserve(items.size());
  for (std::size_t i = 0; i < items.size(); ++i) {
    result.push_back({items[i].json, items[i].binary, Origin::of(i, input)});
  }
  return result;
}

// Every item gets what the resume URL was called with, as its member `resume`.
void resume_with(Items& items, const Value& resumed) {
  ValueBuilder builder;
  for (Item& item : items) {
    builder.begin_object();
    for (const auto& [name, member] : item.json.members()) {
      builder.key(name);
      builder.value(item.json.share(member));
    }
    builder.key("resume");
    builder.value(resumed);
    builder.end_object();
    item.json = builder.finish();
  }
}

/// One step of the machine. Nodes that become ready or settled are worked off from a list, not by
/// recursion: a chain may have thousands of them.
class Step {
 public:
  Step(const workflow::Workflow& workflow, State& state) : workflow_(workflow), state_(state) {}

  void on(Started& event);
  void on(const LoopEntered& event);
  void on(const RoundChecked& event);
  void on(RunFinished& event);
  void on(RunFailed& event);
  void on(const TimerFired& event);
  void on(const StopRequested& event);

  std::vector<Command> finish();

 private:
  // ---- scopes
  ScopeIndex open_scope(const Graph& graph, RunKey parent, std::size_t round, std::string path);
  void begin_scope(ScopeIndex scope, const WorkflowNode* fed_by, std::vector<RunInput> inputs,
                   Items items);
  void mark_wanted(const std::string& until);
  void close_scope(ScopeIndex scope);

  // ---- nodes
  void settle(RunKey key, Phase phase);
  void consider(RunKey key);
  std::vector<RunInput> gather(RunKey key) const;
  void start(RunKey key);
  void launch(RunKey key);
  void complete(RunKey key, std::vector<Items> outputs);
  void fail(RunKey key, const Error& error);
  void stop(Outcome as, const Error& error);
  void abandon(ScopeIndex scope);

  // ---- loops
  void start_rounds(RunKey key);
  void start_round(RunKey key);
  void end_round(RunKey key, std::size_t round, std::vector<Segment> results);
  void finish_loop(RunKey key);
  void fail_loop(RunKey key, const Error& error);

  const workflow::Workflow& workflow_;
  State& state_;
  std::vector<Command> commands_;
  std::vector<RunKey> ready_;
};

// ---------------------------------------------------------------- scopes

ScopeIndex Step::open_scope(const Graph& graph, RunKey parent, std::size_t round,
                            std::string path) {
  Scope scope;
  scope.graph = &graph;
  scope.parent = parent;
  scope.round = round;
  scope.path = std::move(path);
  scope.nodes.resize(graph.nodes.size());
  scope.open = graph.nodes.size();
  for (std::size_t node = 0; node < graph.after.size(); ++node) {
    for (const std::size_t next : graph.after[node]) ++scope.nodes[next].unsettled;
  }
  state_.scopes.push_back(std::move(scope));
  return static_cast<ScopeIndex>(state_.scopes.size() - 1);
}

// Makes the feed, and everything ready that waits for nothing else.
void Step::begin_scope(ScopeIndex scope, const WorkflowNode* fed_by, std::vector<RunInput> inputs,
                       Items items) {
  NodeRun feed{fed_by, scope, std::move(inputs), {share(std::move(items))}};
  state_.scopes[scope].feed = static_cast<RunIndex>(state_.runs.size());
  state_.runs.push_back(std::move(feed));
  const Graph& graph = *state_.scopes[scope].graph;
  for (std::size_t node = 0; node < graph.nodes.size(); ++node) {
    const RunKey key{scope, node};
    if (graph.nodes[node].type != nullptr && graph.nodes[node].type->kind == NodeKind::trigger) {
      const bool fired = &graph.nodes[node] == fed_by;
      if (fired && graph.nodes[node].type->node != nullptr) {
        state_.at(key).inputs.assign(1, join_segments(state_, {{state_.scopes[scope].feed, 0}}));
        launch(key);
        continue;
      }
      if (fired) state_.at(key).run = state_.scopes[scope].feed;
      settle(key, fired ? Phase::done : Phase::skipped);
    } else if (graph.nodes[node].edges.empty()) {
      ready_.push_back(key);
    }
  }
  if (graph.nodes.empty()) close_scope(scope);
}

// Marks the node and everything that leads to it.
void Step::mark_wanted(const std::string& until) {
  const Graph& graph = workflow_.graph;
  state_.wanted.assign(graph.nodes.size(), false);
  for (std::size_t node = 0; node < graph.nodes.size(); ++node) {
    if (graph.nodes[node].id == until) state_.until = node;
  }
  if (!state_.until) {
    throw Error(ErrorCause::user, "unknown_node",
                "There is no node '" + until + "' at the top level of the workflow.");
  }
  std::vector<std::size_t> open{*state_.until};
  while (!open.empty()) {
    const std::size_t node = open.back();
    open.pop_back();
    if (state_.wanted[node]) continue;
    state_.wanted[node] = true;
    for (const Edge& edge : graph.nodes[node].edges) open.push_back(edge.node);
  }
}

void Step::close_scope(ScopeIndex index) {
  const Scope& scope = state_.scopes[index];
  if (index == 0 || scope.failed) return;
  std::vector<Segment> results;
  for (const std::size_t node : scope.graph->last) {
    const auto& run = scope.nodes[node].run;
    if (!run) continue;
    for (std::size_t output = 0; output < state_.runs[*run].outputs.size(); ++output) {
      results.push_back({*run, output});
    }
  }
  end_round(scope.parent, scope.round, std::move(results));
}

// ---------------------------------------------------------------- nodes

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

// ---------------------------------------------------------------- loops

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

// ---------------------------------------------------------------- events

void Step::on(Started& event) {
  state_.use_pins = event.use_pins;
  state_.overrides = std::move(event.overrides);
  if (!event.until.empty()) mark_wanted(event.until);
  const WorkflowNode* trigger = event.trigger.empty() ? nullptr : workflow_.find(event.trigger);
  const ScopeIndex scope = open_scope(workflow_.graph, {}, 0, "");
  begin_scope(scope, trigger, {}, std::move(event.items));
}

void Step::on(const LoopEntered& event) {
  NodeState& node = state_.at(event.key);
  if (node.phase != Phase::running) return;
  --state_.running;
  node.phase = Phase::looping;
  node.loop = std::make_unique<LoopProgress>();
  const std::size_t items = node.inputs[0].items->size();
  const bool batches = state_.node(event.key).type->kind == NodeKind::loop;
  node.loop->batch_size = batches ? std::max<std::size_t>(1, event.batch_size) : items;
  node.loop->parallel = std::max<std::size_t>(1, event.parallel);
  node.loop->max_rounds = std::max<std::size_t>(1, event.max_rounds);
  node.loop->rounds =
      batches ? (items + node.loop->batch_size - 1) / node.loop->batch_size : std::size_t{1};
  start_rounds(event.key);
}

void Step::on(const RoundChecked& event) {
  NodeState& node = state_.at(event.key);
  if (node.phase != Phase::looping || !node.loop->checking) return;
  node.loop->checking = false;
  --state_.running;
  if (state_.stopping) return;
  if (event.stop) return finish_loop(event.key);
  if (node.loop->finished >= node.loop->max_rounds) {
    const WorkflowNode& description = state_.node(event.key);
    Error error(ErrorCause::user, "rounds_used_up",
                "The condition 'until' did not hold after " + std::to_string(node.loop->finished) +
                    " rounds. Raise 'max', or check the condition.");
    error.where = {workflow_.name, description.id, {}, "until", description.position};
    return fail_loop(event.key, error);
  }
  ++node.loop->rounds;
  start_rounds(event.key);
}

void Step::on(RunFinished& event) {
  NodeState& node = state_.at(event.key);
  if (node.phase != Phase::running || node.attempt != event.attempt) return;
  if (event.ready_at) {
    node.phase = Phase::waiting;
    node.due = event.ready_at;
    node.resumable = event.resumable;
    node.held = std::move(event.outputs);
    if (state_.stopping) {
      --state_.running;
    } else {
      ++state_.timers;
      commands_.emplace_back(StartTimer{event.key, *event.ready_at});
    }
    return;
  }
  --state_.running;
  complete(event.key, std::move(event.outputs));
}

void Step::on(RunFailed& event) {
  NodeState& node = state_.at(event.key);
  // The condition of a `repeat` failed.
  const bool checking = node.phase == Phase::looping && node.loop->checking;
  if ((node.phase != Phase::running && !checking) || node.attempt != event.attempt) return;
  if (event.partial) node.partial = std::move(event.partial);
  if (event.retry_at && !state_.stopping) {
    node.phase = Phase::retrying;
    node.due = event.retry_at;
    ++state_.timers;
    commands_.emplace_back(StartTimer{event.key, *event.retry_at});
    return;
  }
  if (checking) node.loop->checking = false;
  --state_.running;
  const NodeKind kind = state_.node(event.key).type->kind;
  if (kind == NodeKind::loop || kind == NodeKind::repeat) return fail_loop(event.key, event.error);
  fail(event.key, event.error);
}

void Step::on(const TimerFired& event) {
  NodeState& node = state_.at(event.key);
  if (state_.stopping) return;
  if (node.phase == Phase::waiting) {
    --state_.running;
    --state_.timers;
    if (event.resumed.given()) {
      ++state_.resumes;
      for (Items& items : node.held) resume_with(items, event.resumed);
    }
    complete(event.key, std::move(node.held));
  } else if (node.phase == Phase::retrying) {
    --state_.running;
    --state_.timers;
    node.due.reset();
    launch(event.key);
  }
}

void Step::on(const StopRequested& event) {
  stop(event.as, event.error);
}

std::vector<Command> Step::finish() {
  while (true) {
    for (std::size_t i = 0; i < ready_.size(); ++i) consider(ready_[i]);
    ready_.clear();
    if (state_.running > 0 || state_.queue.empty() || state_.stopping) break;
    // In the order of the file, whichever became ready first.
    const auto next =
        std::min_element(state_.queue.begin(), state_.queue.end(), [&](RunKey a, RunKey b) {
          return std::pair(state_.node(a).ordinal, a) < std::pair(state_.node(b).ordinal, b);
        });
    const RunKey key = *next;
    state_.queue.erase(next);
    launch(key);
  }
  if (state_.outcome != Outcome::unfinished || state_.running > 0) return std::move(commands_);
  if (state_.stopping || state_.scopes[0].open == 0) {
    state_.outcome = state_.stopping ? state_.stopped_as : Outcome::success;
    commands_.emplace_back(Finish{});
  }
  return std::move(commands_);
}

}  // namespace

std::vector<Command> advance(const workflow::Workflow& workflow, State& state, Event event) {
  Step step(workflow, state);
  std::visit([&](auto& concrete) { step.on(concrete); }, event);
  return step.finish();
}

bool applies(const State& state, const Event& event) {
  const auto current = [&](RunKey key, int attempt) {
    const NodeState& node = state.at(key);
    const bool checking = node.phase == Phase::looping && node.loop->checking;
    return (node.phase == Phase::running || checking) && node.attempt == attempt;
  };
  if (const auto* finished = std::get_if<RunFinished>(&event)) {
    return current(finished->key, finished->attempt);
  }
  if (const auto* failed = std::get_if<RunFailed>(&event)) {
    return current(failed->key, failed->attempt);
  }
  if (const auto* entered = std::get_if<LoopEntered>(&event)) {
    return state.at(entered->key).phase == Phase::running;
  }
  if (const auto* checked = std::get_if<RoundChecked>(&event)) {
    const NodeState& node = state.at(checked->key);
    return node.phase == Phase::looping && node.loop->checking;
  }
  if (const auto* fired = std::get_if<TimerFired>(&event)) {
    const Phase phase = state.at(fired->key).phase;
    return !state.stopping && (phase == Phase::waiting || phase == Phase::retrying);
  }
  if (std::holds_alternative<StopRequested>(event)) return !state.stopping;
  return true;
}

std::vector<Command> outstanding(const State& state) {
  std::vector<Command> commands;
  if (state.outcome != Outcome::unfinished) return {Finish{}};
  for (ScopeIndex scope = 0; scope < state.scopes.size(); ++scope) {
    if (state.scopes[scope].failed) continue;
    for (std::size_t i = 0; i < state.scopes[scope].nodes.size(); ++i) {
      const RunKey key{scope, i};
      const NodeState& node = state.at(key);
      const NodeKind kind = state.node(key).type->kind;
      if (node.phase == Phase::running) {
        const bool loop = kind == NodeKind::loop || kind == NodeKind::repeat;
        commands.push_back(loop ? Command(EnterLoop{key}) : Command(RunNode{key}));
      } else if (node.phase == Phase::retrying || node.phase == Phase::waiting) {
        commands.emplace_back(StartTimer{key, *node.due});
      } else if (node.phase == Phase::looping && node.loop->checking) {
        commands.emplace_back(CheckRound{key});
      }
    }
  }
  return commands;
}

}  // namespace engine::execution
