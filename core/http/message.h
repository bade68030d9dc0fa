// HTTP requests and answers as plain data.
#pragma once

#include <chrono>
#include <cstdint>
#include <filesystem>
#include <functional>
#include <memory>
#include <optional>
#include <string>
#include <string_view>
#include <utility>
#include <variant>
#include <vector>

namespace engine::http {

/// Without case (RFC 9110, section 5.1), as the names of headers are.
bool same_name(std::string_view a, std::string_view b);

/// In order.
class Headers {
 public:
  void add(std::string name, std::string value);
  void set(std::string_view name, std::string value);  ///< replaces all of that name
  void remove(std::string_view name);
  /// The first value; nothing when absent.
  std::optional<std::string_view> find(std::string_view name) const;
  auto begin() const { return entries_.begin(); }
  auto end() const { return entries_.end(); }
  std::size_t size() const { return entries_.size(); }
  bool empty() const { return entries_.empty(); }

 private:
  std::vector<std::pair<std::string, std::string>> entries_;
};

/// Part of a body: bytes in memory or a file that is streamed.
using BodyPart = std::variant<std::string, std::filesystem::path>;

/// Sent one after the other; the length is known before sending.
struct Body {
  std::vector<BodyPart> parts;
  std::string content_type;  ///< empty: no header

  bool empty() const { return parts.empty(); }
  static Body text(std::string content, std::string content_type);
};

/// One field of a multipart/form-data body (RFC 7578).
struct FormField {
  std::string name;
  BodyPart content;
  std::string file_name;     ///< empty: a plain field
  std::string content_type;  ///< empty: none
};
Body multipart(const std::vector<FormField>& fields, const std::string& boundary);

struct Request {
  std::string method = "GET";
  std::string url;  ///< absolute, http or https
  Headers headers;
  Body body;
  std::chrono::milliseconds connect_timeout{10'000};
  std::chrono::milliseconds timeout{60'000};  ///< from sending to the last byte of the answer
  std::uint64_t max_response_bytes = 64U << 20U;
  int max_redirects = 5;           ///< 0: redirects are answers
  int attempts = 3;                ///< tries in all, only where repeating is safe
  std::optional<bool> repeatable;  ///< nothing: as the method says (RFC 9110, section 9.2.2)
  std::string pace_key;           ///< requests with the same key share one rate budget; empty: none
  bool private_addresses = true;  ///< false: loopback, private and link-local addresses are refused
  bool private_redirects = true;  ///< false: as above, once a redirect leads to another host
  /// Where the answer's bytes go instead of Response::body (only of a 2xx answer).
  std::function<void(std::string_view)> sink;
  /// Names of headers and of query parameters that hold secrets: dropped when a redirect leaves the
  /// host, never shown in errors or logs.
  std::vector<std::string> secret_headers;
  std::vector<std::string> secret_query;
};

struct Response {
  int status = 0;
  std::string reason;
  Headers headers;
  std::string body;
  std::string url;  ///< after redirects
  bool ok() const { return status >= 200 && status < 300; }
};

/// RFC 3986: everything but unreserved characters becomes %XX.
std::string percent_encode(std::string_view text);
/// Also `+` as a space when `form`. Broken escapes stay as they are.
std::string percent_decode(std::string_view text, bool form = false);
/// "a=1&b=%20", in order.
std::string encode_query(const std::vector<std::pair<std::string, std::string>>& query);

/// The URL with secret query values replaced, for errors and logs.
std::string shown_url(const Request& request);

}  // namespace engine::http
