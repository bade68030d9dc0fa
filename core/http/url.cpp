#include "core/http/url.h"

#include <Poco/Net/IPAddress.h>

#include <algorithm>
#include <charconv>

#include "core/base/error.h"
#include "core/http/message.h"

namespace engine::http {
namespace {

[[noreturn]] void throw_bad(const std::string& why) {
  throw Error(ErrorCause::user, "bad_url", "The URL " + why);
}

std::string lower(std::string_view text) {
  std::string result(text);
  std::transform(result.begin(), result.end(), result.begin(),
                 [](char c) { return c >= 'A' && c <= 'Z' ? static_cast<char>(c | 0x20) : c; });
  return result;
}

bool host_character(char c) {
  return (c >= 'a' && c <= 'z') || (c >= '0' && c <= '9') || c == '.' || c == '-' || c == '_';
}

std::uint16_t parse_port(std::string_view text, bool secure) {
  if (text.empty()) return secure ? 443 : 80;
  std::uint16_t port = 0;
  const auto [end, error] = std::from_chars(text.data(), text.data() + text.size(), port);
  if (error != std::errc() || end != text.data() + text.size() || port == 0) {
    throw_bad("has a port that is not a number from 1 to 65535.");
  }
  return port;
}

void parse_authority(std::string_view text, Url& url) {
  if (text.find('@') != std::string_view::npos) {
    throw_bad("holds a user name. Keep names and passwords in a credential.");
  }
  if (text.starts_with('[')) {
    const std::size_t close = text.find(']');
    Poco::Net::IPAddress address;
    url.host = lower(text.substr(1, close == std::string_view::npos ? close : close - 1));
    const bool valid = close != std::string_view::npos && url.host.find('%') == std::string::npos &&
                       Poco::Net::IPAddress::tryParse(url.host, address) &&
                       address.family() == Poco::Net::IPAddress::IPv6;
    if (!valid) throw_bad("has a broken IPv6 address. Write it as [2001:db8::1].");
    text.remove_prefix(close + 1);
    if (!text.empty() && text[0] != ':') throw_bad("has something odd after its host.");
  } else {
    url.host = lower(text.substr(0, text.find(':')));
    text.remove_prefix(url.host.size());
    if (url.host.empty()) throw_bad("has no host. Write it as https://host/path.");
    if (url.host.size() > 253 || !std::all_of(url.host.begin(), url.host.end(), host_character)) {
      throw_bad(
          "has a host with characters that host names do not have. Names beyond ASCII are written "
          "in "
          "their xn-- form.");
    }
  }
  url.port = parse_port(text.empty() ? text : text.substr(1), url.secure);
}

// What browsers encode too, so that a pasted address works.
std::string encoded_target(std::string_view text) {
  std::string result = text.starts_with('/') ? "" : "/";
  for (const char c : text) {
    const bool odd = static_cast<unsigned char>(c) >= 0x80 ||
                     std::string_view(" \"<>\\^`{|}").find(c) != std::string_view::npos;
    result += odd ? percent_encode(std::string_view(&c, 1)) : std::string(1, c);
  }
  return result;
}

// RFC 3986, section 5.2.4, on a path that begins with a slash.
std::string without_dot_segments(std::string_view path) {
  std::string result;
  while (!path.empty()) {
    const std::size_t next = std::min(path.find('/', 1), path.size());
    const std::string_view segment = path.substr(0, next);
    path.remove_prefix(next);
    if (segment != "/." && segment != "/..") {
      result += segment;
      continue;
    }
    if (segment == "/..") result.resize(result.empty() ? 0 : result.rfind('/'));
    if (path.empty()) result += '/';
  }
  return result;
}

}  // namespace

std::string Url::authority() const {
  std::string text = host.find(':') == std::string::npos ? host : "[" + host + "]";
  if (port != (secure ? 443 : 80)) text += ":" + std::to_string(port);
  return text;
}

std::string Url::origin() const {
  return (secure ? "https://" : "http://") + authority();
}

Url parse_url(std::string_view text) {
  const bool control = std::any_of(text.begin(), text.end(), [](char c) {
    return static_cast<unsigned char>(c) < 0x20 || c == 0x7F;
  });
  if (control) throw_bad("holds a line break or another control character.");
  Url url;
  const std::size_t colon = text.find("://");
  const std::string scheme = colon == std::string_view::npos ? "" : lower(text.substr(0, colon));
  if (scheme != "http" && scheme != "https") {
    throw_bad("does not begin with http:// or https://.");
  }
  url.secure = scheme == "https";
  text.remove_prefix(colon + 3);
  text = text.substr(0, text.find('#'));
  const std::string_view authority = text.substr(0, text.find_first_of("/?"));
  parse_authority(authority, url);
  url.target = encoded_target(text.substr(authority.size()));
  return url;
}

Url resolve_url(const Url& base, std::string_view location) {
  location = location.substr(0, location.find('#'));
  const std::size_t scheme = location.find("://");
  if (scheme != std::string_view::npos && location.find_first_of("/?") > scheme) {
    return parse_url(location);
  }
  if (location.starts_with("//")) {
    return parse_url((base.secure ? "https:" : "http:") + std::string(location));
  }
  const std::string_view base_path = std::string_view(base.target).substr(0, base.target.find('?'));
  if (location.empty()) return parse_url(base.text());
  if (location[0] == '?')
    return parse_url(base.origin() + std::string(base_path) + std::string(location));
  const std::size_t query = std::min(location.find('?'), location.size());
  std::string path(location.substr(0, query));
  if (path[0] != '/') path = std::string(base_path.substr(0, base_path.rfind('/') + 1)) + path;
  return parse_url(base.origin() + without_dot_segments(path) +
                   std::string(location.substr(query)));
}

}  // namespace engine::http
