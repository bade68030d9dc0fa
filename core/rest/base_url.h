// Where a package's requests go.
#pragma once

#include <string>

#include "core/node/context.h"
#include "core/rest/operation.h"

namespace engine::rest {

/// The address without a slash at its end: the credential's, when the package names a field and the
/// credential has it, else the package's. Throws Error{credential, "bad_api_url"} unless it is http
/// or https with a host and without user, query and fragment.
std::string base_url(const Package& package, const NodeContext& context);

/// The same check for an address as text.
std::string checked_base_url(std::string_view url);

/// "api.example.com" of "https://api.example.com:8443/x"; empty when there is none.
std::string host_of(std::string_view url);

/// "https://api.example.com:8443" of a longer address.
std::string origin_of(std::string_view url);

}  // namespace engine::rest
