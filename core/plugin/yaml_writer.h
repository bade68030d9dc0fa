// YAML text from data, as a person would write it and as read_yaml reads it back.
#pragma once

#include <string>

#include "core/value/value.h"

namespace engine::plugin {

/// Block style; texts of several lines as blocks, what is not plainly a text in quotes.
std::string to_yaml(View value);

}  // namespace engine::plugin
