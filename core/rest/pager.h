// Which page comes next.
#pragma once

#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "core/rest/call.h"

namespace engine::rest {

/// Walks the pages of one call. One item's walk shares nothing with another's.
class Pager {
 public:
  /// `limit` 0: all.
  Pager(const Paging& paging, Call first, std::size_t limit);

  const Call& call() const { return call_; }

  /// The call after page `page` (from 0), when the text of that page's answer tells already, before
  /// it is parsed, that there is one; so that it can be asked for meanwhile. From any thread.
  std::optional<Call> after(std::size_t page, std::string_view body) const;

  /// Moves to the next page; false at the end. `link`: what the answer's header says (see
  /// next_link). `kept`: items made so far. Throws Error{upstream, "paging_stuck"} when the service
  /// gives the same page again.
  bool advance(const Value& answer, const std::string& link, const std::vector<Value>& elements,
               std::size_t kept);

 private:
  bool counts() const;
  std::optional<Call> next_call(const Value& answer, const std::string& link,
                                const std::vector<Value>& elements) const;
  /// The first call with another number: the steps are pages or elements.
  Call numbered(std::size_t steps) const;
  void ask_for(Call& call, std::size_t wanted) const;
  [[noreturn]] void stuck() const;

  const Paging& paging_;
  const Call first_;
  const std::size_t limit_;
  Call call_;
  std::size_t page_ = 0;  // pages seen
  std::size_t seen_ = 0;  // elements seen
  Value previous_first_;  // the first element of the page before
};

/// The address of the next page in a Link header (RFC 8288): "<https://…>; rel=\"next\""; empty
/// when there is none.
std::string next_link(std::string_view header);

}  // namespace engine::rest
