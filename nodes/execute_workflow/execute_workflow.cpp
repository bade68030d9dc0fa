#include <iterator>

#include "core/node/declare.h"
#include "core/node/each_item.h"

namespace engine::nodes {
namespace {

Description describe() {
  Description d;
  d.id = "execute_workflow";
  d.title = "Execute workflow";
  d.text =
      "Runs another workflow and gives the items of its last nodes. Without `wait` it is only "
      "started, and the items are passed on.";
  d.parameters = {
      Declare("workflow", ParameterType::string,
              "A file, seen from this one, or the name of a workflow.")
          .required()
          .example("send_report.yaml"),
      Declare(
          "inputs", ParameterType::map,
          "The item that the other workflow starts with; the items of this node when not given.")
          .example(Value::object({{"customer", "{{ $json.id }}"}})),
      Declare("wait", ParameterType::boolean, "Wait for its result.").otherwise(true),
      Declare("mode", ParameterType::choice, "How often it runs.")
          .one_of({{"all", "Once, with all items."}, {"each", "Once for each item."}})
          .otherwise("all")};
  d.examples = {
      "- id: report\n  type: execute_workflow\n"
      "  with: { workflow: send_report.yaml, inputs: { customer: \"{{ $json.id }}\" }, mode: each "
      "}\n"};
  return d;
}

class ExecuteWorkflow final : public Node {
 public:
  NodeResult run(NodeContext& context) const override {
    return context.parameter("mode").as_string() == "each" ? Each().run(context)
                                                           : run_once(context);
  }

 private:
  // What the called workflow gives comes from its own items; where the counts match, each is taken
  // to be made from the item with the same place.
  static void link(Items& made, std::size_t count) {
    for (std::size_t i = 0; i < made.size(); ++i) {
      made[i].origin =
          made.size() == count || count == 1 ? Origin::of(count == 1 ? 0 : i) : Origin();
    }
  }

  static Items given(NodeContext& context, std::size_t item) {
    const Value inputs = context.parameter("inputs", item);
    return inputs.given() ? Items{{inputs, {}, Origin()}} : Items();
  }

  static NodeResult run_once(NodeContext& context) {
    const Items& input = context.input();
    const Items own = given(context, 0);
    const bool wait = context.parameter("wait").as_bool(true);
    const std::string workflow(context.parameter("workflow").as_string());
    Items made = context.call_workflow(workflow, own.empty() ? input : own, wait, 0);
    if (!wait) made = input;
    link(made, input.size());
    NodeResult result;
    result.outputs.push_back(std::move(made));
    return result;
  }

  class Each final : public ItemNode {
   protected:
    Items run_item(NodeContext& context, std::size_t index) const override {
      const Item& item = context.input()[index];
      Items own = given(context, index);
      if (own.empty()) own.push_back(item);
      const bool wait = context.parameter("wait", index).as_bool(true);
      const std::string workflow(context.parameter("workflow", index).as_string());
      Items made = context.call_workflow(workflow, own, wait, index);
      if (!wait) made = {item};
      for (Item& one : made) one.origin = Origin::of(index);
      return made;
    }
  };
};

}  // namespace

NodeType execute_workflow() {
  return action(describe(), std::make_shared<ExecuteWorkflow>());
}

}  // namespace engine::nodes
