// From the parameters of an item to a request.
#pragma once

#include "core/http/message.h"
#include "core/node/context.h"

namespace engine::nodes {

/// Throws Error{user} with the parameter that is wrong.
http::Request build_request(NodeContext& context, std::size_t item);

/// `url` with the parameters added, before a fragment; those that are there already are replaced.
/// Null and missing values are left out, a list is repeated.
std::string with_query(const std::string& url, View query);

/// Names without case; null removes. Throws Error{user, "bad_header"} for line breaks.
void set_headers(http::Headers& headers, View values);

/// "https://host:port", in lower case.
std::string origin_of(std::string_view url);

/// A URL that an answer gave, seen from the URL that was asked.
std::string resolve_url(const std::string& base, const std::string& reference);

}  // namespace engine::nodes
