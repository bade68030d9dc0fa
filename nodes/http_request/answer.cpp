#include "nodes/http_request/answer.h"

#include <algorithm>
#include <charconv>

#include "core/node/binary_store.h"
#include "core/node/text.h"
#include "core/value/json.h"

namespace engine::nodes {
namespace {

std::string lower(std::string_view text) {
  std::string result(text);
  std::transform(result.begin(), result.end(), result.begin(),
                 [](char c) { return c >= 'A' && c <= 'Z' ? static_cast<char>(c | 32) : c; });
  return result;
}

std::string content_type(const http::Response& response) {
  return lower(response.headers.find("Content-Type").value_or(""));
}

bool is_text_type(const std::string& type) {
  return type.empty() || type.rfind("text/", 0) == 0 || type.find("xml") != std::string::npos ||
         type.find("javascript") != std::string::npos || type.find("yaml") != std::string::npos ||
         type.find("x-www-form-urlencoded") != std::string::npos;
}

Value headers_of(const http::Headers& headers) {
  std::vector<std::pair<std::string, std::string>> joined;
  for (const auto& [name, value] : headers) {
    const std::string key = lower(name);
    const auto known = std::find_if(joined.begin(), joined.end(),
                                    [&](const auto& entry) { return entry.first == key; });
    if (known == joined.end()) {
      joined.emplace_back(key, as_utf8(value));
    } else {
      known->second += ", " + as_utf8(value);
    }
  }
  ValueBuilder builder;
  builder.begin_object();
  for (const auto& [name, value] : joined) {
    builder.key(as_utf8(name));
    builder.string(value);
  }
  builder.end_object();
  return builder.finish();
}

std::string beginning_of(std::string_view body, std::size_t shown) {
  std::string text = as_utf8(body.substr(0, shown));
  std::replace_if(
      text.begin(), text.end(), [](char c) { return c >= 0 && c < 32; }, ' ');
  return body.size() > shown ? text + "…" : text;
}

Value parsed(const http::Response& response) {
  if (response.body.find_first_not_of(" \t\r\n") == std::string::npos) return {};
  try {
    return parse_json(response.body, "the answer of the service");
  } catch (const Error& error) {
    const std::string type = as_utf8(response.headers.find("Content-Type").value_or(""));
    throw Error(ErrorCause::upstream, "bad_answer",
                error.message() + " It came from " + response.url +
                    (type.empty() ? "" : " as '" + type + "'") +
                    " and begins with: " + beginning_of(response.body, 80) + "." +
                    " Ask for 'response: text' to see what it sent.");
  }
}

// The advice on a refused credential, or on that there is none.
std::string about(const std::string& credential, int status) {
  if (credential.empty()) {
    return " The node has no credential: make one with `engine credentials add`, and name it with "
           "'credential'.";
  }
  if (status == 403) return " Check what the credential '" + credential + "' may do.";
  return " Check the credential '" + credential + "': engine credentials test " + credential + ".";
}

struct Refusal {
  ErrorCause cause;
  const char* code;
  const char* advice;
};

Refusal refusal_of(int status) {
  switch (status) {
    case 401: return {ErrorCause::credential, "not_signed_in", ""};
    case 403: return {ErrorCause::credential, "not_allowed", ""};
    case 404: return {ErrorCause::user, "not_found", "Check the URL."};
    case 408: return {ErrorCause::timeout, "service_timeout", "Try again later."};
    case 429: return {ErrorCause::rate_limited, "rate_limited", "Send fewer requests."};
    default: break;
  }
  if (status >= 500) return {ErrorCause::upstream, "service_failed", "Try again later."};
  return {ErrorCause::user, "request_refused", "Check the parameters."};
}

}  // namespace

AnswerForm parse_answer_form(std::string_view name) {
  if (name == "json") return AnswerForm::json;
  if (name == "text") return AnswerForm::text;
  if (name == "binary") return AnswerForm::binary;
  if (name == "full") return AnswerForm::full;
  return AnswerForm::by_type;
}

Value Answer::as_value() const {
  return Value::object({{"status", status}, {"headers", headers}, {"body", body}, {"url", url}});
}

bool Answer::empty() const {
  if (!binary.missing()) return false;
  if (body.is_string()) return body.as_string().empty();
  return !body.given() || ((body.is_array() || body.is_object()) && body.size() == 0);
}

Answer read_answer(NodeContext& context, const http::Response& response, AnswerForm form,
                   const std::string& file_name) {
  Answer answer{response.status, headers_of(response.headers), {}, {}, response.url};
  const std::string type = content_type(response);
  const bool by_type = form == AnswerForm::by_type || form == AnswerForm::full;
  if (form == AnswerForm::json || (by_type && type.find("json") != std::string::npos)) {
    answer.body = parsed(response);
  } else if (form == AnswerForm::text || (by_type && is_text_type(type))) {
    if (form == AnswerForm::text || !response.body.empty()) answer.body = as_utf8(response.body);
  } else {
    const std::string mime = type.empty() ? "application/octet-stream" : type;
    answer.binary =
        Value::object({{"data", context.binaries().put(
                                    response.body, mime.substr(0, mime.find(';')), file_name)}});
  }
  return answer;
}

Items items_of(const Answer& answer, AnswerForm form) {
  if (form == AnswerForm::full) {
    return {{Value::object({{"status", answer.status},
                            {"headers", answer.headers},
                            {"url", answer.url},
                            {"body", answer.body}}),
             answer.binary, Origin()}};
  }
  if (!answer.binary.missing()) return {{Value::object(), answer.binary, Origin()}};
  if (answer.body.missing()) return {{Value::object(), {}, Origin()}};
  const auto item_of = [](const Value& value) {
    return Item{value.is_object() ? value : Value::object({{"data", value}}), {}, Origin()};
  };
  Items items;
  if (answer.body.is_array()) {
    items.reserve(answer.body.size());
    for (const View element : answer.body.elements())
      items.push_back(item_of(answer.body.share(element)));
  } else {
    items.push_back(item_of(answer.body));
  }
  return items;
}

Error answer_error(const http::Request& request, const http::Response& response,
                   const std::string& credential) {
  const Refusal refusal = refusal_of(response.status);
  std::string message = request.method + " " + http::shown_url(request) + " was answered " +
                        std::to_string(response.status) +
                        (response.reason.empty() ? "" : " " + as_utf8(response.reason)) + ".";
  if (*refusal.advice != '\0') message += std::string(" ") + refusal.advice;
  if (refusal.cause == ErrorCause::credential) message += about(credential, response.status);
  const std::string body = beginning_of(response.body, 300);
  if (!body.empty()) message += " The service said: " + body;
  Error error(refusal.cause, refusal.code, message);
  error.http_status = response.status;
  const std::string_view wait = response.headers.find("Retry-After").value_or("");
  int seconds = 0;
  const auto [end, failed] = std::from_chars(wait.data(), wait.data() + wait.size(), seconds);
  if (failed == std::errc() && end == wait.data() + wait.size() && seconds >= 0)
    error.retry_after = std::chrono::seconds(seconds);
  return error;
}

}  // namespace engine::nodes
