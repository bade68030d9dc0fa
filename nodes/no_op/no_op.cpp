#include "core/node/declare.h"
#include "core/node/each_item.h"

namespace engine::nodes {
namespace {

class NoOp final : public Node {
 public:
  NodeResult run(NodeContext& context) const override {
    NodeResult result;
    result.outputs.resize(1);
    const Items& input = context.input();
    result.outputs[0].reserve(input.size());
    for (std::size_t i = 0; i < input.size(); ++i)
      result.outputs[0].push_back(passed_on(input[i], i));
    return result;
  }
};

}  // namespace

NodeType no_op() {
  Description d;
  d.id = "no_op";
  d.title = "No operation";
  d.text = "Passes items on unchanged. Useful as the end of a branch, or as a place to join.";
  d.traits = {true, true, false};
  d.examples = {"- id: rest\n  after: is_bug.false\n  type: no_op\n"};
  return action(std::move(d), std::make_shared<NoOp>());
}

}  // namespace engine::nodes
