// The state of an execution: what its events add up to. Plain data, no behaviour but look-ups.
#pragma once

#include <cstdint>
#include <map>
#include <memory>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "core/base/error.h"
#include "core/base/time.h"
#include "core/value/item.h"
#include "core/workflow/workflow.h"

namespace engine::execution {

using ItemsPtr = std::shared_ptr<const Items>;
using RunIndex = std::uint32_t;
using ScopeIndex = std::uint32_t;

/// Names a node run: a node in a scope. Scope 0 is the workflow itself, every round of a loop has
/// one.
struct RunKey {
  ScopeIndex scope = 0;
  std::size_t node = 0;  ///< index into the scope's graph
  // NOLINTNEXTLINE(modernize-use-nullptr): it takes the 0 that <=> compares with for a pointer
  auto operator<=>(const RunKey&) const = default;
};

/// Items of one output of a finished run, flowing into an input.
struct Segment {
  RunIndex run = 0;
  std::size_t output = 0;
};

/// One input of a run: what flows in, and from where.
struct RunInput {
  std::vector<Segment> segments;
  ItemsPtr items;
};

/// A finished run. Also the feed of a scope: what the trigger gave, or a loop's batch.
struct NodeRun {
  const workflow::WorkflowNode* node =
      nullptr;  ///< null for the feed of a workflow without a trigger
  ScopeIndex scope = 0;
  std::vector<RunInput> inputs;   ///< origins of the outputs' items refer to these
  std::vector<ItemsPtr> outputs;  ///< one per output of the node
};

enum class Phase {
  pending,   ///< waits for the nodes before it
  queued,    ///< ready, held back by order: sequential
  running,   ///< given to the executor
  retrying,  ///< failed, will be run again at `due`
  waiting,   ///< done, but its outputs count from `due` on
  looping,   ///< a loop with rounds in flight
  done,
  failed,
  skipped,
};

/// Items of earlier attempts; a retry goes on with the rest.
struct Partial {
  std::vector<Items> outputs;
  std::vector<std::uint32_t> rest;  ///< items of input 0 still to do
};

/// Rounds of a loop.
struct LoopProgress {
  std::size_t batch_size = 1;
  std::size_t parallel = 1;
  std::size_t max_rounds = 0;  ///< of `repeat`
  std::size_t rounds = 0;      ///< known in advance for `loop`
  std::size_t started = 0;
  std::size_t finished = 0;
  std::vector<std::vector<Segment>> results;  ///< by round: what its last nodes gave
  std::vector<Items> failed;  ///< by round: items of a failed batch, with their error
  bool checking = false;      ///< the condition of a `repeat` is being evaluated
};

struct NodeState {
  Phase phase = Phase::pending;
  std::size_t unsettled = 0;  ///< edges whose source is not settled
  int attempt = 0;            ///< of the run in flight, from 1
  std::optional<RunIndex> run;
  std::vector<RunInput> inputs;
  std::optional<Partial> partial;
  std::optional<TimePoint> due;
  std::vector<Items> held;  ///< outputs of a waiting node
  bool resumable = false;   ///< it goes on when the resume URL is called
  std::unique_ptr<LoopProgress> loop;
};

struct Scope {
  const workflow::Graph* graph = nullptr;
  RunKey parent;          ///< the loop; unused for scope 0
  std::size_t round = 0;  ///< from 0
  std::string path;       ///< "", "each[3]", "each[3]/page[0]"
  RunIndex feed = 0;
  std::vector<NodeState> nodes;
  std::size_t open = 0;  ///< nodes that are not settled
  bool failed = false;
};

enum class Outcome { unfinished, success, failed, cancelled };

struct State {
  std::vector<Scope> scopes;
  std::vector<NodeRun> runs;
  std::size_t running = 0;    ///< node runs, rounds' conditions and timers in flight;
  std::size_t timers = 0;     ///< of these, nodes that wait or will be retried
  std::vector<RunKey> queue;  ///< ready runs, with order: sequential
  std::size_t resumes = 0;    ///< waits that were ended by a resume URL
  bool stopping = false;      ///< nothing new is started
  Outcome outcome = Outcome::unfinished;
  Outcome stopped_as = Outcome::failed;
  std::optional<Error> error;  ///< the first that stopped it
  bool use_pins = true;
  std::optional<std::size_t> until;        ///< node of scope 0 after which to stop (`--until`), and
  std::vector<bool> wanted;                ///< what leads to it
  std::map<std::string, Items> overrides;  ///< edited inputs of a replay, by node id
  std::map<std::string, std::vector<Items>> pins;  ///< outputs of nodes that are not run, by id

  const workflow::WorkflowNode& node(RunKey key) const {
    return scopes[key.scope].graph->nodes[key.node];
  }
  NodeState& at(RunKey key) { return scopes[key.scope].nodes[key.node]; }
  const NodeState& at(RunKey key) const { return scopes[key.scope].nodes[key.node]; }
};

/// "fetch" or "each[3]/fetch": the name of a run in events, stable between processes.
std::string run_name(const State& state, RunKey key);

/// Nothing when the scope has not begun or there is no such node.
std::optional<RunKey> find_run(const State& state, std::string_view name);

/// The node that waits for the resume URL; the first when there are several.
std::optional<RunKey> find_resumable(const State& state);

/// The newest finished run of a node that a run in `scope` can see: in its own scope or one around
/// it.
std::optional<RunIndex> visible_run(const State& state, ScopeIndex scope, std::string_view node);

/// What flows along these segments, joined; empty ones are left out. `items` is never null.
RunInput join_segments(const State& state, const std::vector<Segment>& segments);

/// The items that the execution ends with: those of the last nodes, in the order written.
Items result_items(const State& state);

}  // namespace engine::execution
