// Which items of two inputs belong together.
#pragma once

#include <cstdint>
#include <functional>
#include <vector>

#include "core/base/cancellation.h"
#include "core/value/item.h"
#include "core/value/path.h"

namespace engine::nodes {

enum class JoinKind { inner, left, right, outer, anti };

constexpr std::uint32_t kNoItem = UINT32_MAX;

/// Receives places in the left and the right input; `kNoItem` for a side without a partner.
using Emit = std::function<void(std::uint32_t left, std::uint32_t right)>;

struct MatchBy {
  std::vector<Path> left;
  std::vector<Path> right;
};

/// By equal values of fields, in the order of the left input (`right`: of the right one). An item
/// whose field is null or missing matches nothing.
void join_by_fields(const Items& left, const Items& right, const MatchBy& by, JoinKind kind,
                    const Cancellation& cancellation, const Emit& emit);

/// First with first, second with second.
void join_by_position(std::size_t left, std::size_t right, JoinKind kind, const Emit& emit);

}  // namespace engine::nodes
