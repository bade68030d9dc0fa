// How deep things may be nested: the service's limits, which also bound what recursion walks.
#pragma once

#include <algorithm>
#include <cstddef>
#include <string>

namespace engine::clickup::sandbox {

constexpr std::size_t kDeepestSubtask = 7;
constexpr std::size_t kDeepestChecklistItem = 5;
constexpr std::size_t kDeepestPage = 20;

/// How many are above one whose parent is `parent`; `parent_of(id)` is empty at the top.
template <typename ParentOf>
std::size_t depth_below(std::string parent, ParentOf&& parent_of) {
  std::size_t depth = 0;
  for (; !parent.empty(); parent = parent_of(parent)) ++depth;
  return depth;
}

/// Levels below one; `children_of(row)` gives pointers. As deep as the limits above.
template <typename Row, typename ChildrenOf>
// NOLINTNEXTLINE(misc-no-recursion): bounded by the limits above
std::size_t height_of(const Row& row, const ChildrenOf& children_of) {
  std::size_t height = 0;
  for (const Row* child : children_of(row)) {
    height = std::max(height, 1 + height_of(*child, children_of));
  }
  return height;
}

}  // namespace engine::clickup::sandbox
