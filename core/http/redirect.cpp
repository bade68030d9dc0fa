#include "core/http/redirect.h"

#include <algorithm>

#include "core/base/error.h"

namespace engine::http {
namespace {

void drop_body(Request& request) {
  request.body = {};
  for (const char* name : {"Content-Type", "Content-Length", "Content-Encoding", "Content-Language",
                           "Content-Location"}) {
    request.headers.remove(name);
  }
}

// A service may repeat the whole query in its Location.
std::string without_query_secrets(const std::string& target, const Request& request) {
  const std::size_t question = target.find('?');
  if (question == std::string::npos) return target;
  std::string result = target.substr(0, question);
  std::string_view rest = std::string_view(target).substr(question + 1);
  char separator = '?';
  while (!rest.empty()) {
    const std::string_view pair = rest.substr(0, rest.find('&'));
    rest.remove_prefix(std::min(rest.size(), pair.size() + 1));
    const std::string name = percent_decode(pair.substr(0, pair.find('=')), true);
    const auto& secrets = request.secret_query;
    if (std::find(secrets.begin(), secrets.end(), name) != secrets.end()) continue;
    result += separator;
    result += pair;
    separator = '&';
  }
  return result;
}

void drop_secrets(Request& request, Url& url) {
  for (const char* name : {"Authorization", "Cookie", "Proxy-Authorization", "Host"}) {
    request.headers.remove(name);
  }
  for (const std::string& name : request.secret_headers) request.headers.remove(name);
  url.target = without_query_secrets(url.target, request);
}

Url target_of(const Url& from, const Response& response) {
  Url url;
  try {
    url = resolve_url(from, *response.headers.find("Location"));
  } catch (const Error&) {
    throw Error(ErrorCause::upstream, "bad_answer",
                from.origin() + " redirects to an address that cannot be read.");
  }
  if (from.secure && !url.secure) {
    throw Error(ErrorCause::upstream, "bad_answer",
                from.origin() + " redirects from https to " + url.origin() +
                    ", which anybody on the way could read. Use the https address of the target.");
  }
  return url;
}

}  // namespace

bool is_redirect(const Response& response) {
  switch (response.status) {
    case 301:
    case 302:
    case 303:
    case 307:
    case 308: return response.headers.find("Location").has_value();
    default: return false;
  }
}

Request redirected(const Request& request, const Url& from, const Response& response) {
  Url url = target_of(from, response);
  Request next = request;
  const bool becomes_get =
      (response.status == 303 && request.method != "HEAD") ||
      ((response.status == 301 || response.status == 302) && request.method == "POST");
  if (becomes_get) {
    next.method = "GET";
    drop_body(next);
  }
  if (!url.same_origin(from)) drop_secrets(next, url);
  if (url.host != from.host && !request.private_redirects) next.private_addresses = false;
  next.url = url.text();
  return next;
}

}  // namespace engine::http
