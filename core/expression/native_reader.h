// Reads one native path for the items of one environment.
#pragma once

#include <optional>

#include "core/expression/environment.h"
#include "core/expression/failure.h"
#include "core/expression/native_path.h"

namespace engine::expression {

/// Fetches nodes and globals once. Borrows both; used by one thread.
class NativeReader {
 public:
  NativeReader(const NativePath& path, const Environment& environment);

  /// JavaScript's answer: missing for an absent last step; throws Failure where JavaScript would
  /// throw. `item` may be past the end: then there is no current item.
  Value read(std::size_t item) const;

 private:
  Value start(std::size_t item) const;
  const Item* source_item(std::size_t item) const;
  const Items& node_items() const;

  const NativePath& path_;
  const Environment& environment_;
  const Items* node_ = nullptr;
  Value global_;
};

}  // namespace engine::expression
