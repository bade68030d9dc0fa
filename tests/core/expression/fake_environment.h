// An environment made from JSON texts, and short ways to evaluate one template in it.
#pragma once

#include <map>
#include <stdexcept>
#include <string>
#include <vector>

#include "core/base/error.h"
#include "core/expression/evaluator.h"
#include "core/value/json.h"

namespace engine::expression {

inline Items items_of(const std::string& json) {
  const Value list = parse_json(json);
  Items items;
  for (const View element : list.view().elements()) items.push_back({list.share(element), {}, {}});
  return items;
}

class FakeEnvironment final : public Environment {
 public:
  FakeEnvironment() = default;
  explicit FakeEnvironment(const std::string& json) : input(items_of(json)) {}

  const Items& items() const override { return input; }
  const Items* output_of(std::string_view id) const override {
    const auto found = outputs.find(std::string(id));
    return found == outputs.end() ? nullptr : &found->second;
  }
  Link linked(std::string_view id, std::size_t item) const override {
    ++link_calls;
    if (const auto found = links.find(std::string(id)); found != links.end())
      return found->second[item];
    return {static_cast<std::ptrdiff_t>(item), ""};
  }
  Value global(std::string_view name) const override {
    const auto found = globals.find(std::string(name));
    return found == globals.end() ? Value() : found->second;
  }
  TimePoint now() const override { return time; }
  std::string_view timezone() const override { return zone; }

  Items input;
  std::map<std::string, Items> outputs;
  std::map<std::string, std::vector<Link>> links;
  std::map<std::string, Value> globals;
  TimePoint time = *parse_time("2026-03-04T05:06:07.089Z");
  std::string zone = "Europe/Berlin";
  mutable std::size_t link_calls = 0;
};

inline Located text_at(const std::string& text, int line = 3, int column = 7) {
  Located located;
  located.scalar = Value(text);
  located.kind = Kind::string;
  located.quoted = true;
  located.line = line;
  located.column = column;
  return located;
}

inline Template compile(const std::string& text) {
  Diagnostics diagnostics;
  Template result = Template::compile(text_at(text), "flow.yaml", "text", diagnostics);
  if (!diagnostics.empty()) throw std::runtime_error(diagnostics.sorted()[0].message);
  return result;
}

/// The value for the first item; throws its error.
inline Value evaluate(Evaluator& evaluator, const std::string& text, const Environment& environment,
                      std::size_t item = 0) {
  const Template source = compile(text);
  const Template* const templates[] = {&source};
  return evaluator.evaluate(templates, environment, {})[0].at(item);
}

inline Error error_of(Evaluator& evaluator, const std::string& text,
                      const Environment& environment) {
  try {
    evaluate(evaluator, text, environment);
  } catch (const Error& error) {
    return error;
  }
  throw std::runtime_error("no error from " + text);
}

}  // namespace engine::expression
