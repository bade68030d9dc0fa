// Where a redirect leads, and what must not go along (RFC 9110, section 15.4).
#pragma once

#include "core/http/message.h"
#include "core/http/url.h"

namespace engine::http {

/// Whether the answer is a redirect that can be followed.
bool is_redirect(const Response& response);

/// The request that follows one. 303, and 301 or 302 to a POST, become GET without a body. On
/// another scheme, host or port Authorization, Cookie, Host and everything secret are dropped.
/// Throws Error{upstream, "bad_answer"} for a Location that cannot be read or that leaves https.
Request redirected(const Request& request, const Url& from, const Response& response);

}  // namespace engine::http
