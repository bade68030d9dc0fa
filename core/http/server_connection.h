// One connection of the server: reads requests, calls the handler, writes answers.
#pragma once

#include <atomic>
#include <semaphore>

#include "core/http/framing.h"
#include "core/http/server.h"

namespace engine::http {

/// What the connections of a server share.
struct ServerShared {
  ServerOptions options;
  Server::Handler handler;
  Wakeup stopping;
  std::counting_semaphore<> handlers;
  std::atomic<std::size_t> bodies_bytes{0};

  ServerShared(ServerOptions given, Server::Handler handle);
};

/// Runs until the connection is closed by either side, is idle too long, or the server stops.
/// Throws nothing.
void serve_connection(const Poco::Net::StreamSocket& socket, ServerShared& shared);

/// Answers a connection that there is no room for, without looking at what it asks. Throws nothing.
void refuse_connection(const Poco::Net::StreamSocket& socket, ServerShared& shared);

}  // namespace engine::http
