#include <algorithm>

#include "core/workflow/draft.h"

namespace engine::workflow {
namespace {

// NOLINTNEXTLINE(misc-no-recursion): as deep as the document
void build(std::vector<Draft>& drafts, Graph& graph, std::size_t& ordinal) {
  graph.nodes.reserve(drafts.size());
  graph.after.resize(drafts.size());
  for (Draft& draft : drafts) {
    draft.node.ordinal = ordinal++;
    if (draft.says_do) {
      draft.node.body = std::make_unique<Graph>();
      build(draft.body, *draft.node.body, ordinal);
    }
    const std::size_t index = graph.nodes.size();
    for (const Edge& edge : draft.node.edges) {
      std::vector<std::size_t>& followers = graph.after[edge.node];
      // Nodes come in order, so a second edge to the same follower is right behind the first.
      if (followers.empty() || followers.back() != index) followers.push_back(index);
    }
    if (draft.node.edges.empty() && !draft.is_trigger()) graph.first.push_back(index);
    graph.nodes.push_back(std::move(draft.node));
  }
  for (std::size_t i = 0; i < graph.nodes.size(); ++i) {
    if (graph.after[i].empty()) graph.last.push_back(i);
  }
}

// NOLINTNEXTLINE(misc-no-recursion)
void list_nodes(const Graph& graph, Workflow& workflow) {
  for (const WorkflowNode& node : graph.nodes) {
    workflow.by_ordinal.push_back(&node);
    workflow.by_id.emplace(node.id, &node);
    if (node.body) list_nodes(*node.body, workflow);
  }
}

}  // namespace

void build_graph(std::vector<Draft>& drafts, Workflow& workflow) {
  std::size_t ordinal = 0;
  build(drafts, workflow.graph, ordinal);
  list_nodes(workflow.graph, workflow);
}

}  // namespace engine::workflow
