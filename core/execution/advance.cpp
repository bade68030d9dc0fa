#include "core/execution/advance.h"

#include <utility>

#include "core/execution/step.h"

namespace engine::execution {

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
