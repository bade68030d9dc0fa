#include "core/node/declare.h"

namespace engine::nodes {

NodeType repeat() {
  NodeType type;
  type.kind = NodeKind::repeat;
  Description& d = type.description;
  d.id = "repeat";
  d.title = "Repeat";
  d.text =
      "Runs the nodes under `do` again and again, each round with what the round before gave, "
      "until "
      "the condition holds. The output is that of the last round.";
  d.parameters = {
      Declare("until", ParameterType::any,
              "Ends the repetition when it is true; seen after each round, for its first item.")
          .required()
          .late()
          .nullable()
          .example("{{ $json.status === 'done' }}"),
      Declare("max", ParameterType::integer,
              "The most rounds. When they are used up and the condition does not hold, the node "
              "fails.")
          .otherwise(1000)
          .at_least(1)
          .unit("rounds")};
  d.examples = {
      "- id: poll\n  type: repeat\n  with: { until: \"{{ $json.status === 'done' }}\", max: 20 }\n"
      "  do:\n    - id: ask\n      type: http_request\n"
      "      with: { url: \"https://example.com/job\" }\n"};
  return type;
}

}  // namespace engine::nodes
