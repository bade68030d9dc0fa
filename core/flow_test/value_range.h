// Where in a YAML text the value of a member stands. For texts that were read without faults.
// Private to core/flow_test.
#pragma once

#include <cstddef>
#include <string_view>

#include "core/value/located.h"

namespace engine::flow_test {

struct ValueRange {
  std::size_t colon = 0;   ///< behind the colon of the key
  std::size_t begin = 0;   ///< of the value; == end when there is none
  std::size_t end = 0;     ///< behind its last character, a line feed not included
  std::size_t indent = 0;  ///< of the key
};

/// Whether a list or map is written between brackets.
bool between_brackets(std::string_view text, const Located& value);

/// `flow`: the member stands between brackets.
ValueRange find_value(std::string_view text, const LocatedMember& member, bool flow);

/// Where a block map ends whose first key stands at this line and column: behind its last line
/// that is neither empty nor a comment.
std::size_t end_of_block(std::string_view text, int line, int column);

/// Offset of a line and column, which count from 1; columns are bytes.
std::size_t offset_of(std::string_view text, int line, int column);

}  // namespace engine::flow_test
