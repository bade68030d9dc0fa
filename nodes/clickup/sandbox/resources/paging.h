// The pages of API v3: `cursor` and `limit` in, `next_cursor` out.
#pragma once

#include <algorithm>
#include <optional>
#include <string_view>
#include <vector>

#include "core/value/number.h"
#include "nodes/clickup/sandbox/call.h"

namespace engine::clickup::sandbox {

struct PageRange {
  std::size_t begin;
  std::size_t end;
  std::string next;  ///< empty: that was the last
};

/// `least` and 100 bound the limit; 50 unless given. Refuses a cursor that is none of ours.
inline PageRange page_range(const Call& call, std::size_t size, std::int64_t least = 1) {
  const std::int64_t limit = call.query_integer("limit").value_or(50);
  if (limit < least || limit > 100) {
    refuse("limit must be " + std::to_string(least) + " to 100");
  }
  std::string_view cursor = call.query("cursor").value_or("");
  std::optional<std::int64_t> offset = 0;
  if (!cursor.empty()) {
    if (cursor.front() == 'c') offset = parse_integer(cursor.substr(1));
    if (cursor.front() != 'c' || !offset || *offset < 0) refuse("cursor is invalid");
  }
  const std::size_t begin = std::min(static_cast<std::size_t>(*offset), size);
  const std::size_t end = std::min(begin + static_cast<std::size_t>(limit), size);
  return {begin, end, end < size ? "c" + std::to_string(end) : ""};
}

/// {<key>: […], next_cursor}
template <typename Row, typename Write>
Answer page_v3(const Call& call, const std::vector<const Row*>& rows, std::string_view key,
               Write&& write, std::int64_t least = 1) {
  const PageRange range = page_range(call, rows.size(), least);
  return reply([&](Writer& w) {
    w.array(key, [&] {
      for (std::size_t i = range.begin; i < range.end; ++i) {
        w.object([&] { write(w, *rows[i]); });
      }
    });
    w.text("next_cursor", range.next);
  });
}

}  // namespace engine::clickup::sandbox
