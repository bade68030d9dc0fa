// Parameter descriptions: declared once, and read by validation, defaults, documentation, the JSON
// Schema for editors, and the plugin boundary.
#pragma once

#include <functional>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "core/base/diagnostic.h"
#include "core/value/located.h"
#include "core/value/value.h"

namespace engine {

enum class ParameterType {
  any,  ///< whatever is given
  string,
  integer,  ///< 64 bits; the text "42" is accepted at run time, where expressions make texts
  number,
  boolean,
  choice,    ///< one of `choices`
  duration,  ///< "5m"; reads as a string, parse_duration understands it
  time,      ///< ISO 8601, or a date, or milliseconds: what the node makes of it is in its text
  object,    ///< named members: `children`; any members when there are none
  map,       ///< free names; each value is described by children[0] when there is one
  list,      ///< each element is described by children[0] when there is one
};

std::string_view to_string(ParameterType type);
/// Nothing for an unknown name.
std::optional<ParameterType> parse_parameter_type(std::string_view name);

struct Choice {
  std::string value;
  std::string text;
};

struct Parameter;

/// Shown (and allowed) only when another parameter of the same level has one of these values.
struct ShowWhen {
  std::string parameter;
  std::vector<Value> values;
};

struct Parameter {
  std::string name;
  ParameterType type = ParameterType::string;
  std::string title;  ///< empty: made from the name
  std::string text;   ///< a sentence for people
  bool required = false;
  Value default_value;  ///< missing: none, and "not given" stays different from null
  std::vector<Choice> choices;
  std::optional<double> min;  ///< of a number; length of a string or list
  std::optional<double> max;
  std::string unit;
  bool secret = false;
  std::vector<ShowWhen> show_when;  ///< all must hold
  std::vector<Parameter> children;
  bool late = false;         ///< expressions in it are evaluated by the node, not before it runs
  bool literal = false;      ///< taken as written: `{{` is plain text (a script, a cron line)
  std::string language;      ///< of a literal text: "javascript" is checked when a file is loaded
  bool nullable = false;     ///< null is a value ("clear it"), not a mistake
  bool list_or_one = false;  ///< for lists: a single element may stand alone
  std::vector<Value> examples;
};

/// A sentence of help for an unknown key (" It belongs under 'with'."), or "".
using KeyHint = std::function<std::string(std::string_view key)>;

/// Checks what a file gives under `with` (null: nothing) against the description. A string that
/// holds `{{` fits everywhere but in a `literal` parameter; its value is checked by `normalise` at
/// run time. All faults are collected: unknown keys, missing and ill-typed values, at the place of
/// the value or, for what is missing, at `owner`. `what` names the owner: "node type 'set'".
void check_parameters(const std::vector<Parameter>& parameters, const Located* given,
                      const Position& owner, const std::string& file, const std::string& what,
                      Diagnostics& diagnostics, const KeyHint& hint = {});

/// The value of one parameter after its expressions are evaluated: converted where nothing is lost
/// ("42" to 42, 1 to "1"), defaults of children filled in, checked. Missing takes the default.
/// Throws Error{user, "bad_parameter"} with where.parameter set to the full path.
Value normalise(const Parameter& parameter, const Value& given);

/// `title`, or one made from the name: "task_id" gives "Task id".
std::string title_of(const Parameter& parameter);

/// What fits, in words: "a whole number from 1 to 100", "'asc' or 'desc', for example "asc"".
std::string expectation(const Parameter& parameter);

/// Null when there is none of this name.
const Parameter* find_parameter(const std::vector<Parameter>& parameters, std::string_view name);
std::vector<std::string> parameter_names(const std::vector<Parameter>& parameters);

/// JSON Schema (draft 2020-12) of an object with these members.
Value json_schema(const std::vector<Parameter>& parameters);

/// The description itself as JSON, for forms and the plugin edge.
Value describe_parameter(const Parameter& parameter);

}  // namespace engine
