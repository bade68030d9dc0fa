// Requests as test files name them, the answers recorded for them, and requests as they were made.
#pragma once

#include <optional>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "core/http/message.h"
#include "core/http/url.h"
#include "core/value/located.h"

namespace engine::flow_test {

using Pairs = std::vector<std::pair<std::string, std::string>>;

/// What a request must be like: what is not named is free.
struct RequestPattern {
  std::string method = "GET";
  std::string url;  ///< without its query; '*' stands for any text without '/'
  Pairs query;
  Pairs headers;
  const Located* json = nullptr;  ///< owned by the file
  std::optional<Pairs> form;
  std::optional<std::string> text;
  Position position;
};

/// A recorded answer, or a failure in the place of one.
struct Exchange {
  RequestPattern request;
  http::Response response;
  std::string fails;                   ///< "connection_failed", "connection_lost" or "timeout"
  std::optional<std::size_t> times{};  ///< how many requests it answers; nothing: any number
};

/// A request that was made. Secrets of credentials are left out.
struct SeenRequest {
  std::string method;
  std::string url;  ///< without its query
  Pairs query;      ///< decoded, in order
  Pairs headers;
  Value json;  ///< missing for other bodies
  std::optional<Pairs> form;
  std::optional<std::string> text;  ///< of neither kind; nothing for files and multipart bodies

  /// "POST https://host/path?a=1"
  std::string line() const;
};

SeenRequest seen(const http::Request& request, const http::Url& url);

/// How a test file would name it: a line of text, or a map when there is a body.
Value as_value(const SeenRequest& request);

/// Splits "https://host/path?a=1" and adds what stands behind '?' to `query`. The rest.
std::string without_query(std::string_view url, Pairs& query);

/// How much of a body in JSON must be named.
enum class Body { part, whole };

/// Whether a request is one that the pattern names.
bool matches(const RequestPattern& pattern, const SeenRequest& request, Body body);

/// How near a request is to a pattern that it does not match; more is nearer, 0 is far.
int nearness(const RequestPattern& pattern, const SeenRequest& request);

/// Whether `text` is like `pattern`, in which '*' stands for any text without '/'.
bool fits(std::string_view pattern, std::string_view text);

}  // namespace engine::flow_test
