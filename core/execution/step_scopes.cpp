// The nodes of a workflow or of one round of a loop: opened together, closed when all are settled.
#include <utility>

#include "core/execution/step.h"

namespace engine::execution {

using workflow::Edge;
using workflow::Graph;
using workflow::WorkflowNode;

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

}  // namespace engine::execution
