// Bodies of HTML forms: application/x-www-form-urlencoded.
#pragma once

#include <string>
#include <string_view>
#include <utility>
#include <vector>

namespace engine::http {

/// Names and values in order, decoded; the bytes may be anything.
std::vector<std::pair<std::string, std::string>> parse_form(std::string_view body);

}  // namespace engine::http
