// Sort keys, computed once per item.
#pragma once

#include <cstdint>
#include <vector>

#include "core/value/item.h"
#include "core/value/path.h"

namespace engine::nodes {

struct SortField {
  Path path;
  bool descending = false;
  bool natural = false;
};

/// The places of the items in their sorted order, by at least one field. Equal items keep their
/// order; items without a value come last in either direction.
std::vector<std::uint32_t> sorted_order(const Items& items, const std::vector<SortField>& fields);

}  // namespace engine::nodes
