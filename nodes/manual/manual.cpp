#include "core/node/declare.h"

namespace engine::nodes {

NodeType manual() {
  NodeType type;
  type.kind = NodeKind::trigger;
  Description& d = type.description;
  d.id = "manual";
  d.title = "Manual";
  d.text =
      "Starts the workflow when somebody runs it: on the command line, through the API or from "
      "another workflow. Gives the items of `--input`, or one empty item.";
  d.inputs.clear();
  d.traits = {true, true, false};
  d.examples = {"- id: start\n  type: manual\n"};
  return type;
}

}  // namespace engine::nodes
