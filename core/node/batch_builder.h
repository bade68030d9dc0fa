// Builders for the output of a node: many items share an arena, and no arena grows so large that
// one surviving item keeps a whole batch alive.
#pragma once

#include <memory>
#include <type_traits>

#include "core/value/value.h"

namespace engine {

/// Not thread-safe.
class BatchBuilder {
 public:
  /// The value that `write(ValueBuilder&)` writes, or finishes and gives itself. After an exception
  /// the next value starts clean.
  template <typename Write>
  Value make(const Write& write) {
    if (!builder_ || builder_->bytes() >= kBytes) builder_ = std::make_unique<ValueBuilder>();
    try {
      if constexpr (std::is_same_v<decltype(write(*builder_)), Value>) {
        return write(*builder_);
      } else {
        write(*builder_);
        return builder_->finish();
      }
    } catch (...) {
      builder_.reset();
      throw;
    }
  }

 private:
  static constexpr std::size_t kBytes = std::size_t{4} << 20U;
  std::unique_ptr<ValueBuilder> builder_;
};

}  // namespace engine
