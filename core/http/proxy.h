// Proxies, as the environment names them.
#pragma once

#include <cstdint>
#include <functional>
#include <optional>
#include <string>
#include <vector>

#include "core/http/url.h"

namespace engine::http {

struct Proxy {
  std::string host;
  std::uint16_t port = 80;
  std::string authorization;  ///< value of Proxy-Authorization, or empty
};

class ProxySettings {
 public:
  ProxySettings() = default;  ///< none

  /// Reads http_proxy, https_proxy, all_proxy and no_proxy, lower case before upper case, through
  /// `variable` (nothing: not set). Throws Error{user, "bad_url"} that names the variable.
  explicit ProxySettings(
      const std::function<std::optional<std::string>(const std::string&)>& variable);
  static ProxySettings from_environment();

  /// The proxy for a URL, or null. Never one for this machine, as it could not reach it.
  const Proxy* find(const Url& url) const;

 private:
  bool excepted(const Url& url) const;

  std::optional<Proxy> http_;
  std::optional<Proxy> https_;
  std::vector<std::string> exceptions_;
};

}  // namespace engine::http
