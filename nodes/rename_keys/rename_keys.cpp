#include <Poco/Exception.h>
#include <Poco/RegularExpression.h>

#include <algorithm>
#include <memory>

#include "core/node/batch_builder.h"
#include "core/node/declare.h"
#include "core/node/each_item.h"
#include "core/node/field_changes.h"

namespace engine::nodes {
namespace {

Description describe() {
  Description d;
  d.id = "rename_keys";
  d.title = "Rename keys";
  d.text =
      "Gives fields new names. Fields that an item does not have are left alone; a field that has "
      "the new name already is replaced.";
  d.parameters = {
      Declare("keys", ParameterType::map, "New names by old ones; dotted names reach inside.")
          .of({Declare("name", ParameterType::string, "The new name.")})
          .example(Value::object({{"custom.e_mail", "email"}})),
      Declare("regex", ParameterType::list, "Renames every key that a pattern fits.")
          .list_or_one()
          .of({Declare("rule", ParameterType::object, "")
                   .of({Declare("pattern", ParameterType::string, "A regular expression (PCRE).")
                            .required(),
                        Declare("replace", ParameterType::string,
                                "What the match becomes; $1 is the first group.")
                            .otherwise(""),
                        Declare("ignore_case", ParameterType::boolean, "Without regard to case.")
                            .otherwise(false),
                        Declare("deep", ParameterType::boolean, "Also keys inside the fields.")
                            .otherwise(false)})})};
  d.traits = {true, true, false};
  d.examples = {"- id: named\n  type: rename_keys\n  with: { keys: { e_mail: email } }\n"};
  return d;
}

// Keys come from outside; matching is bounded by their length.
constexpr std::size_t kLongestKey = 256;

class Rule {
 public:
  explicit Rule(View rule) : replace_(rule["replace"].as_string()), deep_(rule["deep"].as_bool()) {
    const std::string pattern(rule["pattern"].as_string());
    int options = Poco::RegularExpression::RE_UTF8;
    if (rule["ignore_case"].as_bool()) options |= Poco::RegularExpression::RE_CASELESS;
    try {
      expression_ = std::make_unique<Poco::RegularExpression>(pattern, options);
    } catch (const Poco::Exception& exception) {
      Error error(ErrorCause::user, "bad_pattern",
                  "'" + pattern + "' is not a regular expression: " + exception.message() + ".");
      error.where.parameter = "regex";
      throw error;
    }
  }

  bool deep() const { return deep_; }

  void apply(std::string& key) const {
    if (key.size() > kLongestKey) return;
    try {
      expression_->subst(key, replace_, Poco::RegularExpression::RE_GLOBAL);
    } catch (const Poco::Exception&) {
      throw Error(ErrorCause::user, "pattern_too_slow",
                  "The pattern needs too long for the key '" + key + "'. Make it simpler.");
    }
  }

 private:
  std::unique_ptr<Poco::RegularExpression> expression_;
  std::string replace_;
  bool deep_;
};

std::vector<Rule> rules_of(const Value& regex) {
  std::vector<Rule> rules;
  for (const View rule : regex.elements()) rules.emplace_back(rule);
  return rules;
}

// NOLINTNEXTLINE(misc-no-recursion): documents are limited in depth
void write_by_rules(ValueBuilder& builder, const Value& value, const std::vector<Rule>& rules,
                    bool top) {
  if (value.is_array()) {
    builder.begin_array();
    for (const View element : value.elements())
      write_by_rules(builder, value.share(element), rules, false);
    builder.end_array();
    return;
  }
  if (!value.is_object()) {
    builder.value(value);
    return;
  }
  const bool deep = std::any_of(rules.begin(), rules.end(), [](const Rule& r) { return r.deep(); });
  builder.begin_object();
  for (const auto& [name, member] : value.members()) {
    std::string key(name);
    for (const Rule& rule : rules) {
      if (top || rule.deep()) rule.apply(key);
    }
    builder.key(key);
    if (deep) {
      write_by_rules(builder, value.share(member), rules, false);
    } else {
      builder.value(value.share(member));
    }
  }
  builder.end_object();
}

bool is_name(const PathStep& step) {
  return std::holds_alternative<std::string>(step);
}

struct Renames {
  std::vector<std::pair<std::string, std::string>> names;  // at the top level
  std::vector<FieldChange> moves;

  Renames(const Value& json, const Value& keys) {
    for (const auto& [from, to] : keys.members()) {
      const Path source = path_of(from, "keys");
      Path target = path_of(to.as_string(), "keys");
      const View value = at_path(json, source);
      if (value.missing() || from == to.as_string()) continue;
      if (source.size() == 1 && target.size() == 1 && is_name(source[0]) && is_name(target[0])) {
        names.emplace_back(std::get<std::string>(source[0]), std::get<std::string>(target[0]));
      } else {
        moves.push_back({source, Value()});
        moves.push_back({std::move(target), json.share(value)});
      }
    }
  }

  std::string_view new_name(std::string_view name) const {
    for (const auto& [from, to] : names) {
      if (from == name) return to;
    }
    return name;
  }
  bool replaces(std::string_view name) const {
    return std::any_of(names.begin(), names.end(),
                       [&](const auto& rename) { return rename.second == name; });
  }
};

// A renamed field keeps its place among the others.
void write_renamed(ValueBuilder& builder, const Value& json, const Renames& renames) {
  builder.begin_object();
  for (const auto& [name, member] : json.members()) {
    const std::string_view key = renames.new_name(name);
    if (key == name && renames.replaces(name)) continue;
    builder.key(key);
    builder.value(json.share(member));
  }
  builder.end_object();
}

void write_by_names(ValueBuilder& builder, const Value& json, const Value& keys) {
  const Renames renames(json, keys);
  if (renames.moves.empty()) {
    write_renamed(builder, json, renames);
  } else if (renames.names.empty()) {
    write_changed(builder, json, renames.moves);
  } else {
    ValueBuilder renamed;
    write_renamed(renamed, json, renames);
    write_changed(builder, renamed.finish(), renames.moves);
  }
}

class RenameKeys final : public Node {
 public:
  NodeResult run(NodeContext& context) const override {
    NodeResult result;
    result.outputs.resize(1);
    const std::vector<Rule> rules = rules_of(context.parameter("regex"));
    const Items& input = context.input();
    BatchBuilder batch;
    each_item(context, result, [&](std::size_t i) {
      Value json = input[i].json;
      const Value keys = context.parameter("keys", i);
      if (keys.size() > 0)
        json = batch.make([&](ValueBuilder& builder) { write_by_names(builder, json, keys); });
      if (!rules.empty()) {
        json =
            batch.make([&](ValueBuilder& builder) { write_by_rules(builder, json, rules, true); });
      }
      result.outputs[0].push_back({std::move(json), input[i].binary, Origin::of(i)});
    });
    return result;
  }
};

void check(const Located& with, const std::string& file, Diagnostics& diagnostics) {
  if (with.find("keys") == nullptr && with.find("regex") == nullptr) {
    diagnostics.add(with.position(file), "missing_parameter",
                    "Neither 'keys' nor 'regex' is given. Add one of them under 'with'.");
  }
}

}  // namespace

NodeType rename_keys() {
  NodeType type = action(describe(), std::make_shared<RenameKeys>());
  type.check = check;
  return type;
}

}  // namespace engine::nodes
