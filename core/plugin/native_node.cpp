#include "core/node/each_item.h"
#include "core/node/pretended.h"
#include "core/plugin/native_types.h"
#include "core/plugin/run_call.h"

namespace engine::plugin {
namespace {

class NativeNode final : public Node {
 public:
  NativeNode(NativeMember member, std::shared_ptr<const Description> description)
      : member_(std::move(member)), description_(std::move(description)) {}

  NodeResult run(NodeContext& context) const override {
    // What foreign code does past the engine cannot be shown without doing it.
    if (context.dry_run() && description_->traits.writes) return preview(context);
    RunCall call(context, *description_, "The node type '" + description_->id + "'");
    member_.invoke(NativeFunction::run, call);
    context.cancellation().check();
    return call.take_result();
  }

 private:
  NodeResult preview(NodeContext& context) const {
    NodeResult result;
    result.outputs.resize(1);
    each_item(context, result, [&](std::size_t i) {
      ValueBuilder builder;
      builder.begin_object();
      for (const Parameter& parameter : description_->parameters) {
        if (parameter.secret || parameter.late) continue;
        builder.key(parameter.name);
        builder.value(context.parameter(parameter.name, i));
      }
      builder.end_object();
      const Value parameters = builder.finish();
      context.would(description_->id, parameters);
      Item item =
          pretended(parameters, {},
                    Value::object({{"node_type", description_->id}, {"parameters", parameters}}));
      item.origin = Origin::of(i);
      result.outputs[0].push_back(std::move(item));
    });
    return result;
  }

  NativeMember member_;
  std::shared_ptr<const Description> description_;
};

}  // namespace

NodeType native_node_type(const NativeMember& member, Description description) {
  NodeType result;
  const NativeType& type = member.type();
  const bool trigger = type.kind != NativeKind::action;
  const auto shared = std::make_shared<const Description>(description);
  result.description = std::move(description);
  result.kind = trigger ? NodeKind::trigger : NodeKind::action;
  if (type.runs) result.node = std::make_shared<NativeNode>(member, shared);
  if (trigger) {
    result.trigger = [behaviour = native_trigger(member, shared)](const TriggerContext&) {
      return behaviour;
    };
  }
  return result;
}

}  // namespace engine::plugin
