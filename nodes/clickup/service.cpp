#include "nodes/clickup/service.h"

#include <algorithm>
#include <array>

#include "core/base/error.h"
#include "core/node/context.h"
#include "core/node/trigger.h"
#include "core/value/json.h"

namespace engine::clickup {
namespace {

std::string base_url(const Value& field) {
  std::string url(field.as_string("https://api.clickup.com/api"));
  while (!url.empty() && url.back() == '/') url.pop_back();
  return url;
}

/// The line that the actions of the same credential wait in.
std::string pace_key(const std::string& credential) {
  return "clickup:" + credential;
}

/// Of the token itself. Other codes with status 401 are about ids.
bool is_about_the_token(std::string_view code) {
  constexpr std::array<std::string_view, 5> kCodes = {"OAUTH_017", "OAUTH_019", "OAUTH_021",
                                                      "OAUTH_025", "OAUTH_077"};
  return std::find(kCodes.begin(), kCodes.end(), code) != kCodes.end();
}

Value json_of(const http::Response& response) {
  try {
    return response.body.empty() ? Value() : parse_json(response.body, "ClickUp's answer");
  } catch (const Error&) {
    return {};
  }
}

Error failure(const std::string& call, const http::Response& response) {
  const Value body = json_of(response);
  const std::string_view code = body["ECODE"].as_string();
  std::string said(body["err"].as_string());
  if (!code.empty()) said += (said.empty() ? "" : ", ") + std::string(code);
  const std::string what = "ClickUp answered " + std::to_string(response.status) +
                           (said.empty() ? "" : " (" + said + ")") + " to " + call + ".";
  const auto make = [&](ErrorCause cause, const char* name, const char* advice) {
    Error error(cause, name, what + advice);
    error.http_status = response.status;
    return error;
  };
  if (is_about_the_token(code)) {
    return make(ErrorCause::credential, "not_authorised",
                " The token is unknown or was revoked. Enter a new one in the credential.");
  }
  if (response.status == 401 || response.status == 403 || response.status == 404) {
    return make(ErrorCause::user, "refused",
                " Check the ids, and that the credential's user may open this in ClickUp.");
  }
  if (response.status == 429) return make(ErrorCause::rate_limited, "rate_limited", "");
  if (response.status < 500) return make(ErrorCause::user, "refused", "");
  return make(ErrorCause::upstream, "service_failed", " It is tried again later.");
}

}  // namespace

Service::Service(NodeContext& context)
    : send_([&context](http::Request request) { return context.send(std::move(request)); }),
      base_url_(base_url(context.credential_field("api_url"))),
      pace_key_(pace_key(context.credential_key())) {}

Service::Service(TriggerContext& context)
    : send_([&context](http::Request request) { return context.send(std::move(request)); }),
      base_url_(base_url(context.credential_field("api_url"))),
      pace_key_(pace_key(context.credential_key())) {}

Value Service::get(const std::string& path) {
  return ask("GET", path, {});
}
Value Service::post(const std::string& path, const Value& body) {
  return ask("POST", path, body);
}
Value Service::put(const std::string& path, const Value& body) {
  return ask("PUT", path, body);
}
Value Service::remove(const std::string& path) {
  return ask("DELETE", path, {});
}

bool Service::is_missing(const Error& error) {
  return error.cause() == ErrorCause::user &&
         (error.http_status == 401 || error.http_status == 404);
}

Value Service::ask(const char* method, const std::string& path, const Value& body) {
  http::Request request;
  request.method = method;
  request.url = base_url_ + path;
  request.pace_key = pace_key_;
  if (!body.missing()) request.body = http::Body::text(print_json(body), "application/json");
  const http::Response response = send_(std::move(request));
  const std::string call = std::string(method) + " " + path.substr(0, path.find('?'));
  if (!response.ok()) throw failure(call, response);
  Value answer = json_of(response);
  if (answer.missing() && !response.body.empty()) {
    throw Error(
        ErrorCause::upstream, "bad_answer",
        "ClickUp's answer to " + call + " is not JSON. Something in between may have answered.");
  }
  return answer;
}

}  // namespace engine::clickup
