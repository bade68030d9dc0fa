// Asking for page after page.
#pragma once

#include "core/http/message.h"
#include "nodes/http_request/answer.h"

namespace engine::nodes {

/// The pages of one item. `paging` is a late parameter: its expressions see `$response`,
/// `$pageCount` and `$request`.
class Paging {
 public:
  Paging(NodeContext& context, std::size_t item) : context_(context), item_(item) {}

  /// Changes `request` into that of the next page, and waits `interval`. False after the last one.
  /// Throws Error{user, "paging_loop" | "paging_left_host"}.
  bool next(http::Request& request, const Answer& answer);

 private:
  Value get(const std::string& name, const Value& globals) const {
    return context_.evaluate("paging." + name, item_, globals);
  }
  bool follow(http::Request& request, const Value& next) const;

  NodeContext& context_;
  std::size_t item_;
  std::int64_t pages_ = 0;
};

}  // namespace engine::nodes
