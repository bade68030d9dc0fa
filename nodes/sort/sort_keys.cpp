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

std::uint64_t text_prefix(std::string_view text) {
  std::uint64_t prefix = 0;
  for (std::size_t i = 0; i < 8; ++i) {
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
    case ValueRank::text: entry.prefix = field.natural ? 0 : text_prefix(value.as_string()); break;
    default: break;
  }
  if (field.descending && rank_of(value) != ValueRank::nothing) {
    entry.prefix = ~entry.prefix;
    entry.rank =
        static_cast<std::uint8_t>(static_cast<std::uint8_t>(ValueRank::container) - entry.rank);
  }
  return entry;
}

int compare_field(View a, View b, const SortField& field) {
  const bool none_a = rank_of(a) == ValueRank::nothing;
  const bool none_b = rank_of(b) == ValueRank::nothing;
  if (none_a || none_b) return static_cast<int>(none_a) - static_cast<int>(none_b);
  const auto order = field.natural && a.is_string() && b.is_string()
                         ? compare_natural(a.as_string(), b.as_string())
                         : compare_values(a, b);
  const int sign = order < 0 ? -1 : order > 0 ? 1 : 0;
  return field.descending ? -sign : sign;
}

}  // namespace

std::vector<std::uint32_t> sorted_order(const Items& items, const std::vector<SortField>& fields) {
  const std::size_t width = fields.size();
  std::vector<View> values(items.size() * width);
  std::vector<Entry> entries(items.size());
  for (std::size_t i = 0; i < items.size(); ++i) {
    for (std::size_t f = 0; f < width; ++f)
      values[i * width + f] = at_path(items[i].json, fields[f].path);
    if (width > 0)
      entries[i] = entry_of(values[i * width], fields[0], static_cast<std::uint32_t>(i));
  }
  std::sort(entries.begin(), entries.end(), [&](const Entry& a, const Entry& b) {
    if (a.rank != b.rank) return a.rank < b.rank;
    if (a.prefix != b.prefix) return a.prefix < b.prefix;
    for (std::size_t f = 0; f < width; ++f) {
      const int sign =
          compare_field(values[a.index * width + f], values[b.index * width + f], fields[f]);
      if (sign != 0) return sign < 0;
    }
    return a.index < b.index;
  });
  std::vector<std::uint32_t> order(items.size());
  std::transform(entries.begin(), entries.end(), order.begin(),
                 [](const Entry& entry) { return entry.index; });
  return order;
}

}  // namespace engine::nodes
