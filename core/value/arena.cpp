#include <algorithm>
#include <cstdlib>
#include <new>

#include "core/value/value.h"

namespace engine::detail {
namespace {

constexpr std::size_t kLargestBlock = std::size_t{1} << 20U;

constexpr std::size_t aligned(std::size_t bytes) {
  return (bytes + 7) & ~std::size_t{7};
}

}  // namespace

struct Arena::Block {
  Block* previous;
};

Arena* Arena::create(std::size_t first_block_bytes) {
  const std::size_t payload = aligned(first_block_bytes);
  void* memory = std::malloc(sizeof(Arena) + payload);
  if (memory == nullptr) throw std::bad_alloc();
  auto* arena = new (memory) Arena();
  arena->next_ = static_cast<char*>(memory) + sizeof(Arena);
  arena->end_ = arena->next_ + payload;
  arena->total_ = sizeof(Arena) + payload;
  arena->next_block_ = std::max<std::size_t>(payload * 2, 256);
  return arena;
}

void Arena::release() {
  // A chain of kept arenas can be long (a loop with many rounds), so it is not followed by
  // recursion.
  std::vector<Arena*> dead;
  if (references_.fetch_sub(1, std::memory_order_acq_rel) == 1) dead.push_back(this);
  while (!dead.empty()) {
    Arena* arena = dead.back();
    dead.pop_back();
    for (Arena* kept : arena->kept_) {
      if (kept->references_.fetch_sub(1, std::memory_order_acq_rel) == 1) dead.push_back(kept);
    }
    for (Block* block = arena->blocks_; block != nullptr;) {
      Block* previous = block->previous;
      std::free(block);
      block = previous;
    }
    arena->~Arena();
    std::free(arena);
  }
}

void* Arena::allocate(std::size_t bytes) {
  bytes = aligned(bytes);
  if (bytes > static_cast<std::size_t>(end_ - next_)) return allocate_slow(bytes);
  return std::exchange(next_, next_ + bytes);
}

void* Arena::allocate_slow(std::size_t bytes) {
  // Something large gets a block of its own, so that the rest of the open one is not wasted.
  const bool own_block = bytes > next_block_ / 4;
  const std::size_t payload = own_block ? bytes : next_block_;
  auto* block = static_cast<Block*>(std::malloc(sizeof(Block) + payload));
  if (block == nullptr) throw std::bad_alloc();
  block->previous = blocks_;
  blocks_ = block;
  total_ += sizeof(Block) + payload;
  char* start = reinterpret_cast<char*>(block) + sizeof(Block);
  if (own_block) return start;
  next_block_ = std::min(next_block_ * 2, kLargestBlock);
  next_ = start + bytes;
  end_ = start + payload;
  return start;
}

void Arena::keep(Arena* other) {
  if (other == nullptr || other == this) return;
  // Items of a batch mostly come from the same few arenas, seen a moment ago.
  const std::size_t recent = std::min<std::size_t>(kept_.size(), 8);
  if (std::find(kept_.end() - static_cast<std::ptrdiff_t>(recent), kept_.end(), other) !=
      kept_.end())
    return;
  kept_.push_back(other);
  other->retain();
}

}  // namespace engine::detail
