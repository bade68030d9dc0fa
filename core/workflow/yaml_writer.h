// YAML text from data, as a person would write it and as read_yaml reads it back.
#pragma once

#include <string>

#include "core/value/value.h"

namespace engine::workflow {

/// Block style; texts of several lines as blocks, what is not plainly a text in quotes. Every line
/// begins with `indent` spaces and ends with a line feed.
std::string to_yaml(View value, std::size_t indent = 0);

/// On one line, between brackets.
std::string to_flow_yaml(View value);

}  // namespace engine::workflow
