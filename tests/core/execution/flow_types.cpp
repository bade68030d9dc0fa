#include "tests/core/execution/flow_types.h"

#include <doctest/doctest.h>

#include "core/node/declare.h"

namespace engine::test {
namespace {

class Scripted final : public Node {
 public:
  explicit Scripted(Behaviour behaviour) : behaviour_(std::move(behaviour)) {}
  NodeResult run(NodeContext& context) const override { return behaviour_(context); }

 private:
  Behaviour behaviour_;
};

class ScriptedItems final : public ItemNode {
 public:
  explicit ScriptedItems(ItemBehaviour behaviour) : behaviour_(std::move(behaviour)) {}

 protected:
  Items run_item(NodeContext& context, std::size_t item) const override {
    return behaviour_(context, item);
  }

 private:
  ItemBehaviour behaviour_;
};

NodeType type_of(const std::string& id, std::shared_ptr<const Node> node) {
  NodeType type;
  type.description.id = id;
  type.description.parameters = {Declare("value", ParameterType::any, "Anything.").nullable()};
  type.node = std::move(node);
  return type;
}

NodeResult pass(NodeContext& context) {
  Items items = context.input();
  for (std::size_t i = 0; i < items.size(); ++i) items[i].origin = Origin::of(i);
  return {{std::move(items)}, {}, {}, {}};
}

// By the parameter `value`, item by item.
NodeResult branch(NodeContext& context) {
  std::vector<Items> outputs(2);
  for (std::size_t i = 0; i < context.input().size(); ++i) {
    Item item = context.input()[i];
    item.origin = Origin::of(i);
    outputs[context.parameter("value", i).truthy() ? 0 : 1].push_back(std::move(item));
  }
  return {std::move(outputs), {}, {}, {}};
}

NodeResult join(NodeContext& context) {
  Items all;
  for (std::size_t input = 0; input < context.input_count(); ++input) {
    for (std::size_t i = 0; i < context.input(input).size(); ++i) {
      all.push_back(context.input(input)[i]);
      all.back().origin = Origin::of(i, input);
    }
  }
  return {{std::move(all)}, {}, {}, {}};
}

NodeType loop_type(const std::string& id, NodeKind kind, std::vector<Parameter> parameters) {
  NodeType type = type_of(id, nullptr);
  type.kind = kind;
  type.description.parameters = std::move(parameters);
  return type;
}

}  // namespace

void add_behaviour(Registry& registry, const std::string& id, Behaviour behaviour) {
  registry.add(type_of(id, std::make_shared<Scripted>(std::move(behaviour))));
}

void add_item_behaviour(Registry& registry, const std::string& id, ItemBehaviour behaviour) {
  registry.add(type_of(id, std::make_shared<ScriptedItems>(std::move(behaviour))));
}

void add_flow_types(Registry& registry) {
  add_behaviour(registry, "step", pass);
  NodeType condition = type_of("if", std::make_shared<Scripted>(branch));
  condition.description.outputs = {{"true", ""}, {"false", ""}};
  registry.add(std::move(condition));
  NodeType both = type_of("join", std::make_shared<Scripted>(join));
  both.description.inputs = {{"left", ""}, {"right", ""}};
  registry.add(std::move(both));
  registry.add(loop_type("manual", NodeKind::trigger, {}));
  registry.add(loop_type("loop", NodeKind::loop,
                         {Declare("batch_size", ParameterType::integer, "").otherwise(1),
                          Declare("parallel", ParameterType::integer, "").otherwise(1)}));
  registry.add(loop_type("repeat", NodeKind::repeat,
                         {Declare("until", ParameterType::any, "").required().late().nullable(),
                          Declare("max", ParameterType::integer, "").otherwise(1000)}));
}

std::string workflow_text(const std::string& nodes, const std::string& settings,
                          const std::string& name) {
  std::string text = "name: " + name + "\n";
  if (!settings.empty()) text += "settings: { " + settings + " }\n";
  return text + "nodes:" + nodes;
}

std::shared_ptr<const workflow::Workflow> compile_flow(const Registry& registry,
                                                       const std::string& text) {
  workflow::CheckContext context;
  context.registry = &registry;
  Diagnostics diagnostics;
  auto compiled = workflow::compile_workflow(text, "t.yaml", context, diagnostics);
  for (const Diagnostic& fault : diagnostics.sorted()) FAIL_CHECK(to_string(fault));
  REQUIRE(compiled);
  return compiled;
}

}  // namespace engine::test
