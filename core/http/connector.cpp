#include "core/http/connector.h"

#include <poll.h>

#include <algorithm>

#include "core/base/error.h"
#include "core/http/address.h"

namespace engine::http {
namespace {

using Poco::Net::IPAddress;
using Poco::Net::SocketAddress;
using Poco::Net::StreamSocket;

StreamSocket connect_one(const SocketAddress& address, const WireLimits& limits) {
  StreamSocket socket;
  try {
    socket.connectNB(address);
    wait_ready(socket.impl()->sockfd(), POLLOUT, limits);
    if (const int error = socket.impl()->socketError(); error != 0) {
      throw WireError(WireFault::lost, std::generic_category().message(error));
    }
  } catch (const Poco::Exception& error) {
    throw WireError(WireFault::lost, error.displayText());
  }
  return socket;
}

// Tries them in order; each gets its share of the time, so that a dead one does not use all of it.
StreamSocket connect_any(const std::vector<IPAddress>& addresses, std::uint16_t port,
                         const WireLimits& limits) {
  for (std::size_t i = 0;; ++i) {
    const auto now = std::chrono::steady_clock::now();
    const auto left = static_cast<std::int64_t>(addresses.size() - i);
    const WireLimits share{now + (limits.deadline - now) / left, limits.wake_fd};
    try {
      return connect_one(SocketAddress(addresses[i], port), share);
    } catch (const WireError& error) {
      if (error.fault() == WireFault::woken || left == 1) throw;
    }
  }
}

void check_addresses(const std::vector<IPAddress>& addresses, const std::string& host) {
  if (std::none_of(addresses.begin(), addresses.end(), is_private_address)) return;
  throw Error(ErrorCause::user, "address_refused",
              "'" + host +
                  "' is an address of this machine or of a private network, and requests to those "
                  "are not allowed here.");
}

// The proxy resolves the name by itself; what it means here is the best that can be known.
void check_behind_proxy(const std::string& host, const WireLimits& limits) {
  std::vector<IPAddress> addresses;
  try {
    addresses = resolve_host(host, limits);
  } catch (const WireError& error) {
    if (error.fault() != WireFault::lost) throw;
  }
  check_addresses(addresses, host);
}

}  // namespace

std::unique_ptr<Connection> Connector::open(const Request& request, const Url& url,
                                            const WireLimits& limits) try {
  StreamSocket socket;
  if (const Proxy* proxy = proxy_for(url)) {
    if (!request.private_addresses) check_behind_proxy(url.host, limits);
    socket = through_proxy(*proxy, url, limits);
  } else {
    const std::vector<IPAddress> addresses = resolve_host(url.host, limits);
    if (!request.private_addresses) check_addresses(addresses, url.host);
    socket = connect_any(addresses, url.port, limits);
  }
  if (url.secure) return std::make_unique<Connection>(tls_.connect(socket, url.host, limits));
  return std::make_unique<Connection>(std::make_unique<PlainStream>(socket));
} catch (const Poco::Exception& error) {
  throw WireError(WireFault::lost, error.displayText());
}

StreamSocket Connector::through_proxy(const Proxy& proxy, const Url& url,
                                      const WireLimits& limits) const {
  constexpr std::size_t kMostHeadBytes = 16U << 10U;
  StreamSocket socket = connect_any(resolve_host(proxy.host, limits), proxy.port, limits);
  if (!url.secure) return socket;
  PlainStream stream(socket);
  const std::string target =
      (url.host.find(':') == std::string::npos ? url.host : "[" + url.host + "]") + ":" +
      std::to_string(url.port);
  std::string ask = "CONNECT " + target + " HTTP/1.1\r\nHost: " + target + "\r\n";
  if (!proxy.authorization.empty()) ask += "Proxy-Authorization: " + proxy.authorization + "\r\n";
  stream.write(ask + "\r\n", limits);
  Reader reader(stream);
  const std::string head = reader.read_head(kMostHeadBytes, limits, "HTTP/1.");
  if (head.size() < 12 || head[9] != '2' || reader.buffered()) {
    throw WireError(WireFault::lost,
                    "the proxy " + proxy.host + " answered '" +
                        head.substr(0, std::min<std::size_t>(head.find("\r\n"), 100)) + "'");
  }
  return socket;
}

}  // namespace engine::http
