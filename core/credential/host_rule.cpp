#include "core/credential/host_rule.h"

#include <algorithm>

namespace engine {
namespace {

bool matches(const http::Url& url, std::string rule) {
  std::transform(rule.begin(), rule.end(), rule.begin(),
                 [](char c) { return c >= 'A' && c <= 'Z' ? static_cast<char>(c | 0x20) : c; });
  if (rule.starts_with("*.")) {
    const std::string suffix = rule.substr(1);
    return url.host.size() > suffix.size() && url.host.ends_with(suffix);
  }
  const std::string shown =
      url.host.find(':') == std::string::npos ? url.host : "[" + url.host + "]";
  return rule == url.host || rule == shown || rule == shown + ":" + std::to_string(url.port);
}

}  // namespace

bool host_allowed(const http::Url& url, const std::vector<std::string>& rules) {
  return std::any_of(rules.begin(), rules.end(),
                     [&](const std::string& rule) { return matches(url, rule); });
}

void keep_public(http::Request& request, bool chosen_host,
                 const std::vector<std::string>& private_hosts) {
  request.private_redirects = false;
  request.private_addresses =
      chosen_host || host_allowed(http::parse_url(request.url), private_hosts);
}

}  // namespace engine
