// What was seen: digests of items, of this run and of runs before.
#pragma once

#include <array>
#include <cstdint>
#include <string>
#include <string_view>
#include <unordered_set>
#include <vector>

#include "core/value/value.h"

namespace engine::nodes {

/// Half of a SHA-256: short to keep, and long enough that two items never share one.
using Digest = std::array<std::uint64_t, 2>;
Digest digest_of(std::string_view text);

class History {
 public:
  /// `stored` is what `to_value` gave, or missing.
  explicit History(View stored);

  /// False when it is known already.
  bool add(const Digest& digest);

  /// The newest `most` of them.
  Value to_value(std::size_t most) const;

 private:
  struct Hash {
    std::size_t operator()(const Digest& digest) const { return digest[0]; }
  };
  std::unordered_set<Digest, Hash> known_;
  std::vector<Digest> order_;
};

}  // namespace engine::nodes
