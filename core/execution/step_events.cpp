// What each kind of event sets in motion.
#include <algorithm>
#include <utility>

#include "core/execution/step.h"

namespace engine::execution {

using workflow::WorkflowNode;

namespace {

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

}  // namespace

void Step::on(Started& event) {
  state_.use_pins = event.use_pins;
  state_.overrides = std::move(event.overrides);
  state_.pins = std::move(event.pins);
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

}  // namespace engine::execution
