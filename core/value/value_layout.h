// How cells point into arenas. Private to core/value.
#pragma once

#include "core/value/value.h"

namespace engine::detail {

enum Tag : std::uint64_t {
  kImmediate = 0,
  kSmallInteger = 1,  // 61 bits in the cell itself
  kBigInteger = 2,    // -> std::int64_t
  kDouble = 3,        // -> double, made by the engine
  kNumberText = 4,    // -> StringRep, as it came in
  kString = 5,
  kArray = 6,
  kObject = 7,
};

struct StringRep {
  std::uint32_t size;
  char text[4];  // really `size` bytes

  std::string_view view() const { return {text, size}; }
  static constexpr std::size_t bytes_for(std::size_t size) { return offsetof_text() + size; }
  static constexpr std::size_t offsetof_text() { return sizeof(std::uint32_t); }
};

struct ArrayRep {
  std::uint64_t size;
  Cell cells[1];  // really `size` cells
};

struct Member {
  const StringRep* key;
  Cell value;
};

// Objects with more members than this carry an index, sorted by key, behind the members.
constexpr std::uint32_t kIndexedFrom = 16;

struct ObjectRep {
  std::uint64_t size;
  Member members[1];  // really `size` members, then the index if there is one

  const std::uint32_t* index() const {
    return reinterpret_cast<const std::uint32_t*>(members + size);
  }
  std::uint32_t* index() { return reinterpret_cast<std::uint32_t*>(members + size); }
  static constexpr std::size_t bytes_for(std::size_t size) {
    return sizeof(std::uint64_t) + size * sizeof(Member) +
           (size > kIndexedFrom ? size * sizeof(std::uint32_t) : 0);
  }
};

constexpr std::int64_t kSmallest = -(std::int64_t{1} << 60U);
constexpr std::int64_t kLargest = (std::int64_t{1} << 60U) - 1;

inline Tag tag_of(Cell cell) {
  return static_cast<Tag>(cell & 7U);
}
template <typename T>
const T* pointer(Cell cell) {
  // NOLINTNEXTLINE(performance-no-int-to-ptr): the low bits of an address hold the tag
  return reinterpret_cast<const T*>(cell & ~Cell{7});
}
inline Cell tagged(const void* pointer, Tag tag) {
  return reinterpret_cast<Cell>(pointer) | static_cast<Cell>(tag);
}
inline Cell small_integer(std::int64_t value) {
  return (static_cast<Cell>(value) << 3U) | static_cast<Cell>(kSmallInteger);
}
inline std::int64_t small_value(Cell cell) {
  return static_cast<std::int64_t>(cell) >> 3;
}

}  // namespace engine::detail
