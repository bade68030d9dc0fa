// The HTTP client: connections kept open, redirects, retries where they are safe, and a pace.
#pragma once

#include <functional>
#include <memory>

#include "core/base/random.h"
#include "core/base/time.h"
#include "core/http/client.h"
#include "core/http/connection_pool.h"
#include "core/http/exchange.h"
#include "core/http/pacer.h"

namespace engine::http {

/// Parsed already: scheme, host and target.
using Answerer = std::function<Response(const Request& request, const Url& url)>;

struct ClientOptions {
  ProxySettings proxies;
  Milliseconds longest_pause{120'000};  ///< that a service may ask for
  Milliseconds first_delay{500};        ///< before a retry: doubles each time, with full jitter,
  Milliseconds longest_delay{10'000};   ///< up to this
  WaitFunction wait = [](Milliseconds time, const Cancellation& cancellation) {
    return cancellation.wait_for(time);
  };
  /// Answers in the place of the network, when set. May throw what a connection would.
  Answerer answer{};
};

/// Thread-safe; one per process, so that connections and paces are shared. Cheap to make: TLS is
/// set up on the first https request. Response::url comes without secrets.
class PooledClient final : public Client {
 public:
  PooledClient(const Clock& clock, Random& random, ClientOptions options = {});

  Response send(const Request& request, const Cancellation& cancellation) override;

 private:
  Response send_repeating(const Request& request, const Cancellation& cancellation);
  Response send_paced(const Request& request, const Cancellation& cancellation, bool& safe);
  Response send_following(const Request& request, const Cancellation& cancellation, bool& safe);
  Response send_once(const Request& request, const Url& url, const WireLimits& limits,
                     ExchangeProgress& progress);
  Response answered(const Request& request, const Url& url, ExchangeProgress& progress) const;
  void wait_before_retry(int attempt, const std::optional<Milliseconds>& asked,
                         const Cancellation& cancellation);

  const Clock& clock_;
  Random& random_;
  const ClientOptions options_;
  Connector connector_;
  ConnectionPool pool_;
  Pacer pacer_;
};

}  // namespace engine::http
