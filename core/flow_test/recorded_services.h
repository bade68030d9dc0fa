// The HTTP client of a case: services are what the test file has recorded of them.
#pragma once

#include <functional>
#include <mutex>
#include <vector>

#include "core/base/diagnostic.h"
#include "core/base/random.h"
#include "core/flow_test/exchange.h"
#include "core/flow_test/virtual_time.h"
#include "core/http/pooled_client.h"

namespace engine::flow_test {

/// Paces, retries and redirects are those of the real client; their waits pass at once.
/// Thread-safe.
class RecordedServices final : public http::Client {
 public:
  /// `network` answers what is not recorded; empty: that is refused. `exchanges` outlive this.
  RecordedServices(const std::vector<Exchange>& exchanges, VirtualTime& time, Random& random,
                   std::function<http::Client&()> network);

  /// Throws Error{user, "request_not_recorded"} that names the nearest recordings, and as
  /// http::Client.
  http::Response send(const http::Request& request, const Cancellation& cancellation) override;

  /// In the order they were made, tries of the same request included.
  std::vector<SeenRequest> requests() const;
  /// Recordings that were asked for less often than they say, and requests without any; `fallback`
  /// is the place of those.
  std::vector<Diagnostic> faults(const Position& fallback) const;

 private:
  http::Response answer(const http::Request& request, const http::Url& url);
  const Exchange* take(const SeenRequest& request);
  bool recorded(const SeenRequest& request) const;
  Error not_recorded(const SeenRequest& request) const;
  http::ClientOptions options();

  const std::vector<Exchange>& exchanges_;
  VirtualTime& time_;
  const std::function<http::Client&()> network_;
  http::PooledClient client_;
  mutable std::mutex mutex_;
  std::vector<std::size_t> used_;  // by exchange
  std::vector<SeenRequest> requests_;
  std::vector<Error> refused_;
};

}  // namespace engine::flow_test
