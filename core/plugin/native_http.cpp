#include "core/plugin/native_http.h"

#include <algorithm>
#include <functional>

#include "core/base/nearest.h"
#include "core/crypto/digest.h"
#include "core/crypto/encoding.h"
#include "core/crypto/secret.h"
#include "core/node/context.h"
#include "core/node/pretended.h"
#include "core/value/json.h"

namespace engine::plugin {
namespace {

Error bad_request(const std::string& reason) {
  return {ErrorCause::user, "plugin_bad_request", "A plugin made a bad request: " + reason};
}

Error bad_answer(const std::string& reason) {
  return {ErrorCause::upstream, "plugin_bad_answer", "A plugin gave a bad answer: " + reason};
}

Value read_object(std::string_view json, const std::vector<std::string>& keys) {
  Value read = parse_json(json, "The request of a plugin");
  if (!read.is_object()) throw bad_request("it is no object.");
  for (const auto& [key, value] : read.members()) {
    if (std::find(keys.begin(), keys.end(), key) != keys.end()) continue;
    throw bad_request("unknown key '" + std::string(key) + "'." + did_you_mean(key, keys));
  }
  return read;
}

std::string lower(std::string text) {
  std::transform(text.begin(), text.end(), text.begin(),
                 [](char c) { return c >= 'A' && c <= 'Z' ? static_cast<char>(c + 32) : c; });
  return text;
}

bool has_line_break(std::string_view text) {
  return text.find_first_of(std::string_view("\r\n\0", 3)) != std::string_view::npos;
}

void check_header(std::string_view name, std::string_view value, const Error& error) {
  const bool good = !name.empty() && std::all_of(name.begin(), name.end(), [](char c) {
    return c > ' ' && c < 0x7f &&
           std::string_view("()<>@,;:\\\"/[]?={}").find(c) == std::string_view::npos;
  });
  if (!good || has_line_break(value)) throw error;
}

void add_query(std::string& url, View query) {
  if (query.size() == 0) return;
  std::vector<std::pair<std::string, std::string>> pairs;
  for (const auto& [name, value] : query.members()) {
    for (const View element : value.elements()) pairs.emplace_back(name, to_text(element));
    if (!value.is_array() && value.given()) pairs.emplace_back(name, to_text(value));
  }
  const std::size_t fragment = url.find('#');
  if (fragment != std::string::npos) url.resize(fragment);
  url += (url.find('?') == std::string::npos ? "?" : "&") + http::encode_query(pairs);
}

bool only_reads(const http::Request& request) {
  const std::string& method = request.method;
  return (method == "GET" || method == "HEAD" || method == "OPTIONS") &&
         request.url.find("/" + std::string(kPretendedId)) == std::string::npos;
}

// JSON as it is; other bodies by their size.
Value shown_body(const http::Body& body) {
  std::string text;
  for (const http::BodyPart& part : body.parts) text += std::get<std::string>(part);
  if (text.empty()) return nullptr;
  try {
    return parse_json(text);
  } catch (const Error&) {
    return std::to_string(text.size()) + " bytes";
  }
}

}  // namespace

std::optional<NativeAnswer> rehearsed(NodeContext& context, const http::Request& request) {
  if (!context.dry_run() || only_reads(request)) return std::nullopt;
  const std::string url = http::shown_url(request);
  const Value body = shown_body(request.body);
  context.would(request.method + " " + url, body);
  const Value shown = Value::object({{"method", request.method}, {"url", url}, {"body", body}});
  http::Response answer;
  answer.status = 200;
  answer.headers.add("Content-Type", "application/json");
  answer.body = print_json(pretended(body, {}, shown).json);
  return answer_of(std::move(answer));
}

NativeRequest read_request(std::string_view json, std::string_view body) {
  const Value read =
      read_object(json, {"method", "url", "query", "headers", "slot", "timeout_ms", "attempts"});
  NativeRequest result;
  http::Request& request = result.request;
  result.slot = read.view()["slot"].as_string();
  request.method = read.view()["method"].as_string("GET");
  const bool method = !request.method.empty() && request.method.size() <= 20 &&
                      std::all_of(request.method.begin(), request.method.end(),
                                  [](char c) { return c >= 'A' && c <= 'Z'; });
  if (!method) throw bad_request("the method is in upper case letters.");
  request.url = read.view()["url"].as_string();
  if (request.url.empty()) throw bad_request("it has no 'url'.");
  add_query(request.url, read["query"]);
  std::string content_type;
  const Value headers = read["headers"];
  for (const auto& [name, value] : headers.members()) {
    const std::string text = to_text(value);
    check_header(name, text, bad_request("a header is not possible."));
    if (lower(std::string(name)) == "content-type") {
      content_type = text;
    } else {
      request.headers.add(std::string(name), text);
    }
  }
  if (!body.empty()) request.body = http::Body::text(std::string(body), content_type);
  constexpr std::int64_t kLongest = 3'600'000;
  if (const auto limit = read["timeout_ms"].as_integer()) {
    request.timeout = std::chrono::milliseconds(std::clamp<std::int64_t>(*limit, 1, kLongest));
  }
  if (const auto attempts = read["attempts"].as_integer()) {
    request.attempts = static_cast<int>(std::clamp<std::int64_t>(*attempts, 1, 10));
  }
  return result;
}

Value headers_object(const http::Headers& headers) {
  std::vector<std::pair<std::string, std::string>> joined;
  for (const auto& [name, value] : headers) {
    const std::string key = lower(name);
    const auto found = std::find_if(joined.begin(), joined.end(),
                                    [&](const auto& entry) { return entry.first == key; });
    if (found == joined.end()) {
      joined.emplace_back(key, value);
    } else {
      found->second += ", " + value;
    }
  }
  ValueBuilder builder;
  builder.begin_object();
  for (const auto& [name, value] : joined) {
    builder.key(name);
    builder.string(value);
  }
  builder.end_object();
  return builder.finish();
}

Value headers_list(const http::Headers& headers) {
  ValueBuilder builder;
  builder.begin_array();
  for (const auto& [name, value] : headers) {
    builder.begin_array();
    builder.string(name);
    builder.string(value);
    builder.end_array();
  }
  builder.end_array();
  return builder.finish();
}

NativeAnswer answer_of(http::Response response) {
  // Its URL is left out: a credential may have signed in the query.
  const Value head =
      Value::object({{"status", response.status}, {"headers", headers_object(response.headers)}});
  return {print_json(head), std::move(response.body)};
}

http::ServerResponse read_answer(View json) {
  http::ServerResponse answer;
  if (!json.given()) return answer;
  if (!json.is_object()) throw bad_answer("'answer' is an object.");
  const auto status = json["status"].missing() ? 200 : json["status"].as_integer().value_or(0);
  if (status < 200 || status > 599) throw bad_answer("'status' is from 200 to 599.");
  answer.status = static_cast<int>(status);
  for (const auto& [name, value] : json["headers"].members()) {
    const std::string text = to_text(value);
    check_header(name, text, bad_answer("a header is not possible."));
    answer.headers.set(name, text);
  }
  answer.body = to_text(json["body"]);
  return answer;
}

bool signature_matches(
    std::string_view request, std::string_view bytes,
    const std::function<Value(std::string_view slot, std::string_view field)>& secret_of) {
  const Value read =
      read_object(request, {"algorithm", "encoding", "signature", "key", "field", "slot"});
  const std::string algorithm(read.view()["algorithm"].as_string("sha256"));
  if (algorithm != "sha256" && algorithm != "sha1" && algorithm != "sha512") {
    throw bad_request("'algorithm' is sha256, sha1 or sha512.");
  }
  const std::string_view encoding = read.view()["encoding"].as_string("hex");
  if (encoding != "hex" && encoding != "base64") throw bad_request("'encoding' is hex or base64.");
  Value key = read["key"];
  if (!key.given()) {
    key = secret_of(read.view()["slot"].as_string(), read.view()["field"].as_string());
  }
  const std::string secret = to_text(key);
  // Without a key everybody could sign.
  if (secret.empty()) return false;
  const std::string right = hmac_of(algorithm, secret, bytes);
  std::string given(read.view()["signature"].as_string());
  if (encoding == "hex") given = lower(std::move(given));
  return same_secret(encoding == "hex" ? to_hex(right) : to_base64(right), given);
}

}  // namespace engine::plugin
