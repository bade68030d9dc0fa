// Waits on loopback for the browser that comes back from the authorize page (RFC 8252,
// section 7.3).
#pragma once

#include <condition_variable>
#include <memory>
#include <mutex>
#include <optional>
#include <string>

#include "core/base/cancellation.h"
#include "core/credential/oauth2.h"
#include "core/http/server.h"

namespace engine::cli {

/// Where `engine credentials connect` listens unless told otherwise: fixed, so that the redirect
/// URL can be entered into an app once.
inline constexpr std::uint16_t kConnectPort = 8791;

std::string loopback_redirect_url(std::uint16_t port);

/// Takes one answer. Listens from construction to destruction.
class RedirectListener {
 public:
  /// Throws Error{user, "address_in_use"}.
  explicit RedirectListener(std::uint16_t port);
  ~RedirectListener();
  RedirectListener(const RedirectListener&) = delete;
  RedirectListener& operator=(const RedirectListener&) = delete;

  std::string redirect_url() const { return loopback_redirect_url(server_->port()); }

  /// What came to the redirect URL; nothing when the time ran out. The browser waits until `show`.
  /// Throws the cancellation's error.
  std::optional<QueryFields> wait(Milliseconds time, const Cancellation& cancellation);

  /// Ends the browser's waiting.
  void show(const std::string& title, const std::string& text);

 private:
  http::ServerResponse handle(const http::ServerRequest& request);

  std::mutex mutex_;
  std::condition_variable changed_;
  std::optional<QueryFields> answer_;
  std::optional<http::ServerResponse> page_;
  std::unique_ptr<http::Server> server_;
};

}  // namespace engine::cli
