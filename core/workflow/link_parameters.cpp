#include "core/workflow/draft.h"
#include "core/workflow/keys.h"
#include "core/workflow/yaml_scan.h"

namespace engine::workflow {
namespace {

// A node key that was written below `with` instead of beside it.
std::string beside_with(std::string_view key, const std::vector<Parameter>& keys) {
  if (find_parameter(keys, key) == nullptr) return "";
  return " It is a key of the node: write it beside 'with', not below.";
}

void link(Checks& checks, const std::vector<Parameter>& keys, Draft& draft) {
  const NodeType& type = *draft.node.type;
  const std::vector<Parameter>& described = type.description.parameters;
  if (draft.with_unreadable) return;
  check_parameters(described, &draft.with, draft.with.position(checks.file), checks.file,
                   "the node type '" + draft.type + "'", checks.diagnostics,
                   [&](std::string_view key) { return beside_with(key, keys); });
  draft.node.parameters.reserve(described.size());
  for (const Parameter& parameter : described) {
    NodeParameter& linked = draft.node.parameters.emplace_back();
    linked.description = &parameter;
    const Located* given = draft.with.find(parameter.name);
    if (given == nullptr) continue;
    linked.value = parameter.literal ? expression::Template::constant(to_value(*given))
                                     : expression::Template::compile(
                                           *given, checks.file, parameter.name, checks.diagnostics);
  }
  if (type.check) type.check(draft.with, checks.file, checks.diagnostics);
}

// Where the text of a value begins: that of a block in the line below its '|'.
Position text_start(const Located& value, const std::string& file, const std::string& text) {
  Position position = value.position(file);
  const std::string_view line = line_of(text, value.line);
  const auto column = static_cast<std::size_t>(value.column - 1);
  const char first = column < line.size() ? line[column] : ' ';
  if (first == '|' || first == '>') {
    const std::string_view next = line_of(text, ++position.line);
    const std::size_t indent = next.find_first_not_of(' ');
    position.column = indent == std::string_view::npos ? 1 : static_cast<int>(indent) + 1;
  } else if (first == '"' || first == '\'') {
    ++position.column;
  }
  return position;
}

}  // namespace

void link_parameters(Checks& checks) {
  const std::vector<Parameter> keys = node_keys();
  for (Level& level : checks.levels) {
    for (Draft& draft : *level.drafts) {
      if (draft.node.type != nullptr) link(checks, keys, draft);
    }
  }
}

bool has_script(const Checks& checks) {
  for (const Level& level : checks.levels) {
    for (const Draft& draft : *level.drafts) {
      for (const NodeParameter& parameter : draft.node.parameters) {
        if (parameter.value.given() && parameter.description->language == "javascript") return true;
      }
    }
  }
  return false;
}

void check_scripts(Checks& checks, const std::string& text, const Settings& settings,
                   expression::Evaluator& evaluator) {
  std::vector<const expression::Template*> templates;
  const auto add = [&](const expression::Template& source) {
    if (source.needs_javascript()) templates.push_back(&source);
  };
  add(settings.concurrency_key);
  for (Level& level : checks.levels) {
    for (Draft& draft : *level.drafts) {
      add(draft.node.retry.on);
      for (const NodeParameter& parameter : draft.node.parameters) {
        add(parameter.value);
        if (!parameter.value.given() || parameter.description->language != "javascript") continue;
        const Located* script = draft.with.find(parameter.description->name);
        if (script == nullptr || script->kind != Kind::string) continue;
        evaluator.check_script(text_of(script), text_start(*script, checks.file, text),
                               checks.diagnostics);
      }
    }
  }
  // JavaScriptCore is slow to load, so it is left alone where nothing needs it.
  if (!templates.empty()) evaluator.check(templates, checks.diagnostics);
}

}  // namespace engine::workflow
