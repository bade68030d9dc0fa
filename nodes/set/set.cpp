#include "core/node/batch_builder.h"
#include "core/node/declare.h"
#include "core/node/each_item.h"
#include "core/node/field_changes.h"

namespace engine::nodes {
namespace {

Description describe() {
  Description d;
  d.id = "set";
  d.title = "Set fields";
  d.text =
      "Sets fields of each item, keeps all or some of the others, and removes some. Values keep "
      "their type; a field whose value is missing is not set. Binary data stays on the item.";
  d.parameters = {
      Declare("fields", ParameterType::map,
              "Values by field. A dotted name reaches inside: `customer.name`, `tags[0]`.")
          .example(Value::object({{"customer.name", "{{ $json.first }} {{ $json.last }}"}})),
      Declare("keep", ParameterType::any,
              "Which fields of the item stay: `all`, `none`, or a list of names.")
          .otherwise("all")
          .example("none")
          .example(Value::array({"id", "name"})),
      declare_texts("remove", "Fields that are taken out, after all others are set.")
          .example(Value::array({"password"}))};
  d.traits = {true, true, false};
  d.examples = {
      "- id: short\n  type: set\n"
      "  with: { keep: [id], fields: { \"owner.name\": \"{{ $json.creator.username }}\" } }\n"};
  return d;
}

Error bad_keep() {
  Error error(ErrorCause::user, "bad_parameter",
              "'keep' is neither 'all', 'none' nor a list of field names. Write one of them.");
  error.where.parameter = "keep";
  return error;
}

// The changes that make one output item. Paths are parsed again only where names differ from those
// of the item before.
class Plan {
 public:
  /// Gives what the changes start from.
  Value prepare(NodeContext& context, std::size_t index) {
    next_ = 0;
    const Value& json = context.input()[index].json;
    const Value keep = context.parameter("keep", index);
    const bool some = keep.is_array();
    if (some) {
      for (const View name : keep.elements()) keep_field(json, name.as_string());
    } else if (keep.as_string() != "all" && keep.as_string() != "none") {
      throw bad_keep();
    }
    const Value fields = context.parameter("fields", index);
    for (const auto& [name, value] : fields.members()) {
      add(name, "fields").value = fields.share(value);
    }
    const Value removed = context.parameter("remove", index);
    for (const View name : removed.elements()) add(name.as_string(), "remove").value = Value();
    names_.resize(next_);
    changes_.resize(next_);
    return !some && keep.as_string() == "all" ? json : empty_;
  }

  const std::vector<FieldChange>& changes() const { return changes_; }

 private:
  void keep_field(const Value& json, std::string_view name) {
    FieldChange& change = add(name, "keep");
    change.value = json.share(at_path(json, change.path));
    if (change.value.missing()) --next_;
  }

  FieldChange& add(std::string_view name, std::string_view parameter) {
    if (next_ == changes_.size()) {
      changes_.emplace_back();
      names_.emplace_back();
    }
    FieldChange& change = changes_[next_];
    if (names_[next_] != name || change.path.empty()) {
      change.path = path_of(name, parameter);
      names_[next_] = name;
    }
    ++next_;
    return change;
  }

  const Value empty_ = Value::object();
  std::vector<FieldChange> changes_;
  std::vector<std::string> names_;
  std::size_t next_ = 0;
};

class Set final : public Node {
 public:
  NodeResult run(NodeContext& context) const override {
    NodeResult result;
    result.outputs.resize(1);
    const Items& input = context.input();
    result.outputs[0].reserve(input.size());
    BatchBuilder batch;
    Plan plan;
    each_item(context, result, [&](std::size_t i) {
      const Value base = plan.prepare(context, i);
      Value json = plan.changes().empty() ? base : batch.make([&](ValueBuilder& builder) {
        write_changed(builder, base, plan.changes());
      });
      result.outputs[0].push_back({std::move(json), input[i].binary, Origin::of(i)});
    });
    return result;
  }
};

void check_names(const Located* list, const std::string& file, Diagnostics& diagnostics) {
  if (list == nullptr) return;
  const auto check_name = [&](const std::string& name, const Position& position) {
    if (name.find("{{") != std::string::npos || parse_path(name)) return;
    diagnostics.add(position, "bad_path",
                    "'" + name +
                        "' is not the path of a field. Write it like 'name', 'a.b' or "
                        "'tags[0].name'.");
  };
  for (const LocatedMember& member : list->members) check_name(member.key, member.position(file));
  for (const Located& element : list->elements) {
    check_name(std::string(element.scalar.as_string("-")), element.position(file));
  }
}

void check(const Located& with, const std::string& file, Diagnostics& diagnostics) {
  check_names(with.find("fields"), file, diagnostics);
  check_names(with.find("remove"), file, diagnostics);
  const Located* keep = with.find("keep");
  if (keep == nullptr) return;
  check_names(keep, file, diagnostics);
  const std::string_view word = keep->scalar.as_string();
  if (keep->kind == Kind::array || word == "all" || word == "none" ||
      word.find("{{") != std::string_view::npos)
    return;
  diagnostics.add(keep->position(file), "bad_parameter", bad_keep().message());
}

}  // namespace

NodeType set() {
  NodeType type = action(describe(), std::make_shared<Set>());
  type.check = check;
  return type;
}

}  // namespace engine::nodes
