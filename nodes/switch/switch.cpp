#include <algorithm>

#include "core/node/declare.h"
#include "core/node/each_item.h"
#include "core/value/json.h"

namespace engine::nodes {
namespace {

Description describe() {
  Description d;
  d.id = "switch";
  d.title = "Switch";
  d.text =
      "Sends each item to the output of the rule that holds, or of the case that its value names. "
      "The rules, cases and `fallback` name the outputs. Items that fit nowhere are dropped when "
      "there is no `fallback`.";
  d.outputs.clear();
  d.dynamic_outputs = true;
  d.parameters = {
      Declare("rules", ParameterType::list, "Conditions, tried in their order.")
          .of({Declare("rule", ParameterType::object, "")
                   .of({Declare("output", ParameterType::string, "Name of the output.").required(),
                        Declare("condition", ParameterType::any, "Evaluated for each item.")
                            .nullable()})}),
      Declare("mode", ParameterType::choice, "What happens when several rules hold.")
          .one_of({{"first", "The first one counts."}, {"all", "The item goes to all of them."}})
          .otherwise("first"),
      Declare("value", ParameterType::any, "Instead of rules: what is looked up in `cases`.")
          .nullable()
          .example("{{ $json.status }}"),
      Declare("cases", ParameterType::map, "Outputs by value, compared as text.")
          .of({Declare("output", ParameterType::string, "Name of the output.")})
          .example(Value::object({{"open", "todo"}, {"closed", "done"}})),
      Declare("fallback", ParameterType::string, "The output of items that fit nowhere.")
          .example("rest")};
  d.traits = {true, true, false};
  d.examples = {
      "- id: size\n  type: switch\n  with:\n    rules:\n"
      "      - { output: large, condition: \"{{ $json.amount > 1000 }}\" }\n"
      "      - { output: small, condition: \"{{ $json.amount <= 1000 }}\" }\n"
      "    fallback: unknown\n"};
  return d;
}

// The outputs that the parameters name, in the order written.
class Outputs {
 public:
  explicit Outputs(View with) : Outputs(with["rules"], with["cases"], with["fallback"]) {}
  Outputs(View rules, View cases, View fallback) {
    for (const View rule : rules.elements()) add(rule["output"].as_string());
    for (const auto& [value, output] : cases.members()) add(output.as_string());
    add(fallback.as_string());
  }

  const std::vector<std::string>& names() const { return names_; }
  std::size_t of(std::string_view name) const {
    const auto found = std::find(names_.begin(), names_.end(), name);
    return static_cast<std::size_t>(found - names_.begin());
  }

 private:
  void add(std::string_view name) {
    if (!name.empty() && of(name) == names_.size()) names_.emplace_back(name);
  }

  std::vector<std::string> names_;
};

std::vector<OutputDescription> outputs_of(const Located& with) {
  std::vector<OutputDescription> result;
  const Outputs outputs(to_value(with));
  for (const std::string& name : outputs.names()) result.push_back({name, ""});
  return result;
}

class Switch final : public Node {
 public:
  NodeResult run(NodeContext& context) const override {
    const Value fallback = context.parameter("fallback");
    const Outputs outputs(context.parameter("rules"), context.parameter("cases"), fallback);
    const bool all = context.parameter("mode").as_string() == "all";
    NodeResult result;
    result.outputs.resize(outputs.names().size());
    const Items& input = context.input();
    std::vector<std::size_t> targets;
    each_item(context, result, [&](std::size_t i) {
      targets.clear();
      by_rules(context, i, outputs, all, targets);
      if (targets.empty()) by_case(context, i, outputs, targets);
      if (targets.empty() && fallback.given()) targets.push_back(outputs.of(fallback.as_string()));
      for (const std::size_t target : targets) {
        if (target < result.outputs.size())
          result.outputs[target].push_back(passed_on(input[i], i));
      }
    });
    return result;
  }

 private:
  static void by_rules(NodeContext& context, std::size_t item, const Outputs& outputs, bool all,
                       std::vector<std::size_t>& targets) {
    const Value rules = context.parameter("rules", item);
    for (const View rule : rules.elements()) {
      if (!rule["condition"].truthy()) continue;
      const std::size_t target = outputs.of(rule["output"].as_string());
      // Two rules with the same output mean "one or the other": the item goes there once.
      if (std::find(targets.begin(), targets.end(), target) == targets.end())
        targets.push_back(target);
      if (!all) return;
    }
  }

  static void by_case(NodeContext& context, std::size_t item, const Outputs& outputs,
                      std::vector<std::size_t>& targets) {
    const Value cases = context.parameter("cases", item);
    if (!cases.is_object()) return;
    const View output = cases.view()[std::string_view(to_text(context.parameter("value", item)))];
    if (output.given()) targets.push_back(outputs.of(output.as_string()));
  }
};

void check_output(const Located* name, const std::string& file, Diagnostics& diagnostics) {
  if (name == nullptr || name->kind != Kind::string) return;
  const std::string text(name->scalar.as_string());
  if (!text.empty() && text.find_first_of(" .{}") == std::string::npos) return;
  diagnostics.add(name->position(file), "bad_output",
                  "'" + text +
                      "' is not a name of an output. Use letters, digits and '_'; it "
                      "cannot be an expression.");
}

void check(const Located& with, const std::string& file, Diagnostics& diagnostics) {
  const Located* rules = with.find("rules");
  const Located* cases = with.find("cases");
  if (rules == nullptr && cases == nullptr) {
    diagnostics.add(with.position(file), "missing_parameter",
                    "Neither 'rules' nor 'cases' is given. Add one of them under 'with'.");
  }
  if (cases != nullptr) check_given(with, file, "value", diagnostics);
  if (rules != nullptr) {
    for (const Located& rule : rules->elements) {
      check_output(rule.find("output"), file, diagnostics);
      if (rule.kind == Kind::object) check_given(rule, file, "condition", diagnostics);
    }
  }
  if (cases != nullptr) {
    for (const LocatedMember& entry : cases->members) check_output(&entry.value, file, diagnostics);
  }
  check_output(with.find("fallback"), file, diagnostics);
}

}  // namespace

NodeType switch_() {
  NodeType type = action(describe(), std::make_shared<Switch>());
  type.outputs_of = outputs_of;
  type.check = check;
  return type;
}

}  // namespace engine::nodes
