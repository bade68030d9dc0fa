#include "nodes/merge/join.h"

#include <algorithm>

namespace engine::nodes {
namespace {

// The items of one input, findable by the values of their fields.
class KeyedItems {
 public:
  KeyedItems(const Items& items, const std::vector<Path>& paths) : items_(items), paths_(paths) {}

  bool keyed(std::size_t item) const {
    return std::all_of(paths_.begin(), paths_.end(),
                       [&](const Path& path) { return at_path(items_[item].json, path).given(); });
  }

  std::uint64_t hash(std::size_t item) const {
    std::uint64_t hash = 0;
    for (const Path& path : paths_)
      hash = hash * 1099511628211U + at_path(items_[item].json, path).hash();
    return hash;
  }

  bool same(std::size_t item, const KeyedItems& other, std::size_t theirs) const {
    for (std::size_t i = 0; i < paths_.size(); ++i) {
      const View mine = at_path(items_[item].json, paths_[i]);
      if (!mine.equals(at_path(other.items_[theirs].json, other.paths_[i]))) return false;
    }
    return true;
  }

  std::size_t size() const { return items_.size(); }

 private:
  const Items& items_;
  const std::vector<Path>& paths_;
};

using Slot = std::pair<std::uint64_t, std::uint32_t>;  // hash, item

std::vector<Slot> index_of(const KeyedItems& items) {
  std::vector<Slot> index;
  index.reserve(items.size());
  for (std::uint32_t i = 0; i < items.size(); ++i) {
    if (items.keyed(i)) index.emplace_back(items.hash(i), i);
  }
  std::sort(index.begin(), index.end());
  return index;
}

}  // namespace

void join_by_fields(const Items& left, const Items& right, const MatchBy& by, JoinKind kind,
                    const Cancellation& cancellation, const Emit& emit) {
  if (kind == JoinKind::right) {
    join_by_fields(right, left, {by.right, by.left}, JoinKind::left, cancellation,
                   [&](std::uint32_t r, std::uint32_t l) { emit(l, r); });
    return;
  }
  const KeyedItems mine(left, by.left);
  const KeyedItems theirs(right, by.right);
  const std::vector<Slot> index = index_of(theirs);
  std::vector<bool> used(right.size(), false);
  for (std::uint32_t l = 0; l < left.size(); ++l) {
    cancellation.check();
    bool matched = false;
    if (mine.keyed(l)) {
      const std::uint64_t hash = mine.hash(l);
      for (auto slot = std::lower_bound(index.begin(), index.end(), Slot(hash, 0));
           slot != index.end() && slot->first == hash; ++slot) {
        if (!mine.same(l, theirs, slot->second)) continue;
        matched = true;
        used[slot->second] = true;
        if (kind != JoinKind::anti) emit(l, slot->second);
      }
    }
    if (!matched && kind != JoinKind::inner) emit(l, kNoItem);
  }
  for (std::uint32_t r = 0; kind == JoinKind::outer && r < right.size(); ++r) {
    if (!used[r]) emit(kNoItem, r);
  }
}

void join_by_position(std::size_t left, std::size_t right, JoinKind kind, const Emit& emit) {
  const bool keep_left =
      kind == JoinKind::left || kind == JoinKind::outer || kind == JoinKind::anti;
  const bool keep_right = kind == JoinKind::right || kind == JoinKind::outer;
  for (std::uint32_t i = 0; i < std::max(left, right); ++i) {
    if (i < left && i < right) {
      if (kind != JoinKind::anti) emit(i, i);
    } else if (i < left && keep_left) {
      emit(i, kNoItem);
    } else if (i < right && keep_right) {
      emit(kNoItem, i);
    }
  }
}

}  // namespace engine::nodes
