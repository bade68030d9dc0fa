#include "core/node/declare.h"
#include "core/node/each_item.h"
#include "core/node/field_changes.h"
#include "core/node/value_order.h"
#include "nodes/remove_duplicates/history.h"

namespace engine::nodes {
namespace {

Description describe() {
  Description d;
  d.id = "remove_duplicates";
  d.title = "Remove duplicates";
  d.text =
      "Keeps the first of several equal items. With `across_executions` it also drops items that "
      "an "
      "earlier execution has seen, so that each is handled once.";
  d.parameters = {
      declare_texts("fields", "The fields that are compared; all when not given.").example("id"),
      declare_texts("except", "Fields that do not count.").example("updated_at"),
      Declare("across_executions", ParameterType::boolean,
              "Remembers what was seen from one execution to the next.")
          .otherwise(false),
      Declare("history", ParameterType::integer,
              "How many items are remembered; the oldest are forgotten first.")
          .otherwise(10'000)
          .at_least(1)
          .at_most(1'000'000)
          .unit("items")
          .only_for("across_executions", {true})};
  d.traits = {false, true, false};
  d.examples = {
      "- id: fresh\n  type: remove_duplicates\n  with: { fields: id, across_executions: true }\n"};
  return d;
}

constexpr const char* kMemory = "seen";

std::vector<Path> paths_of(const Value& names, std::string_view parameter) {
  std::vector<Path> paths;
  for (const View name : names.elements()) paths.push_back(path_of(name.as_string(), parameter));
  return paths;
}

// The text that two items share exactly when they count as equal.
class Identity {
 public:
  Identity(std::vector<Path> fields, const std::vector<Path>& except) : fields_(std::move(fields)) {
    for (const Path& path : except) removed_.push_back({path, Value()});
  }

  Digest of(const Value& json) {
    text_.clear();
    Value counted = json;
    if (!removed_.empty()) {
      ValueBuilder builder;
      write_changed(builder, json, removed_);
      counted = builder.finish();
    }
    if (fields_.empty()) append_canonical(counted, text_);
    for (const Path& path : fields_) {
      append_canonical(at_path(counted, path), text_);
      text_ += ';';
    }
    return digest_of(text_);
  }

 private:
  std::vector<Path> fields_;
  std::vector<FieldChange> removed_;
  std::string text_;
};

class RemoveDuplicates final : public Node {
 public:
  NodeResult run(NodeContext& context) const override {
    const bool remember = context.parameter("across_executions").as_bool();
    const Value stored = remember ? context.stored(kMemory) : Value();
    History history(stored);
    Identity identity(paths_of(context.parameter("fields"), "fields"),
                      paths_of(context.parameter("except"), "except"));
    NodeResult result;
    result.outputs.resize(1);
    const Items& input = context.input();
    each_item(context, result, [&](std::size_t i) {
      if (history.add(identity.of(input[i].json)))
        result.outputs[0].push_back(passed_on(input[i], i));
    });
    if (remember && !context.dry_run()) {
      const auto most = context.parameter("history").as_integer().value_or(10'000);
      context.store(kMemory, history.to_value(static_cast<std::size_t>(most)));
    }
    return result;
  }
};

}  // namespace

NodeType remove_duplicates() {
  return action(describe(), std::make_shared<RemoveDuplicates>());
}

}  // namespace engine::nodes
