// Plain paths and literals: compiled once, read without JavaScript.
#pragma once

#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "core/value/value.h"

namespace engine::expression {

struct NativePath {
  enum class Root { literal, current, item_index, global, input, node };
  enum class Which { linked, first, last };
  enum class Part { json, binary, is_executed };

  struct Step {
    std::string key;
    std::optional<std::size_t> index;  ///< when the key is an array index
    bool optional = false;             ///< `?.`
    std::size_t base_end = 0;          ///< source bytes before this step: what is read from
    std::size_t end = 0;               ///< source bytes up to and with this step
  };

  Root root = Root::literal;
  Which which = Which::linked;
  Part part = Part::json;
  Step part_step;    ///< the `.json` of `$input.first().json`, for what it is when there is none
  std::string name;  ///< of the node or global
  Value literal;
  std::vector<Step> steps;
  std::string source;
};

/// Nothing when it is anything else.
std::optional<NativePath> compile_path(std::string_view source);

}  // namespace engine::expression
