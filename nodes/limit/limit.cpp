#include <algorithm>

#include "core/node/declare.h"
#include "core/node/each_item.h"

namespace engine::nodes {
namespace {

Description describe() {
  Description d;
  d.id = "limit";
  d.title = "Limit";
  d.text = "Keeps at most so many items, from the beginning or the end.";
  d.parameters = {Declare("max", ParameterType::integer, "How many items are kept.")
                      .otherwise(1)
                      .at_least(0)
                      .unit("items"),
                  Declare("from", ParameterType::choice, "Which end they are taken from.")
                      .one_of({{"first", "The first items."}, {"last", "The last items."}})
                      .otherwise("first")};
  d.traits = {true, true, false};
  d.examples = {"- id: newest\n  type: limit\n  with: { max: 10, from: last }\n"};
  return d;
}

class Limit final : public Node {
 public:
  NodeResult run(NodeContext& context) const override {
    const Items& input = context.input();
    const auto most = static_cast<std::size_t>(
        std::max<std::int64_t>(context.parameter("max").as_integer().value_or(1), 0));
    const std::size_t count = std::min(most, input.size());
    const bool last = context.parameter("from").as_string() == "last";
    const std::size_t begin = last ? input.size() - count : 0;
    NodeResult result;
    result.outputs.resize(1);
    result.outputs[0].reserve(count);
    for (std::size_t i = begin; i < begin + count; ++i)
      result.outputs[0].push_back(passed_on(input[i], i));
    return result;
  }
};

}  // namespace

NodeType limit() {
  return action(describe(), std::make_shared<Limit>());
}

}  // namespace engine::nodes
