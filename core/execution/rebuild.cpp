#include "core/execution/rebuild.h"

#include "core/base/nearest.h"
#include "core/execution/advance.h"
#include "core/execution/history.h"

namespace engine::execution {
namespace {

// The run that an event is about; null for those about the whole execution.
const RunKey* key_of(const Event& event) {
  return std::visit(
      [](const auto& concrete) -> const RunKey* {
        if constexpr (requires { concrete.key; }) {
          return &concrete.key;
        } else {
          return nullptr;
        }
      },
      event);
}

// The node of the top level that holds a run.
std::size_t top_node(const State& state, RunKey key) {
  while (key.scope != 0) key = state.scopes[key.scope].parent;
  return key.node;
}

std::vector<bool> downstream(const workflow::Graph& graph, std::size_t from) {
  std::vector<bool> reached(graph.nodes.size(), false);
  std::vector<std::size_t> open{from};
  while (!open.empty()) {
    const std::size_t node = open.back();
    open.pop_back();
    if (reached[node]) continue;
    reached[node] = true;
    open.insert(open.end(), graph.after[node].begin(), graph.after[node].end());
  }
  return reached;
}

// Whether a loop around a run takes its failure (on_error: continue or output).
bool caught(const State& state, RunKey key) {
  while (key.scope != 0) {
    key = state.scopes[key.scope].parent;
    if (state.node(key).on_error != workflow::OnError::stop) return true;
  }
  return false;
}

}  // namespace

Rebuilt rebuild(const workflow::Workflow& workflow, store::Store& store,
                const store::Execution& record,
                const std::function<bool(const State&, Event&)>& keep,
                const std::function<void(const State&, const Event&)>& each) {
  Rebuilt rebuilt;
  store.read_events(record.id, [&](store::Event&& row) {
    rebuilt.sequence = row.sequence;
    // An event may belong to a round that was dropped with its loop; then it has no place here.
    Event event = StopRequested{Outcome::failed, Error(ErrorCause::bug, "", "")};
    try {
      event = decode_event(rebuilt.state, row.kind, row.data,
                           [&](const std::function<void(std::string &&)>& piece) {
                             store.read_pieces(record.id, row.sequence, piece);
                           });
    } catch (const Error&) {
      if (keep) return;
      throw;
    }
    if (keep && !keep(rebuilt.state, event)) return;
    const RunKey* key = key_of(event);
    if (key != nullptr && !applies(rebuilt.state, event)) return;
    if (each) each(rebuilt.state, event);
    advance(workflow, rebuilt.state, std::move(event));
  });
  return rebuilt;
}

std::optional<Started> read_start(store::Store& store, const std::string& execution) {
  std::optional<Started> started;
  store.read_events(execution, [&](store::Event&& row) {
    if (row.sequence != 1) return;
    Event event =
        decode_event({}, row.kind, row.data, [&](const std::function<void(std::string &&)>& piece) {
          store.read_pieces(execution, row.sequence, piece);
        });
    if (auto* start = std::get_if<Started>(&event)) started = std::move(*start);
  });
  return started;
}

bool keep_for_retry(const State& state, Event& event) {
  if (std::holds_alternative<StopRequested>(event)) return false;
  auto* failed = std::get_if<RunFailed>(&event);
  if (failed == nullptr || failed->retry_at) return true;
  if (failed->error.cause() != ErrorCause::cancelled && caught(state, failed->key)) return true;
  if (!failed->partial) return false;
  // What it had done stays done; the rest is due at once.
  failed->retry_at = failed->started;
  return state.at(failed->key).attempt == failed->attempt;
}

std::function<bool(const State&, Event&)> keep_for_replay(const workflow::Workflow& workflow,
                                                          const std::string& from,
                                                          std::optional<Items> edited) {
  const auto& nodes = workflow.graph.nodes;
  std::size_t start = nodes.size();
  std::vector<std::string> ids;
  for (std::size_t i = 0; i < nodes.size(); ++i) {
    ids.push_back(nodes[i].id);
    if (nodes[i].id == from) start = i;
  }
  if (start == nodes.size()) {
    const bool inside = workflow.find(from) != nullptr;
    throw Error(ErrorCause::user, "unknown_node",
                inside ? "Node '" + from + "' is inside a loop; replay from the loop itself."
                       : "The workflow has no node '" + from + "'." + did_you_mean(from, ids));
  }
  return [dropped = downstream(workflow.graph, start), from, edited = std::move(edited)](
             const State& state, Event& event) {
    if (auto* started = std::get_if<Started>(&event)) {
      if (edited) started->overrides.insert_or_assign(from, *edited);
      started->until.clear();
      return true;
    }
    if (!keep_for_retry(state, event)) return false;
    const RunKey* key = key_of(event);
    return key == nullptr || !dropped[top_node(state, *key)];
  };
}

}  // namespace engine::execution
