#include "core/node/declare.h"

namespace engine::nodes {

NodeType loop() {
  NodeType type;
  type.kind = NodeKind::loop;
  Description& d = type.description;
  d.id = "loop";
  d.title = "Loop";
  d.text =
      "Runs the nodes under `do` once for each batch of items. What the last of them give is "
      "gathered, in order, as the output of the loop.";
  d.parameters = {
      Declare("batch_size", ParameterType::integer, "How many items go into one round.")
          .otherwise(1)
          .at_least(1)
          .unit("items"),
      Declare("parallel", ParameterType::integer, "How many rounds run at the same time.")
          .otherwise(1)
          .at_least(1)
          .at_most(256)};
  d.examples = {
      "- id: batches\n  type: loop\n  with: { batch_size: 50, parallel: 4 }\n  do:\n"
      "    - id: send\n      type: http_request\n"
      "      with: { method: POST, url: \"https://example.com/items\", json: \"{{ $json }}\" }\n"};
  return type;
}

}  // namespace engine::nodes
