#include "nodes/sort/sort_keys.h"

#include <algorithm>
#include <bit>

#include "core/node/value_order.h"

namespace engine::nodes {
namespace {

// What nearly all comparisons are decided by, without touching the item: the rank of the first
// field's value, and eight bytes of it that sort like the value.
struct Entry {
  std::uint64_t prefix = 0;
  std::uint32_t index = 0;
  std::uint8_t rank = 0;
};

std::uint64_t number_prefix(double number) {
  if (number == 0) number = 0;  // -0 is 0
  const auto bits = std::bit_cast<std::uint64_t>(number);
  constexpr std::uint64_t kSign = std::uint64_t{1} << 63U;
  return (bits & kSign) != 0 ? ~bits : bits | kSign;
}

// Eight bytes from `offset` on, the first the weightiest; zeros behind the end.
std::uint64_t text_prefix(std::string_view text, std::size_t offset) {
  std::uint64_t prefix = 0;
  for (std::size_t i = offset; i < offset + 8; ++i) {
    prefix <<= 8U;
    if (i < text.size()) prefix |= static_cast<unsigned char>(text[i]);
  }
  return prefix;
}

Entry entry_of(View value, const SortField& field, std::uint32_t index) {
  Entry entry{0, index, static_cast<std::uint8_t>(rank_of(value))};
  switch (rank_of(value)) {
    case ValueRank::boolean: entry.prefix = value.as_bool() ? 1 : 0; break;
    case ValueRank::number: entry.prefix = number_prefix(value.as_number().value_or(0)); break;
    case ValueRank::text:
      entry.prefix = field.natural ? 0 : text_prefix(value.as_string(), 0);
      break;
    default: break;
  }
  if (field.descending && rank_of(value) != ValueRank::nothing) {
    entry.prefix = ~entry.prefix;
    entry.rank =
        static_cast<std::uint8_t>(static_cast<std::uint8_t>(ValueRank::container) - entry.rank);
  }
  return entry;
}

std::size_t common_length(std::string_view a, std::string_view b) {
  const auto ends = std::mismatch(a.begin(), a.end(), b.begin(), b.end());
  return static_cast<std::size_t>(ends.first - a.begin());
}

int compare_field(View a, View b, const SortField& field) {
  const bool none_a = rank_of(a) == ValueRank::nothing;
  const bool none_b = rank_of(b) == ValueRank::nothing;
  if (none_a || none_b) return static_cast<int>(none_a) - static_cast<int>(none_b);
  const auto order = field.natural && a.is_string() && b.is_string()
                         ? compare_natural(a.as_string(), b.as_string())
                         : compare_values(a, b);
  const int sign = std::is_lt(order) ? -1 : std::is_gt(order) ? 1 : 0;
  return field.descending ? -sign : sign;
}

// Texts often begin alike ("https://…"). What eight bytes leave open is decided by the next eight
// that differ, run by run, so that comparisons stay within the entries.
class Sorter {
 public:
  Sorter(const Items& items, const std::vector<SortField>& fields)
      : fields_(fields), values_(items.size() * fields.size()), entries_(items.size()) {
    const std::size_t width = fields.size();
    for (std::size_t i = 0; i < items.size(); ++i) {
      for (std::size_t f = 0; f < width; ++f)
        values_[i * width + f] = at_path(items[i].json, fields[f].path);
      entries_[i] = entry_of(first(i), fields[0], static_cast<std::uint32_t>(i));
    }
  }

  const std::vector<Entry>& sorted() {
    sort(entries_.begin(), entries_.end(), 0);
    return entries_;
  }

 private:
  using Place = std::vector<Entry>::iterator;
  static constexpr int kDeepest = 64;

  View first(std::size_t index) const { return values_[index * fields_.size()]; }

  // NOLINTNEXTLINE(misc-no-recursion): as deep as kDeepest
  void sort(Place begin, Place end, int depth) {
    std::sort(begin, end, [](const Entry& a, const Entry& b) {
      if (a.rank != b.rank) return a.rank < b.rank;
      return a.prefix != b.prefix ? a.prefix < b.prefix : a.index < b.index;
    });
    while (begin != end) {
      const Place next = std::find_if(begin, end, [&](const Entry& entry) {
        return entry.rank != begin->rank || entry.prefix != begin->prefix;
      });
      if (next - begin > 1) decide(begin, next, depth);
      begin = next;
    }
  }

  // NOLINTNEXTLINE(misc-no-recursion): as deep as kDeepest
  void decide(Place begin, Place end, int depth) {
    const auto before = [this](const Entry& a, const Entry& b) { return less(a, b); };
    if (std::is_sorted(begin, end, before)) return;
    if (fields_[0].natural || !first(begin->index).is_string() || depth == kDeepest) {
      std::sort(begin, end, before);
      return;
    }
    const std::string_view text = first(begin->index).as_string();
    std::size_t offset = text.size();
    std::size_t longest = text.size();
    for (Place entry = begin; entry != end; ++entry) {
      const std::string_view other = first(entry->index).as_string();
      offset = std::min(offset, common_length(text, other));
      longest = std::max(longest, other.size());
    }
    if (offset == longest) {  // all the same: further fields decide
      std::sort(begin, end, before);
      return;
    }
    for (Place entry = begin; entry != end; ++entry) {
      const std::uint64_t prefix = text_prefix(first(entry->index).as_string(), offset);
      entry->prefix = fields_[0].descending ? ~prefix : prefix;
    }
    sort(begin, end, depth + 1);
  }

  bool less(const Entry& a, const Entry& b) const {
    for (std::size_t f = 0; f < fields_.size(); ++f) {
      const int sign = compare_field(values_[a.index * fields_.size() + f],
                                     values_[b.index * fields_.size() + f], fields_[f]);
      if (sign != 0) return sign < 0;
    }
    return a.index < b.index;
  }

  const std::vector<SortField>& fields_;
  std::vector<View> values_;
  std::vector<Entry> entries_;
};

}  // namespace

std::vector<std::uint32_t> sorted_order(const Items& items, const std::vector<SortField>& fields) {
  std::vector<std::uint32_t> order(items.size());
  Sorter sorter(items, fields);
  const std::vector<Entry>& entries = sorter.sorted();
  std::transform(entries.begin(), entries.end(), order.begin(),
                 [](const Entry& entry) { return entry.index; });
  return order;
}

}  // namespace engine::nodes
