#include "core/execution/state.h"

namespace engine::execution {

std::string run_name(const State& state, RunKey key) {
  const std::string& path = state.scopes[key.scope].path;
  return (path.empty() ? "" : path + "/") + state.node(key).id;
}

std::optional<RunKey> find_run(const State& state, std::string_view name) {
  const std::size_t slash = name.rfind('/');
  const std::string_view path = slash == std::string_view::npos ? "" : name.substr(0, slash);
  const std::string_view id = slash == std::string_view::npos ? name : name.substr(slash + 1);
  // Rounds begin in order, so the wanted scope is mostly among the newest.
  for (std::size_t scope = state.scopes.size(); scope-- > 0;) {
    if (state.scopes[scope].path != path) continue;
    const auto& nodes = state.scopes[scope].graph->nodes;
    for (std::size_t node = 0; node < nodes.size(); ++node) {
      if (nodes[node].id == id) return RunKey{static_cast<ScopeIndex>(scope), node};
    }
  }
  return std::nullopt;
}

std::optional<RunKey> find_resumable(const State& state) {
  for (ScopeIndex scope = 0; scope < state.scopes.size(); ++scope) {
    const auto& nodes = state.scopes[scope].nodes;
    for (std::size_t node = 0; node < nodes.size(); ++node) {
      if (nodes[node].phase == Phase::waiting && nodes[node].resumable) return RunKey{scope, node};
    }
  }
  return std::nullopt;
}

std::optional<RunIndex> visible_run(const State& state, ScopeIndex scope, std::string_view node) {
  while (true) {
    const Scope& here = state.scopes[scope];
    // A trigger that has a run of its own stands for itself, not for what it was fed with.
    for (std::size_t i = 0; i < here.graph->nodes.size(); ++i) {
      if (here.graph->nodes[i].id == node) return here.nodes[i].run;
    }
    const workflow::WorkflowNode* feed = state.runs[here.feed].node;
    if (feed != nullptr && feed->id == node) return here.feed;
    if (scope == 0) return std::nullopt;
    scope = here.parent.scope;
  }
}

RunInput join_segments(const State& state, const std::vector<Segment>& segments) {
  RunInput input;
  std::size_t total = 0;
  for (const Segment& segment : segments) {
    const auto& outputs = state.runs[segment.run].outputs;
    if (segment.output >= outputs.size() || !outputs[segment.output] ||
        outputs[segment.output]->empty()) {
      continue;
    }
    input.segments.push_back(segment);
    input.items = outputs[segment.output];
    total += input.items->size();
  }
  if (input.segments.size() > 1) {
    Items items;
    items.reserve(total);
    for (const Segment& segment : input.segments) {
      const Items& part = *state.runs[segment.run].outputs[segment.output];
      items.insert(items.end(), part.begin(), part.end());
    }
    input.items = std::make_shared<const Items>(std::move(items));
  }
  if (!input.items) input.items = std::make_shared<const Items>();
  return input;
}

Items result_items(const State& state) {
  Items items;
  const std::vector<std::size_t> last =
      state.until ? std::vector{*state.until} : state.scopes[0].graph->last;
  for (const std::size_t node : last) {
    const auto& run = state.scopes[0].nodes[node].run;
    if (!run) continue;
    for (const ItemsPtr& output : state.runs[*run].outputs) {
      if (output) items.insert(items.end(), output->begin(), output->end());
    }
  }
  return items;
}

}  // namespace engine::execution
