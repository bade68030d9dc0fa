// Results on stdout.
#pragma once

#include <iosfwd>
#include <string>

#include "core/value/item.h"

namespace engine::cli {

enum class OutputFormat { json, pretty, table, none };

/// Nothing for an unknown name.
std::optional<OutputFormat> parse_output_format(const std::string& name);

/// json: an array of the items' json in one line each; pretty: indented; table: a column per field.
void print_items(std::ostream& out, const Items& items, OutputFormat format);

/// Items for a start: a JSON array of objects, one object, or one object per line. Throws
/// Error{user}.
Items parse_items(const std::string& text, const std::string& what);

}  // namespace engine::cli
