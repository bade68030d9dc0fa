// Items: what flows between nodes.
#pragma once

#include <cstdint>
#include <memory>
#include <vector>

#include "core/value/value.h"

namespace engine {

/// Which input items an item was made from: none, one, or several. Eight bytes.
class Origin {
 public:
  struct Source {
    std::uint32_t input = 0;  ///< index of the node's input (0 for `main`)
    std::uint32_t item = 0;   ///< index within that input
    bool operator==(const Source&) const = default;
  };

  Origin() = default;
  static Origin of(std::size_t item, std::size_t input = 0);
  static Origin of(std::vector<Source> sources);

  Origin(const Origin& other);
  Origin(Origin&& other) noexcept : bits_(std::exchange(other.bits_, 0)) {}
  Origin& operator=(Origin other) noexcept {
    std::swap(bits_, other.bits_);
    return *this;
  }
  ~Origin();

  std::size_t size() const;
  Source operator[](std::size_t index) const;

 private:
  struct Many;
  Many* many() const;
  // 0: none. Low bit set: one source (31 bits of input, 32 of item). Else a pointer to Many.
  std::uint64_t bits_ = 0;
};

/// Immutable parts, shared on copy: passing an item on copies no JSON.
struct Item {
  Value json;    ///< an object
  Value binary;  ///< missing, or {name: {id, mime_type, file_name, size}}; content is in the
                 ///< BinaryStore
  Origin origin;
};

using Items = std::vector<Item>;

}  // namespace engine
