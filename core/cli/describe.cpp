#include "core/cli/describe.h"

#include <algorithm>

#include "core/cli/report.h"
#include "core/value/json.h"

namespace engine::cli {
namespace {

constexpr std::size_t kWidth = 80;

// The text in lines of at most kWidth columns, each behind `indent` spaces. Empty for no text.
std::string wrapped(const std::string& text, std::size_t indent) {
  std::string result;
  std::string line;
  const auto finish = [&] {
    if (!line.empty()) result += std::string(indent, ' ') + line + "\n";
    line.clear();
  };
  for (std::size_t begin = 0; begin < text.size();) {
    const std::size_t end = std::min(text.find_first_of(" \n", begin), text.size());
    const std::string word = text.substr(begin, end - begin);
    if (!line.empty() && indent + text_width(line) + 1 + text_width(word) > kWidth) finish();
    if (!word.empty()) line += (line.empty() ? "" : " ") + word;
    if (end < text.size() && text[end] == '\n') finish();
    begin = end + 1;
  }
  finish();
  return result;
}

std::string conditions(const Parameter& parameter) {
  std::string text;
  for (const ShowWhen& condition : parameter.show_when) {
    text += text.empty() ? "when " : " and ";
    text += condition.parameter + " is ";
    for (std::size_t i = 0; i < condition.values.size(); ++i) {
      text += (i > 0 ? " or " : "") + to_text(condition.values[i]);
    }
  }
  return text;
}

// "required; default 5; in items; when mode is all"
std::string notes(const Parameter& parameter) {
  std::string text = parameter.required ? "required" : "";
  const auto add = [&](const std::string& note) {
    if (!note.empty()) text += (text.empty() ? "" : "; ") + note;
  };
  if (!parameter.default_value.missing()) add("default " + print_json(parameter.default_value));
  if (!parameter.unit.empty()) add("in " + parameter.unit);
  if (parameter.secret) add("secret");
  if (parameter.literal) add("no expressions");
  add(conditions(parameter));
  return text;
}

// What a list or map holds is told by its own line; named members have lines of their own.
bool has_members(const Parameter& parameter) {
  return parameter.type == ParameterType::object && !parameter.children.empty();
}

// The parameters that stand one level below: those of an object, or of a list's or map's elements.
const std::vector<Parameter>* members_of(const Parameter& parameter) {
  if (has_members(parameter)) return &parameter.children;
  const bool holds = parameter.type == ParameterType::list || parameter.type == ParameterType::map;
  if (holds && !parameter.children.empty() && has_members(parameter.children[0])) {
    return &parameter.children[0].children;
  }
  return nullptr;
}

std::string kind(const Parameter& parameter) {
  if (has_members(parameter)) return "a map of";
  if (members_of(parameter) != nullptr) {
    return parameter.type == ParameterType::list ? "a list, each a map of"
                                                 : "a map by name, each a map of";
  }
  return expectation(parameter);
}

// NOLINTNEXTLINE(misc-no-recursion): as deep as the description
void write_text(const std::vector<Parameter>& parameters, std::size_t indent, std::string& out) {
  for (const Parameter& parameter : parameters) {
    const std::string extra = notes(parameter);
    out += wrapped(parameter.name + (extra.empty() ? "" : "  (" + extra + ")"), indent);
    if (!parameter.text.empty()) out += wrapped(parameter.text, indent + 4);
    const std::vector<Parameter>* members = members_of(parameter);
    out += wrapped("Takes " + kind(parameter) + (members == nullptr ? "." : ":"), indent + 4);
    for (const Choice& choice : parameter.choices) {
      if (!choice.text.empty()) out += wrapped(choice.value + ": " + choice.text, indent + 6);
    }
    if (members != nullptr) write_text(*members, indent + 6, out);
  }
}

std::string cell(std::string text) {
  for (std::size_t at = 0; (at = text.find_first_of("|\n", at)) != std::string::npos; at += 2) {
    text.replace(at, 1, text[at] == '|' ? "\\|" : "  ");
  }
  return text;
}

// NOLINTNEXTLINE(misc-no-recursion)
void write_rows(const std::vector<Parameter>& parameters, const std::string& prefix,
                std::string& out) {
  for (const Parameter& parameter : parameters) {
    const std::string name = prefix + parameter.name;
    const std::vector<Parameter>* members = members_of(parameter);
    std::string text = parameter.text;
    for (const Choice& choice : parameter.choices) {
      if (!choice.text.empty()) text += " `" + choice.value + "`: " + choice.text;
    }
    out += "| `" + name + "` | " +
           cell(members == nullptr ? kind(parameter) : kind(parameter) + " the following") + " | " +
           cell(notes(parameter)) + " | " + cell(text) + " |\n";
    if (members == nullptr) continue;
    write_rows(*members, name + (parameter.type == ParameterType::list ? "[]." : "."), out);
  }
}

template <typename Port>
std::string ports(const std::vector<Port>& list) {
  std::string text;
  for (const Port& port : list) {
    text += (text.empty() ? "" : ", ") + port.name;
    if (!port.text.empty()) text += " (" + port.text + ")";
  }
  return text.empty() ? "none" : text;
}

std::string credential(const CredentialSlot& slot) {
  std::string text = slot.name.empty() ? "" : slot.name + ": ";
  for (std::size_t i = 0; i < slot.types.size(); ++i) text += (i > 0 ? " or " : "") + slot.types[i];
  if (slot.types.empty()) text += "any type";
  return text + (slot.required ? "" : ", optional");
}

// The lines between the paragraph and the parameters: name and value each.
std::vector<std::pair<std::string, std::string>> facts(const NodeType& type) {
  const Description& d = type.description;
  std::vector<std::pair<std::string, std::string>> result;
  if (type.kind == NodeKind::trigger) {
    result.emplace_back("Kind", "trigger, starts executions");
  } else {
    result.emplace_back("Inputs", ports(d.inputs) + (d.open_inputs ? ", and more by name" : ""));
  }
  result.emplace_back("Outputs", d.dynamic_outputs ? "named by its parameters" : ports(d.outputs));
  for (const CredentialSlot& slot : d.credentials) {
    result.emplace_back("Credential", credential(slot));
  }
  if (d.traits.writes) result.emplace_back("Changes", "something outside; --dry-run shows it only");
  return result;
}

std::string heading(const Description& d) {
  return d.title.empty() ? d.id : d.id + "  " + d.title;
}

std::string example_value(const Parameter& parameter) {
  if (!parameter.examples.empty()) return print_json(parameter.examples.front());
  if (!parameter.default_value.missing()) return print_json(parameter.default_value);
  switch (parameter.type) {
    case ParameterType::integer:
    case ParameterType::number: return parameter.min ? print_json(Value(*parameter.min)) : "1";
    case ParameterType::boolean: return "true";
    case ParameterType::choice:
      return parameter.choices.empty() ? "\"\"" : print_json(Value(parameter.choices[0].value));
    case ParameterType::duration: return "\"5m\"";
    case ParameterType::time: return "\"2026-01-31T09:00:00Z\"";
    case ParameterType::object:
    case ParameterType::map: return "{}";
    case ParameterType::list: return "[]";
    default: return "\"{{ $json." + parameter.name + " }}\"";
  }
}

}  // namespace

std::string node_example(const NodeType& type) {
  const Description& d = type.description;
  if (!d.examples.empty()) return d.examples.front();
  const std::size_t dot = d.id.rfind('.');
  std::string text =
      "- id: " + d.id.substr(dot == std::string::npos ? 0 : dot + 1) + "\n  type: " + d.id + "\n";
  if (d.credentials.size() == 1 && d.credentials[0].required) text += "  credential: NAME\n";
  std::string with;
  for (const Parameter& parameter : d.parameters) {
    if (!parameter.required || !parameter.show_when.empty()) continue;
    with += "    " + parameter.name + ": " + example_value(parameter) + "\n";
  }
  return with.empty() ? text : text + "  with:\n" + with;
}

std::string node_as_text(const NodeType& type) {
  const Description& d = type.description;
  std::string out = heading(d) + "\n\n" + wrapped(d.text, 0);
  if (!d.text.empty()) out += "\n";
  for (const auto& [name, value] : facts(type)) {
    out.append(name).append(":").append(12 - name.size(), ' ').append(value).append("\n");
  }
  out += "Version:     " + std::to_string(d.version) + "\n";
  if (d.parameters.empty()) {
    out += "\nIt has no parameters.\n";
  } else {
    out += "\nParameters (below 'with')\n\n";
    write_text(d.parameters, 2, out);
  }
  out += "\nExample\n\n";
  const std::string example = node_example(type);
  for (std::size_t begin = 0; begin < example.size();) {
    const std::size_t end = std::min(example.find('\n', begin), example.size());
    out += "  " + example.substr(begin, end - begin) + "\n";
    begin = end + 1;
  }
  return out;
}

std::string node_as_markdown(const NodeType& type) {
  const Description& d = type.description;
  std::string out = "## " + d.id + "\n\n";
  if (!d.title.empty()) out += "**" + d.title + ".** ";
  out += d.text + "\n\n";
  for (const auto& [name, value] : facts(type)) {
    out.append("* ").append(name).append(": ").append(value).append("\n");
  }
  out += "* Version: " + std::to_string(d.version) + "\n";
  if (!d.parameters.empty()) {
    out += "\n| parameter | takes | | |\n| --- | --- | --- | --- |\n";
    write_rows(d.parameters, "", out);
  }
  std::string example = node_example(type);
  if (!example.empty() && example.back() != '\n') example += '\n';
  return out + "\n```yaml\n" + example + "```\n";
}

}  // namespace engine::cli
