#include "core/node/declare.h"
#include "core/node/each_item.h"
#include "core/node/field_changes.h"

namespace engine::nodes {
namespace {

Description describe() {
  Description d;
  d.id = "aggregate";
  d.title = "Aggregate";
  d.text =
      "Makes one item of all: a list of the values of a field, a list for each of several fields, "
      "or a list of the whole items.";
  d.parameters = {
      declare_texts("field",
                    "The field (or fields) whose values are gathered; whole items when "
                    "not given.")
          .example("email"),
      declare_texts("into",
                    "The field that receives the list, one for each of `field`. Else the list is "
                    "named like its field, and `items` for whole items.")
          .example("emails"),
      Declare("keep_missing", ParameterType::boolean,
              "Items without the field add null, instead of nothing.")
          .otherwise(false),
      Declare("merge_lists", ParameterType::boolean,
              "A value that is a list adds its elements, instead of itself.")
          .otherwise(false)};
  d.traits = {true, true, false};
  d.examples = {"- id: emails\n  type: aggregate\n  with: { field: email, into: emails }\n"};
  return d;
}

struct Column {
  Path from;
  Path into;
};

class Aggregate final : public Node {
 public:
  NodeResult run(NodeContext& context) const override {
    const Items& input = context.input();
    const bool keep_missing = context.parameter("keep_missing").as_bool();
    const bool merge = context.parameter("merge_lists").as_bool();
    std::vector<FieldChange> changes;
    for (const Column& column : columns(context))
      changes.push_back({column.into, gathered(input, column.from, keep_missing, merge)});
    ValueBuilder builder;
    write_changed(builder, Value::object(), changes);
    std::vector<Origin::Source> sources(input.size());
    for (std::size_t i = 0; i < input.size(); ++i) sources[i].item = static_cast<std::uint32_t>(i);
    NodeResult result;
    result.outputs.push_back({{builder.finish(), {}, Origin::of(std::move(sources))}});
    return result;
  }

 private:
  static std::vector<Column> columns(NodeContext& context) {
    const Value field = context.parameter("field");
    const Value into = context.parameter("into");
    const auto target = [&](std::size_t index, std::string_view otherwise) {
      return path_of(into[index].as_string(otherwise), "into");
    };
    if (field.size() == 0) return {{{}, target(0, "items")}};
    std::vector<Column> result;
    for (std::size_t i = 0; i < field.size(); ++i) {
      const std::string_view name = field.view()[i].as_string();
      Column column{path_of(name, "field"), {}};
      const auto* last = std::get_if<std::string>(&column.from.back());
      column.into = into[i].is_string() || last == nullptr ? target(i, name) : Path{*last};
      result.push_back(std::move(column));
    }
    return result;
  }

  static Value gathered(const Items& input, const Path& from, bool keep_missing, bool merge) {
    ValueBuilder builder;
    builder.begin_array();
    for (const Item& item : input) {
      const View value = at_path(item.json, from);
      if (!value.given()) {
        if (keep_missing) builder.null();
      } else if (merge && value.is_array()) {
        for (const View element : value.elements()) builder.value(item.json.share(element));
      } else {
        builder.value(item.json.share(value));
      }
    }
    builder.end_array();
    return builder.finish();
  }
};

}  // namespace

NodeType aggregate() {
  return action(describe(), std::make_shared<Aggregate>());
}

}  // namespace engine::nodes
