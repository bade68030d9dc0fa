// Opens connections: resolves, checks addresses, goes through a proxy, starts TLS.
#pragma once

#include <memory>

#include "core/http/framing.h"
#include "core/http/message.h"
#include "core/http/proxy.h"
#include "core/http/tls.h"

namespace engine::http {

/// A connection to a server, kept open between requests.
struct Connection {
  explicit Connection(std::unique_ptr<Stream> opened)
      : stream(std::move(opened)), reader(*stream) {}

  std::unique_ptr<Stream> stream;
  Reader reader;
};

/// Thread-safe.
class Connector {
 public:
  explicit Connector(ProxySettings proxies) : proxies_(std::move(proxies)) {}

  /// Throws WireError, or Error{user, "address_refused"} when `request` may not go to the address
  /// that its host has: the one that is connected to is the one that is checked.
  std::unique_ptr<Connection> open(const Request& request, const Url& url,
                                   const WireLimits& limits);

  /// The proxy to which a plain http request is addressed as a whole, or null.
  const Proxy* proxy_for(const Url& url) const { return proxies_.find(url); }

 private:
  Poco::Net::StreamSocket through_proxy(const Proxy& proxy, const Url& url,
                                        const WireLimits& limits) const;

  const ProxySettings proxies_;
  TlsContext tls_;
};

}  // namespace engine::http
