// One request and its answer on one connection.
#pragma once

#include "core/http/connector.h"

namespace engine::http {

/// How far an exchange came; tells what may be repeated after a failure.
struct ExchangeProgress {
  bool sent = false;      ///< some byte may have reached the server
  bool answered = false;  ///< after a failure: some byte of an answer came
  bool consumed = false;  ///< the request's sink was given bytes
  bool reusable = false;  ///< the connection is ready for another request
};

/// Throws Error{user, "bad_request"} for a method or a header that cannot be sent.
void check_request(const Request& request);

/// Sends and receives. `proxy` is the one that a plain http request goes through, or null. Throws
/// WireError, Error{storage, "file_unreadable"} for a file of the body, and what the sink throws.
Response exchange_messages(Connection& connection, const Request& request, const Url& url,
                           const Proxy* proxy, const WireLimits& limits,
                           ExchangeProgress& progress);

}  // namespace engine::http
