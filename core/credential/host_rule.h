// Whether a secret may go to a host, and a request to a private address.
#pragma once

#include <string>
#include <vector>

#include "core/http/message.h"
#include "core/http/url.h"

namespace engine {

/// A rule is a host, a host with its port, or "*.example.com" for everything below example.com (and
/// not example.com itself). Letter case does not count.
bool host_allowed(const http::Url& url, const std::vector<std::string>& rules);

/// Keeps a request to public addresses, unless its host was chosen by whoever made its credential,
/// or is one of `private_hosts`; redirects to other hosts are kept to them in any case. Throws
/// Error{user, "bad_url"}.
void keep_public(http::Request& request, bool chosen_host,
                 const std::vector<std::string>& private_hosts);

}  // namespace engine
