// How one value fits one parameter: the rules that load time and run time share. Private to
// core/schema.
#pragma once

#include <string>
#include <vector>

#include "core/schema/parameter.h"

namespace engine {

/// "the text 'abc'", "the number 5", "a list"; never the value of a secret.
std::string got(Kind kind, View scalar, bool secret);

/// Where a value comes from: what is to be done about it differs.
enum class GivenBy { file, evaluation };

/// "expected …, got …." with near names for a choice.
std::string mismatch(const Parameter& parameter, Kind kind, View scalar,
                     GivenBy origin = GivenBy::file);

/// The value as the parameter's type has it, converted where nothing is lost; missing when it does
/// not fit. For all types but object, map and list.
Value fit_scalar(const Parameter& parameter, const Value& given);

/// Whether the number of elements of a list is within min and max.
bool fits_length(const Parameter& parameter, std::size_t length);

/// For a key that no parameter has: near names, else the names there are.
std::string unknown_key(std::string_view key, const std::vector<Parameter>& parameters);

/// "'x' only counts when 'mode' is 'a' or 'b'".
std::string visibility_rule(const Parameter& parameter);

enum class Visible { no, maybe, yes };

/// Whether show_when holds. `value_of` gives the value of a sibling, missing when not given;
/// `unknown` says that it is an expression.
struct Sibling {
  Value value;
  bool unknown = false;
};
Visible visible(const Parameter& parameter, const std::vector<Parameter>& siblings,
                const std::function<Sibling(const std::string& name)>& value_of);

}  // namespace engine
