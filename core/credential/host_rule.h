// Whether a secret may go to a host.
#pragma once

#include <string>
#include <vector>

#include "core/http/url.h"

namespace engine {

/// A rule is a host, a host with its port, or "*.example.com" for everything below example.com (and
/// not example.com itself). Letter case does not count.
bool host_allowed(const http::Url& url, const std::vector<std::string>& rules);

}  // namespace engine
