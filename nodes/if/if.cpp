#include "core/node/declare.h"
#include "core/node/each_item.h"

namespace engine::nodes {
namespace {

Description describe() {
  Description d;
  d.id = "if";
  d.title = "If";
  d.text =
      "Sends each item to `true` or to `false`. As in JavaScript, `false`, `0`, `\"\"`, `null` and "
      "a missing value are false; everything else is true, also the text \"false\".";
  d.outputs = {{"true", "Items for which the condition holds."},
               {"false", "Items for which it does not."}};
  d.parameters = {Declare("condition", ParameterType::any, "Evaluated for each item.")
                      .nullable()
                      .example("{{ $json.amount > 100 }}")};
  d.traits = {true, true, false};
  d.examples = {"- id: large\n  type: if\n  with: { condition: \"{{ $json.amount > 100 }}\" }\n"};
  return d;
}

class If final : public Node {
 public:
  NodeResult run(NodeContext& context) const override {
    NodeResult result;
    result.outputs.resize(2);
    const Items& input = context.input();
    each_item(context, result, [&](std::size_t i) {
      const bool holds = context.parameter("condition", i).truthy();
      result.outputs[holds ? 0 : 1].push_back(passed_on(input[i], i));
    });
    return result;
  }
};

}  // namespace

NodeType if_() {
  NodeType type = action(describe(), std::make_shared<If>());
  type.check = [](const Located& with, const std::string& file, Diagnostics& diagnostics) {
    check_given(with, file, "condition", diagnostics);
  };
  return type;
}

}  // namespace engine::nodes
