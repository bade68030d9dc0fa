// The `custom_fields` filter of task queries (facts of section 6).
#pragma once

#include <string>
#include <string_view>
#include <vector>

#include "nodes/clickup/sandbox/world/world.h"

namespace engine::clickup::sandbox {

/// {field_id, operator, value}
class FieldFilter {
 public:
  /// From a JSON array. Throws Refusal: ITEM_155 when it is not one, INPUT_005 for a field or
  /// operator that does not exist, or a value that does not go with the operator.
  static std::vector<FieldFilter> parse(World& world, std::string_view json);

  bool matches(const Task& task) const;

 private:
  using Test = bool (*)(const FieldFilter&, View stored);
  static bool is_any(const FieldFilter& filter, View stored);
  static bool is_all(const FieldFilter& filter, View stored);
  static bool in_range(const FieldFilter& filter, View stored);
  friend struct Operators;

  std::string field_;
  std::string operator_;
  Value value_;
  Test test_ = nullptr;
};

}  // namespace engine::clickup::sandbox
