#include "core/workflow/draft.h"
#include "core/workflow/keys.h"

namespace engine::workflow {
namespace {

// Keys of a node that people write at the top level, when the list of nodes was forgotten.
std::string top_level_hint(std::string_view key) {
  if (key == "id" || key == "type" || key == "with" || key == "after") {
    return " It belongs to a node: write the nodes as a list under 'nodes:', each beginning with "
           "'- id:'.";
  }
  if (key == "timeout" || key == "timezone" || key == "env" || key == "concurrency") {
    return " It belongs under 'settings'.";
  }
  if (key == "tests") return " Tests are kept in a file of their own, flow.test.yaml.";
  return "";
}

}  // namespace

void read_workflow(const Located& root, Checks& checks, Workflow& workflow,
                   std::vector<Draft>& drafts) {
  if (root.kind != Kind::object) {
    checks.fault(root.position(checks.file), "bad_workflow",
                 "A workflow is a map. Expected 'name: …' and 'nodes:' with a list of nodes.");
    return;
  }
  check_parameters(workflow_keys(), &root, root.position(checks.file), checks.file, "the workflow",
                   checks.diagnostics, top_level_hint);
  workflow.name = text_of(root.find("name"));
  workflow.description = text_of(root.find("description"));
  if (const Located* name = root.find("name");
      name != nullptr && name->kind == Kind::string && workflow.name.empty()) {
    checks.fault(name->position(checks.file), "bad_parameter",
                 "The workflow needs a name, for example name: Triage new bugs.");
  }
  if (const Located* settings = root.find("settings"))
    read_settings(*settings, checks, workflow.settings);
  if (const Located* inputs = root.find("inputs")) read_inputs(*inputs, checks, workflow.inputs);
  if (const Located* nodes = root.find("nodes")) read_nodes(*nodes, checks, drafts);
}

}  // namespace engine::workflow
