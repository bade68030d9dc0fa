// Paths with `{name}` for one segment and `{+name}` for a whole path below it.
#pragma once

#include <functional>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "core/value/value.h"

namespace engine::rest {

/// The names between braces, without '+'.
std::vector<std::string> template_names(std::string_view text);

/// Looks up a parameter by name.
using ValueOf = std::function<Value(std::string_view name)>;

/// Fills the path: every value is percent-encoded as a whole, so none can add a segment, a query or
/// leave the path. Throws Error{user, "bad_path_parameter"} for empty values, "." and "..", control
/// characters, and anything that is neither text nor number.
std::string fill_path(std::string_view path, const ValueOf& value_of);

/// `value` with "{name}" replaced: a text that is one name takes the value itself, other texts the
/// value as text; inside lists and maps too.
Value fill_values(const Value& value, const ValueOf& value_of);
/// The same with the members of `fields`, as text.
std::string fill_as_text(const std::string& text, const Value& fields);

/// Nothing for a name that is none; missing for one that is not given.
using FindValue = std::function<std::optional<Value>(std::string_view name)>;

/// `value` with "{name}" replaced, where braces around anything but a name are plain text. What is
/// not given is left out of lists and maps, and missing when it is all there is.
Value fill_given(const Value& value, const FindValue& find);

/// The name of a text that is one "{name}" and nothing else.
std::optional<std::string> single_name(const Value& value);

}  // namespace engine::rest
