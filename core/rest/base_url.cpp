#include "core/rest/base_url.h"

#include <algorithm>

#include "core/base/error.h"
#include "core/value/json.h"

namespace engine::rest {
namespace {

std::string_view authority(std::string_view url) {
  const std::size_t scheme = url.find("://");
  if (scheme == std::string_view::npos) return {};
  url.remove_prefix(scheme + 3);
  return url.substr(0, url.find_first_of("/?#"));
}

bool good(std::string_view url) {
  const bool scheme = url.rfind("https://", 0) == 0 || url.rfind("http://", 0) == 0;
  return scheme && !host_of(url).empty() && std::none_of(url.begin(), url.end(), [](char c) {
           return static_cast<unsigned char>(c) <= 0x20 || c == '?' || c == '#' || c == '@' ||
                  c == '\\' || c == 0x7f;
         });
}

}  // namespace

std::string host_of(std::string_view url) {
  std::string_view host = authority(url);
  if (const auto at = host.rfind('@'); at != std::string_view::npos) host.remove_prefix(at + 1);
  if (!host.empty() && host.front() == '[') return std::string(host.substr(0, host.find(']') + 1));
  return std::string(host.substr(0, host.find(':')));
}

std::string origin_of(std::string_view url) {
  const std::size_t scheme = url.find("://");
  if (scheme == std::string_view::npos) return {};
  return std::string(url.substr(0, scheme + 3)) + std::string(authority(url));
}

std::string checked_base_url(std::string_view url) {
  if (!good(url)) {
    throw Error(ErrorCause::credential, "bad_api_url",
                "The address '" + std::string(url.substr(0, url.find('@'))) +
                    "' of the service is not usable: write it as https://host/path, without "
                    "user, query or fragment.");
  }
  while (url.back() == '/') url.remove_suffix(1);
  return std::string(url);
}

std::string base_url(const Package& package, const NodeContext& context) {
  if (!package.base_url_field.empty() && context.has_credential()) {
    const Value given = context.credential_field(package.base_url_field);
    if (given.is_string() && !given.as_string().empty()) return checked_base_url(given.as_string());
  }
  return checked_base_url(package.base_url);
}

}  // namespace engine::rest
