// JavaScript that is built in; the texts are made by embed.cmake.
#pragma once

#include <string_view>

namespace engine::expression {

extern const std::string_view kPrelude;   // (host) => api
extern const std::string_view kLuxon;     // evaluates to the library
extern const std::string_view kJmespath;  // evaluates to the library

}  // namespace engine::expression
