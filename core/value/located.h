// A tree of data in which every part knows where it stands in its file. What YAML is read into,
// and what checks report positions from.
#pragma once

#include <string>
#include <string_view>
#include <vector>

#include "core/base/error.h"
#include "core/value/value.h"

namespace engine {

struct LocatedMember;

struct Located {
  Value scalar;                   ///< when neither list nor map: null, boolean, number or string
  std::vector<Located> elements;  ///< of a list
  std::vector<LocatedMember> members;  ///< of a map, in order; keys are unique
  Kind kind = Kind::null;              ///< array, object, or the scalar's
  bool quoted = false;                 ///< a string written in quotes or as a block
  int line = 0;                        ///< from 1; the file is known to who reads it
  int column = 0;

  /// Null when absent or not a map.
  const Located* find(std::string_view key) const;
  Position position(const std::string& file) const { return {file, line, column}; }
};

struct LocatedMember {
  std::string key;
  int line = 0;
  int column = 0;
  Located value;

  Position position(const std::string& file) const { return {file, line, column}; }
};

/// The plain value, positions dropped.
Value to_value(const Located& located);

}  // namespace engine
