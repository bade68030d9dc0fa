// Short forms for node types written in C++: a parameter is one chain of words.
//
//   Declare("max", ParameterType::integer, "How many items are kept.").at_least(0).otherwise(1)
#pragma once

#include <memory>
#include <string>
#include <utility>
#include <vector>

#include "core/node/node.h"

namespace engine {

class Declare {
 public:
  Declare(std::string name, ParameterType type, std::string text) {
    parameter_.name = std::move(name);
    parameter_.type = type;
    parameter_.text = std::move(text);
  }

  Declare& title(std::string text) { return parameter_.title = std::move(text), *this; }
  Declare& required() { return parameter_.required = true, *this; }
  Declare& otherwise(Value value) { return parameter_.default_value = std::move(value), *this; }
  Declare& one_of(std::vector<Choice> choices) {
    return parameter_.choices = std::move(choices), *this;
  }
  Declare& at_least(double least) { return parameter_.min = least, *this; }
  Declare& at_most(double most) { return parameter_.max = most, *this; }
  Declare& unit(std::string text) { return parameter_.unit = std::move(text), *this; }
  /// Only when `parameter` has one of the values. Several calls: all must hold.
  Declare& only_for(std::string parameter, std::vector<Value> values) {
    return parameter_.show_when.push_back({std::move(parameter), std::move(values)}), *this;
  }
  Declare& of(std::vector<Parameter> children) {
    return parameter_.children = std::move(children), *this;
  }
  Declare& late() { return parameter_.late = true, *this; }
  Declare& literal() { return parameter_.literal = true, *this; }
  /// A literal text that is a script; "javascript" is checked when a file is loaded.
  Declare& language(std::string name) { return parameter_.language = std::move(name), *this; }
  Declare& nullable() { return parameter_.nullable = true, *this; }
  Declare& list_or_one() { return parameter_.list_or_one = true, *this; }
  Declare& secret() { return parameter_.secret = true, *this; }
  Declare& example(Value value) { return parameter_.examples.push_back(std::move(value)), *this; }

  // NOLINTNEXTLINE(google-explicit-constructor): lists of parameters are written with it
  operator Parameter() const { return parameter_; }

 private:
  Parameter parameter_;
};

/// A list of texts, or a single one.
inline Declare declare_texts(std::string name, std::string text) {
  return Declare(std::move(name), ParameterType::list, std::move(text))
      .list_or_one()
      .of({Declare("element", ParameterType::string, "")});
}

inline NodeType action(Description description, std::shared_ptr<const Node> node) {
  NodeType type;
  type.description = std::move(description);
  type.node = std::move(node);
  return type;
}

/// Reports a parameter that is not given, for those whose value may turn out to be missing at run
/// time (`condition`) and that are therefore not `required`.
inline void check_given(const Located& with, const std::string& file, const std::string& name,
                        Diagnostics& diagnostics) {
  if (with.find(name) != nullptr) return;
  diagnostics.add(with.position(file), "missing_parameter",
                  "'" + name + "' is missing. Add it under 'with'.");
}

}  // namespace engine
