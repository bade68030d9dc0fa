#include "core/node/declare.h"
#include "core/node/each_item.h"

namespace engine::nodes {
namespace {

Description describe() {
  Description d;
  d.id = "filter";
  d.title = "Filter";
  d.text = "Keeps the items for which the condition holds and drops the rest.";
  d.parameters = {
      Declare(
          "condition", ParameterType::any,
          "Evaluated for each item; false are `false`, `0`, `\"\"`, `null` and a missing value.")
          .nullable()
          .example("{{ $json.status === 'open' }}")};
  d.traits = {true, true, false};
  d.examples = {
      "- id: open\n  type: filter\n  with: { condition: \"{{ $json.status === 'open' }}\" }\n"};
  return d;
}

class Filter final : public Node {
 public:
  NodeResult run(NodeContext& context) const override {
    NodeResult result;
    result.outputs.resize(1);
    const Items& input = context.input();
    each_item(context, result, [&](std::size_t i) {
      if (!context.parameter("condition", i).truthy()) return;
      result.outputs[0].push_back(passed_on(input[i], i));
    });
    return result;
  }
};

}  // namespace

NodeType filter() {
  NodeType type = action(describe(), std::make_shared<Filter>());
  type.check = [](const Located& with, const std::string& file, Diagnostics& diagnostics) {
    check_given(with, file, "condition", diagnostics);
  };
  return type;
}

}  // namespace engine::nodes
