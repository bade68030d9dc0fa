// A request as bytes on a stream.
#pragma once

#include "core/http/connector.h"

namespace engine::http {

/// Sets `sent` before the first byte that may reach the server. Files of the body are streamed.
/// Throws WireError, and Error{storage, "file_unreadable"}.
void write_request(Stream& stream, const Request& request, const Url& url, const Proxy* proxy,
                   const WireLimits& limits, bool& sent);

}  // namespace engine::http
