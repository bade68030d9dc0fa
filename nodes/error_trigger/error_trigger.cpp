#include "core/node/declare.h"

namespace engine::nodes {

NodeType error_trigger() {
  NodeType type;
  type.kind = NodeKind::trigger;
  Description& d = type.description;
  d.id = "error_trigger";
  d.title = "Error trigger";
  d.text =
      "Starts the workflow when an execution of another one fails that names this one as its "
      "`error_workflow`. Gives one item with the failed workflow, the execution, and its error.";
  d.inputs.clear();
  d.traits = {true, true, false};
  d.examples = {"- id: failed\n  type: error_trigger\n"};
  return type;
}

}  // namespace engine::nodes
