#include "core/node/declare.h"
#include "core/node/each_item.h"
#include "core/node/field_changes.h"
#include "nodes/sort/sort_keys.h"

namespace engine::nodes {
namespace {

Description describe() {
  Description d;
  d.id = "sort";
  d.title = "Sort";
  d.text =
      "Sorts items by one or more fields. Numbers sort as numbers, texts by their characters; "
      "booleans come before numbers, numbers before texts. Equal items keep their order, and items "
      "without a value come last.";
  d.parameters = {
      Declare("by", ParameterType::list, "What to sort by; further fields decide between equals.")
          .required()
          .list_or_one()
          .at_least(1)
          .of({Declare("key", ParameterType::object, "")
                   .of({Declare("field", ParameterType::string, "Path of a field.").required(),
                        Declare("order", ParameterType::choice, "The direction.")
                            .one_of({{"asc", "Smallest first."}, {"desc", "Largest first."}})
                            .otherwise("asc"),
                        Declare("natural", ParameterType::boolean,
                                "Texts without regard to case, and numbers inside them by value: "
                                "`a2` before `A10`.")
                            .otherwise(false)})})};
  d.traits = {true, true, false};
  d.examples = {
      "- id: newest\n  type: sort\n"
      "  with: { by: [{ field: created, order: desc }, { field: name }] }\n"};
  return d;
}

class Sort final : public Node {
 public:
  NodeResult run(NodeContext& context) const override {
    const Value by = context.parameter("by");
    std::vector<SortField> fields;
    for (const View key : by.elements()) {
      fields.push_back({path_of(key["field"].as_string(), "by"), key["order"].as_string() == "desc",
                        key["natural"].as_bool()});
    }
    const Items& input = context.input();
    NodeResult result;
    result.outputs.resize(1);
    result.outputs[0].reserve(input.size());
    for (const std::uint32_t i : sorted_order(input, fields))
      result.outputs[0].push_back(passed_on(input[i], i));
    return result;
  }
};

}  // namespace

NodeType sort() {
  return action(describe(), std::make_shared<Sort>());
}

}  // namespace engine::nodes
