// The HTTP client port. Nodes never use it directly: they ask their context to send, which signs.
#pragma once

#include "core/base/cancellation.h"
#include "core/http/message.h"

namespace engine::http {

/// Thread-safe.
class Client {
 public:
  virtual ~Client() = default;

  /// Answers of any status are returned. Throws Error{upstream, "connection_failed" |
  /// "connection_lost" | "bad_answer" | "answer_too_large" | "tls_failed"}, Error{timeout,
  /// "request_timeout"}, Error{rate_limited, "rate_limited"} when waiting would take too long,
  /// Error{user, "bad_url" | "address_refused"}, and the cancellation's error.
  ///
  /// Waits for the pace of `pace_key` first. An answer 429 is waited out (Retry-After, or the
  /// X-RateLimit-Reset of the answer, plus jitter) and the request sent again, whatever its method:
  /// it was refused. A lost connection or an answer 502, 503, 504 is tried again only where
  /// repeating is safe; a request that certainly never left is always safe.
  virtual Response send(const Request& request, const Cancellation& cancellation) = 0;
};

}  // namespace engine::http
