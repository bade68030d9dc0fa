// What the HTTP server takes and gives, as plain data.
#pragma once

#include <optional>
#include <string>
#include <utility>
#include <vector>

#include "core/http/message.h"

namespace engine::http {

struct ServerRequest {
  std::string method;
  std::string path;  ///< percent-encoded as it came, without the query
  std::vector<std::pair<std::string, std::string>> query;  ///< decoded, in order
  Headers headers;
  std::string body;  ///< raw bytes
  std::string peer;  ///< address of the caller
};

struct ServerResponse {
  int status = 200;
  Headers headers;
  std::string body;
  /// For stand-ins that misbehave on purpose: close the connection after this many bytes of the
  /// body (the Content-Length header still tells the full size).
  std::optional<std::size_t> cut_after;
};

}  // namespace engine::http
