// Rows by id, in order of creation.
#pragma once

#include <deque>
#include <string>
#include <string_view>
#include <unordered_map>
#include <utility>

namespace engine::clickup::sandbox {

/// Rows have `std::string id` and `bool deleted`; deleting is marking, as in the service. Rows stay
/// where they are, so pointers to them hold. Not thread-safe.
template <typename Row>
class Table {
 public:
  /// The id must be new.
  Row& add(Row row) {
    rows_.push_back(std::move(row));
    by_id_.emplace(rows_.back().id, &rows_.back());
    return rows_.back();
  }

  /// Deleted ones too; null when there never was one.
  Row* find(std::string_view id) {
    const auto found = by_id_.find(std::string(id));
    return found == by_id_.end() ? nullptr : found->second;
  }
  const Row* find(std::string_view id) const {
    const auto found = by_id_.find(std::string(id));
    return found == by_id_.end() ? nullptr : found->second;
  }

  /// Null when deleted.
  Row* live(std::string_view id) {
    Row* row = find(id);
    return row == nullptr || row->deleted ? nullptr : row;
  }

  auto begin() { return rows_.begin(); }
  auto end() { return rows_.end(); }
  auto begin() const { return rows_.begin(); }
  auto end() const { return rows_.end(); }
  std::size_t size() const { return rows_.size(); }

 private:
  std::deque<Row> rows_;
  std::unordered_map<std::string, Row*> by_id_;
};

}  // namespace engine::clickup::sandbox
