// How the machine moves: what one event makes of a state. Private to core/execution; `advance` is
// the way in.
#pragma once

#include <string>
#include <vector>

#include "core/execution/advance.h"

namespace engine::execution {

ItemsPtr share(Items items);

/// The same items as output of a run that passes its input on.
Items passed_on(const Items& items, std::size_t input = 0);

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
  ScopeIndex open_scope(const workflow::Graph& graph, RunKey parent, std::size_t round,
                        std::string path);
  void begin_scope(ScopeIndex scope, const workflow::WorkflowNode* fed_by,
                   std::vector<RunInput> inputs, Items items);
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

}  // namespace engine::execution
