#include "nodes/http_request/paging.h"

#include "core/value/json.h"
#include "nodes/http_request/request_builder.h"

namespace engine::nodes {
namespace {

constexpr std::int64_t kMostPages = 100;

std::string body_text(const http::Request& request) {
  std::string text;
  for (const http::BodyPart& part : request.body.parts) {
    if (const auto* piece = std::get_if<std::string>(&part)) text += *piece;
  }
  return text;
}

// The members of `changes` replace those of a JSON body.
void change_json(http::Request& request, const Value& changes) {
  const std::string old = body_text(request);
  const Value before = old.empty() ? Value::object() : parse_json(old, "the body of the request");
  ValueBuilder builder;
  builder.begin_object();
  for (const auto& [name, value] : before.members()) {
    builder.key(name);
    builder.copy(value);
  }
  for (const auto& [name, value] : changes.members()) {
    builder.key(name);
    builder.copy(value);
  }
  builder.end_object();
  request.body = http::Body::text(print_json(builder.finish()), "application/json");
}

Error wrong(const char* code, const std::string& message) {
  Error error(ErrorCause::user, code, message);
  error.where.parameter = "paging";
  return error;
}

}  // namespace

bool Paging::follow(http::Request& request, const Value& next) const {
  if (!next.truthy()) return false;
  const std::string url = resolve_url(request.url, to_text(next));
  if (origin_of(url) != origin_of(request.url) && context_.has_credential()) {
    throw wrong("paging_left_host",
                "The next page is on another host, and the credential is not sent there. Ask "
                "for it with a node of its own.");
  }
  if (origin_of(url).empty())
    throw wrong("bad_url", "'" + url + "', the URL of the next page, is not one.");
  request.url = url;
  return true;
}

bool Paging::next(http::Request& request, const Answer& answer) {
  ++pages_;
  const Value globals = Value::object({{"$response", answer.as_value()},
                                       {"$pageCount", pages_},
                                       {"$request", Value::object({{"url", request.url}})}});
  const Value url = get("next", globals);
  const Value query = get("query", globals);
  const Value headers = get("headers", globals);
  const Value json = get("json", globals);
  const bool updates = query.given() || headers.given() || json.given();
  if (!updates && !url.truthy()) return false;
  if (pages_ >= get("max_pages", globals).as_integer().value_or(kMostPages)) return false;
  const Value until = get("until", globals);
  if (until.truthy()) return false;
  // Without a condition of its own, counting pages ends with the first empty one.
  if (url.missing() && until.missing() && answer.empty()) return false;

  const std::string before = request.url;
  const std::string body_before = body_text(request);
  if (!url.missing() && !follow(request, url)) return false;
  request.url = with_query(request.url, query);
  set_headers(request.headers, headers);
  if (json.is_object()) change_json(request, json);
  if (request.url == before && body_text(request) == body_before && !headers.given()) {
    throw wrong("paging_loop",
                "The next page is the same as this one, so paging would never end. Check 'next'.");
  }
  if (const auto interval = parse_duration(get("interval", globals).as_string()))
    context_.cancellation().wait_for(*interval);
  context_.cancellation().check();
  return true;
}

}  // namespace engine::nodes
