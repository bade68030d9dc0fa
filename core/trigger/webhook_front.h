// Requests from outside: /webhook/…, /hooks/<workflow>/<node>, /resume/<token>.
#pragma once

#include <atomic>
#include <cstdint>
#include <memory>
#include <mutex>

#include "core/http/server_message.h"
#include "core/trigger/resume_token.h"
#include "core/trigger/router.h"
#include "core/trigger/starter.h"

namespace engine::trigger {

struct FrontOptions {
  /// How long a caller waits for `last_node` and `respond`; the execution goes on after it.
  Milliseconds answer_limit{60'000};
};

/// Thread-safe.
class WebhookFront {
 public:
  WebhookFront(execution::Executor& executor, Starter& starter, const ResumeTokens& tokens,
               FrontOptions options);

  /// Requests that have begun go on with the routes that they began with.
  void set_routes(std::shared_ptr<const Router> routes);
  std::shared_ptr<const Router> routes() const;

  http::ServerResponse webhook(const http::ServerRequest& request);
  http::ServerResponse resume(const http::ServerRequest& request);

  /// Deliveries whose signature, credential or address was wrong.
  std::uint64_t refused() const { return refused_; }

 private:
  http::ServerResponse deliver(const RouteEntry& entry, const Delivery& delivery);
  http::ServerResponse start(const RouteEntry& entry, Received received,
                             std::unique_lock<std::mutex> changing);
  bool wake(const ResumeTokens::Claim& claim, const Value& with);

  execution::Executor& executor_;
  Starter& starter_;
  const ResumeTokens& tokens_;
  const FrontOptions options_;
  mutable std::mutex mutex_;
  std::shared_ptr<const Router> routes_;
  std::atomic<std::uint64_t> refused_{0};
};

/// An answer for callers: {"error": …}; nothing of the inside.
http::ServerResponse plain_error(int status, std::string_view message);

}  // namespace engine::trigger
