// The state machine driven by hand: events as calls, commands as one line of text.
#pragma once

#include <string>
#include <vector>

#include "core/execution/advance.h"
#include "tests/core/execution/flow_types.h"
#include "tests/core/execution/items_text.h"

namespace engine::test {

/// Commands read "run a, enter each, check poll, timer a, drop each[0], cancel, finish".
class Machine {
 public:
  explicit Machine(const std::string& nodes, const std::string& settings = "") {
    add_flow_types(registry_);
    workflow = compile_flow(registry_, workflow_text(nodes, settings));
  }

  std::string on(const execution::Event& event) {
    return told(execution::advance(*workflow, state, event));
  }
  std::string start(const std::string& items, const std::string& until = "") {
    return on(execution::Started{"", numbers(items), true, until, {}});
  }
  std::string finish(const std::string& run, const std::vector<std::string>& outputs) {
    std::vector<Items> lists;
    for (const std::string& output : outputs) lists.push_back(numbers(output));
    return on(execution::RunFinished{key(run), attempt(run), {}, std::move(lists), {}});
  }
  std::string fail(const std::string& run) {
    return on(execution::RunFailed{key(run), attempt(run), {}, error(), {}, {}});
  }
  std::string retry(const std::string& run, int at) {
    return on(execution::RunFailed{key(run), attempt(run), {}, error(), from_ms(at), {}});
  }
  std::string hold(const std::string& run, const std::string& items, int until) {
    return on(execution::RunFinished{key(run), attempt(run), {}, {numbers(items)}, from_ms(until)});
  }
  std::string fire(const std::string& run) { return on(execution::TimerFired{key(run)}); }
  std::string enter(const std::string& run, std::size_t batch, std::size_t parallel = 1,
                    std::size_t max = 1000) {
    return on(execution::LoopEntered{key(run), batch, parallel, max});
  }
  std::string check(const std::string& run, bool stop) {
    return on(execution::RoundChecked{key(run), stop});
  }
  std::string cancel() {
    return on(execution::StopRequested{execution::Outcome::cancelled,
                                       Error(ErrorCause::cancelled, "cancelled", "Stop.")});
  }

  execution::RunKey key(const std::string& run) const {
    const auto found = execution::find_run(state, run);
    if (!found) throw std::runtime_error("There is no run " + run);
    return *found;
  }
  int attempt(const std::string& run) const { return state.at(key(run)).attempt; }
  execution::Phase phase(const std::string& run) const { return state.at(key(run)).phase; }
  std::string input(const std::string& run, std::size_t index = 0) const {
    return show(*state.at(key(run)).inputs.at(index).items);
  }
  std::string output(const std::string& run, std::size_t index = 0) const {
    return show(*state.runs.at(state.at(key(run)).run.value()).outputs.at(index));
  }
  std::string result() const { return show(execution::result_items(state)); }
  std::string told(const std::vector<execution::Command>& commands) const;

  static Error error() { return {ErrorCause::upstream, "broken", "It broke."}; }

  execution::State state;
  std::shared_ptr<const workflow::Workflow> workflow;

 private:
  Registry registry_;
};

inline std::string Machine::told(const std::vector<execution::Command>& commands) const {
  using namespace execution;
  std::string text;
  for (const Command& command : commands) {
    if (!text.empty()) text += ", ";
    if (const auto* run = std::get_if<RunNode>(&command)) {
      text += "run " + run_name(state, run->key);
    } else if (const auto* loop = std::get_if<EnterLoop>(&command)) {
      text += "enter " + run_name(state, loop->key);
    } else if (const auto* round = std::get_if<CheckRound>(&command)) {
      text += "check " + run_name(state, round->key);
    } else if (const auto* timer = std::get_if<StartTimer>(&command)) {
      text += "timer " + run_name(state, timer->key);
    } else if (const auto* scope = std::get_if<CancelScope>(&command)) {
      text += "drop " + state.scopes[scope->scope].path;
    } else {
      text += std::holds_alternative<CancelAll>(command) ? "cancel" : "finish";
    }
  }
  return text;
}

}  // namespace engine::test
