// Writes new values into a YAML text and leaves the rest as it is, comments included.
#pragma once

#include <string>
#include <vector>

#include "core/flow_test/test_file.h"

namespace engine::flow_test {

/// A new value for a member of a map, or a new last member of a map.
struct Change {
  Path path;                              ///< of the value, from the top
  const LocatedMember* member = nullptr;  ///< null: there is none yet, and
  const Located* map = nullptr;           ///< it goes here
  bool flow = false;                      ///< the map is written between brackets
  Value value;
};

/// Throws Error{user, "not_rewritten"} when the text cannot be changed without changing more.
std::string rewritten(const TestFile& file, const std::vector<Change>& changes);

}  // namespace engine::flow_test
