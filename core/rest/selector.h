// Selectors: dotted paths in which `[]` means every element, "teams[].members[].user".
#pragma once

#include <optional>
#include <string_view>
#include <vector>

#include "core/value/path.h"

namespace engine::rest {

/// Empty: the value itself.
struct Selector {
  std::vector<Path> steps;
};

/// "." is the value itself. Nothing when the text is no selector.
std::optional<Selector> parse_selector(std::string_view text);

/// What is found, arrays opened after every step; null and missing parts are left out.
std::vector<Value> select(const Value& value, const Selector& selector);

}  // namespace engine::rest
