// A small HTTP/1.1 server for loopback and for use behind a proxy (on Poco::Net).
#pragma once

#include <chrono>
#include <cstdint>
#include <functional>
#include <memory>
#include <string>

#include "core/http/server_message.h"

namespace engine::http {

struct ServerOptions {
  std::string host = "127.0.0.1";
  std::uint16_t port = 0;  ///< 0: any free one
  std::size_t max_body_bytes = 16U << 20U;
  std::size_t max_header_bytes = 64U << 10U;
  std::size_t max_headers = 256;  ///< lines
  /// Of all bodies that are being received or answered; beyond it a request is answered 503.
  std::size_t max_bodies_bytes = 256U << 20U;
  std::size_t max_connections = 512;
  std::size_t threads = 16;  ///< handlers at once; requests above that wait their turn
  /// How long a connection may be idle, and how long a head may take. A body and an answer may take
  /// this long and a second more for every 64 KiB, but not rest for longer than this.
  std::chrono::milliseconds idle_timeout{30'000};
};

/// Runs from construction to destruction. The handler is called from several threads at once; an
/// exception in it is answered 500 without details. Length, connection and date headers are the
/// server's own; a handler's `Connection: close` is honoured. A connection above the limit is
/// answered 503 and closed.
class Server {
 public:
  using Handler = std::function<ServerResponse(const ServerRequest&)>;

  /// Throws Error{user, "address_in_use" | "cannot_listen"} when it cannot listen.
  Server(const ServerOptions& options, Handler handler);
  ~Server();
  Server(const Server&) = delete;
  Server& operator=(const Server&) = delete;

  std::uint16_t port() const;
  /// Stops accepting, and waits for requests that are being answered. Not from a handler.
  void stop();

 private:
  struct State;
  std::unique_ptr<State> state_;
};

}  // namespace engine::http
