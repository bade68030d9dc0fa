#include "core/rest/service_error.h"

#include <algorithm>

#include "core/value/json.h"
#include "core/value/number.h"

namespace engine::rest {
namespace {

struct Meaning {
  ErrorCause cause;
  const char* code;
};

Meaning meaning_of(int status) {
  switch (status) {
    case 400:
    case 422: return {ErrorCause::user, "bad_request"};
    case 401: return {ErrorCause::credential, "not_authorised"};
    case 402:
    case 403: return {ErrorCause::credential, "forbidden"};
    case 404:
    case 410: return {ErrorCause::user, "not_found"};
    case 409: return {ErrorCause::user, "conflict"};
    case 408: return {ErrorCause::timeout, "request_timeout"};
    case 429: return {ErrorCause::rate_limited, "rate_limited"};
    default:
      return status >= 500 ? Meaning{ErrorCause::upstream, "service_failed"}
                           : Meaning{ErrorCause::upstream, "refused"};
  }
}

// For what the package has no hint of its own.
std::string advice_on(int status, const std::string& credential) {
  if (status >= 500) return " Try again later, or let the node do it: retry: {attempts: 5}.";
  switch (status) {
    case 402:
    case 403:
      return " Check what the user of the credential" +
             (credential.empty() ? "" : " '" + credential + "'") + " may do there.";
    case 404:
    case 410: return " Check the ids: it does not exist, or was deleted.";
    case 429: return " Send fewer requests.";
    default: return "";
  }
}

constexpr std::size_t kLongestText = 300;

// Short and on one line, whatever the service sent.
std::string shown(std::string text) {
  std::replace_if(
      text.begin(), text.end(), [](char c) { return static_cast<unsigned char>(c) < 0x20; }, ' ');
  if (text.size() > kLongestText) {
    std::size_t end = kLongestText;
    while (end > 0 && (static_cast<unsigned char>(text[end]) & 0xC0U) == 0x80U) --end;
    text = text.substr(0, end) + "…";
  }
  return text;
}

Value parsed(const std::string& body) {
  try {
    return parse_json(body);
  } catch (const Error&) {
    return {};  // a proxy's page; the status says enough
  }
}

std::string first_of(View answer, const std::vector<Path>& paths) {
  for (const Path& path : paths) {
    const View found = at_path(answer, path);
    if (found.given() && !to_text(found).empty()) return shown(to_text(found));
  }
  return "";
}

const ErrorHint* hint_for(const ErrorSpec& spec, int status, const std::string& code) {
  for (const ErrorHint& hint : spec.hints) {
    const bool status_fits =
        hint.status.empty() || std::count(hint.status.begin(), hint.status.end(), status) > 0;
    const bool code_fits =
        hint.codes.empty() || std::count(hint.codes.begin(), hint.codes.end(), code) > 0;
    if (status_fits && code_fits) return &hint;
  }
  return nullptr;
}

std::string sentence(const Operation& operation, const Call& call, const http::Response& response,
                     const std::string& code, const std::string& text) {
  std::string result = operation.package->title + " answered " + std::to_string(response.status);
  if (!code.empty()) result += " " + code;
  if (!text.empty()) result += " \"" + text + "\"";
  if (text.empty() && !response.reason.empty()) result += " " + shown(response.reason);
  return result + " to " + operation.id + " (" + call.method + " " + shown(call.path) + ").";
}

}  // namespace

ServiceError service_error(const Operation& operation, const Call& call,
                           const http::Response& response, const std::string& credential) {
  const ErrorSpec& spec = operation.package->errors;
  const Value answer = parsed(response.body);
  const std::string code = first_of(answer, spec.code);
  const ErrorHint* hint = hint_for(spec, response.status, code);
  const Meaning meaning = meaning_of(response.status);
  std::string message = sentence(operation, call, response, code, first_of(answer, spec.message));
  message += hint != nullptr ? " " + hint->text : advice_on(response.status, credential);
  const ErrorCause cause = hint != nullptr && hint->cause ? *hint->cause : meaning.cause;
  if (response.status == 401 && cause == ErrorCause::credential && !credential.empty()) {
    message += " It was signed with the credential '" + credential +
               "'; try it with `engine credentials test " + credential + "`.";
  }
  ServiceError error(cause, meaning.code, message);
  error.service_code = code;
  error.http_status = response.status;
  if (const auto after = response.headers.find("Retry-After")) {
    if (const auto seconds = parse_integer(*after); seconds && *seconds >= 0 && *seconds < 86400) {
      error.retry_after = std::chrono::seconds(*seconds);
    }
  }
  return error;
}

}  // namespace engine::rest
