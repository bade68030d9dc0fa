#include "core/workflow/start.h"

#include <algorithm>

#include "core/base/nearest.h"

namespace engine::workflow {

std::string choose_trigger(const Workflow& workflow, const std::string& wanted) {
  std::vector<std::string> triggers;
  std::string manual;
  for (const WorkflowNode& node : workflow.graph.nodes) {
    if (node.type->kind != NodeKind::trigger) continue;
    triggers.push_back(node.id);
    if (node.type->description.id == "manual" && manual.empty()) manual = node.id;
  }
  if (wanted.empty()) return !manual.empty() || triggers.empty() ? manual : triggers.front();
  if (std::find(triggers.begin(), triggers.end(), wanted) != triggers.end()) return wanted;
  throw Error(ErrorCause::user, "unknown_trigger",
              "The workflow has no trigger '" + wanted + "'" +
                  (triggers.empty() ? "." : "; it has " + list_names(triggers) + "."));
}

std::optional<Items> items_of(const Located& source, const Located*& wrong) {
  Items items;
  const bool list = source.kind == Kind::array;
  const std::size_t count = list ? source.elements.size() : 1;
  for (std::size_t i = 0; i < count; ++i) {
    const Located& item = list ? source.elements[i] : source;
    if (item.kind != Kind::object) {
      wrong = &item;
      return std::nullopt;
    }
    const Value value = to_value(item);
    const bool whole =
        value["json"].is_object() && value.size() == (value["binary"].missing() ? 1U : 2U);
    items.push_back(whole ? Item{value["json"], value["binary"], {}} : Item{value, {}, {}});
  }
  return items;
}

}  // namespace engine::workflow
