// Absolute http and https URLs, read strictly: what two parsers could read differently is refused,
// because that is how requests are sent to hosts that nobody allowed.
#pragma once

#include <cstdint>
#include <string>
#include <string_view>

namespace engine::http {

struct Url {
  bool secure = false;
  std::string host;  ///< in lower case; IPv6 without brackets
  std::uint16_t port = 80;
  std::string target = "/";  ///< path and query, percent-encoded

  std::string authority() const;  ///< "host", "host:8080", "[::1]:8080"
  std::string origin() const;     ///< "https://host"
  std::string text() const { return origin() + target; }
  bool same_origin(const Url& other) const {
    return secure == other.secure && host == other.host && port == other.port;
  }
};

/// Spaces and bytes beyond ASCII are percent-encoded, the fragment is dropped. Throws Error{user,
/// "bad_url"}: other schemes, user names, control characters, odd hosts and ports.
Url parse_url(std::string_view text);

/// A Location header, which may be relative (RFC 3986, section 5.2). Throws as parse_url.
Url resolve_url(const Url& base, std::string_view location);

}  // namespace engine::http
