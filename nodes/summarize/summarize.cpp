#include <unordered_map>

#include "core/node/declare.h"
#include "core/node/each_item.h"
#include "core/node/field_changes.h"
#include "core/node/value_order.h"
#include "nodes/summarize/accumulator.h"

namespace engine::nodes {
namespace {

Description describe() {
  Description d;
  d.id = "summarize";
  d.title = "Summarize";
  d.text =
      "Computes figures over all items, or over groups of items with equal fields, like a pivot "
      "table. Null and missing values do not count. Gives one item per group.";
  d.parameters = {
      Declare("values", ParameterType::list, "The figures.")
          .required()
          .list_or_one()
          .at_least(1)
          .of({Declare("value", ParameterType::object, "")
                   .of({Declare("field", ParameterType::string,
                                "Path of the field; only `count` does without."),
                        Declare("operation", ParameterType::choice, "What is computed.")
                            .required()
                            .one_of({{"count", "How many items have a value."},
                                     {"count_unique", "How many different values there are."},
                                     {"sum", "The sum; exact for whole numbers."},
                                     {"average", "The mean."},
                                     {"min", "The smallest value, also of texts and dates."},
                                     {"max", "The largest value."},
                                     {"concatenate", "All values as one text."},
                                     {"append", "All values as a list."}}),
                        Declare("into", ParameterType::string,
                                "Name of the result; `sum_amount` when not given."),
                        Declare("separator", ParameterType::string,
                                "Between the values of `concatenate`.")
                            .otherwise(", ")})}),
      declare_texts("group_by", "Fields whose equal values make a group.").example("customer.id")};
  d.traits = {true, true, false};
  d.examples = {
      "- id: per_customer\n  type: summarize\n"
      "  with: { group_by: customer, values: [{ field: amount, operation: sum }] }\n"};
  return d;
}

struct Measure {
  Figure figure = Figure::count;
  std::optional<Path> field;
  Path into;
  std::string separator;
};

std::string last_name(const Path& path) {
  const auto* name = std::get_if<std::string>(&path.back());
  return name == nullptr ? "value" : *name;
}

std::vector<Measure> measures_of(const Value& values) {
  std::vector<Measure> measures;
  for (const View value : values.elements()) {
    Measure measure;
    const std::string_view operation = value["operation"].as_string();
    measure.figure = parse_figure(operation).value_or(Figure::count);
    std::string name(operation);
    if (const View field = value["field"]; field.given()) {
      measure.field = path_of(field.as_string(), "values");
      name += "_" + last_name(*measure.field);
    } else if (measure.figure != Figure::count) {
      Error error(ErrorCause::user, "bad_parameter",
                  "'" + std::string(operation) + "' needs a field. Add 'field' to it.");
      error.where.parameter = "values";
      throw error;
    }
    const View into = value["into"];
    measure.into = into.given() ? path_of(into.as_string(), "values") : Path{name};
    measure.separator = value["separator"].as_string();
    measures.push_back(std::move(measure));
  }
  return measures;
}

struct Group {
  std::vector<FieldChange> fields;
  std::vector<Accumulator> figures;
  std::vector<Origin::Source> sources;
};

class Groups {
 public:
  Groups(std::vector<Measure> measures, std::vector<Path> by)
      : measures_(std::move(measures)), by_(std::move(by)) {
    if (by_.empty()) find(Item());
  }

  void add(const Item& item, std::size_t index) {
    Group& group = find(item);
    for (std::size_t i = 0; i < measures_.size(); ++i) {
      if (measures_[i].field) {
        group.figures[i].add(item.json.share(at_path(item.json, *measures_[i].field)));
      } else {
        group.figures[i].add_item();
      }
    }
    group.sources.push_back({0, static_cast<std::uint32_t>(index)});
  }

  Items items() {
    Items items;
    items.reserve(groups_.size());
    ValueBuilder builder;
    for (Group& group : groups_) {
      std::vector<FieldChange> changes = std::move(group.fields);
      for (std::size_t i = 0; i < measures_.size(); ++i) {
        group.figures[i].write(builder);
        changes.push_back({measures_[i].into, builder.finish()});
      }
      write_changed(builder, Value::object(), changes);
      items.push_back({builder.finish(), {}, Origin::of(std::move(group.sources))});
    }
    return items;
  }

 private:
  Group& find(const Item& item) {
    key_.clear();
    for (const Path& path : by_) {
      const View value = at_path(item.json, path);
      append_canonical(value.missing() ? View(Value(nullptr)) : value, key_);
      key_ += ';';
    }
    const auto [place, fresh] = places_.emplace(key_, groups_.size());
    if (fresh) {
      Group& group = groups_.emplace_back();
      for (const Path& path : by_) {
        const View value = at_path(item.json, path);
        group.fields.push_back({path, value.missing() ? Value(nullptr) : item.json.share(value)});
      }
      for (const Measure& m : measures_) group.figures.emplace_back(m.figure, m.separator);
    }
    return groups_[place->second];
  }

  std::vector<Measure> measures_;
  std::vector<Path> by_;
  std::string key_;
  std::unordered_map<std::string, std::size_t> places_;
  std::vector<Group> groups_;
};

class Summarize final : public Node {
 public:
  NodeResult run(NodeContext& context) const override {
    std::vector<Path> by;
    const Value group_by = context.parameter("group_by");
    for (const View name : group_by.elements()) by.push_back(path_of(name.as_string(), "group_by"));
    Groups groups(measures_of(context.parameter("values")), std::move(by));
    NodeResult result;
    const Items& input = context.input();
    each_item(context, result, [&](std::size_t i) { groups.add(input[i], i); });
    result.outputs.push_back(groups.items());
    return result;
  }
};

}  // namespace

NodeType summarize() {
  return action(describe(), std::make_shared<Summarize>());
}

}  // namespace engine::nodes
