// JSON text in and out (RFC 8259), on RapidJSON.
#pragma once

#include <functional>
#include <string>
#include <string_view>

#include "core/value/value.h"

namespace engine {

/// Deeper documents are refused wherever they come from.
constexpr std::size_t kDeepestJson = 100;

/// Throws Error{user, "bad_json"} that names `what` ("the answer of …", a file), line and column:
/// bad syntax, bad UTF-8, too deep, or anything after the value.
Value parse_json(std::string_view text, std::string_view what = "JSON");

/// The same into a builder that goes on; several documents share its arena.
Value parse_json(std::string_view text, ValueBuilder& builder, std::string_view what = "JSON");

/// Compact; numbers as they came in, UTF-8 as it is.
std::string print_json(View value);
void print_json(View value, std::string& out);

/// Indented by two spaces.
std::string print_json_pretty(View value);

/// What a value becomes inside a text: a string as it is, null and missing as nothing, other kinds
/// as JSON.
std::string to_text(View value);

}  // namespace engine
