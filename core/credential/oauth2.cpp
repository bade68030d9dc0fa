#include "core/credential/oauth2.h"

#include <algorithm>

#include "core/base/error.h"
#include "core/crypto/digest.h"
#include "core/crypto/encoding.h"
#include "core/crypto/secret.h"
#include "core/http/url.h"
#include "core/value/json.h"
#include "core/value/number.h"

namespace engine {
namespace {

constexpr std::size_t kLongestMessage = 200;
constexpr std::uint64_t kLargestAnswer = 1U << 20U;

Error refused(const std::string& code, const std::string& message) {
  return {ErrorCause::credential, code, message};
}

void require(const std::string& value, const char* field) {
  if (!value.empty()) return;
  throw refused("bad_credential_field",
                std::string("OAuth2 needs the field '") + field + "', and it is empty.");
}

std::string checked_url(const std::string& url, const char* field) {
  require(url, field);
  try {
    http::parse_url(url);
  } catch (const Error& error) {
    throw refused("bad_credential_field", std::string("The field '") + field +
                                              "' is no usable address: " + error.message());
  }
  return url.substr(0, url.find('#'));
}

// On one line and short, whatever came.
std::string shown(std::string text) {
  std::replace_if(
      text.begin(), text.end(),
      [](char c) { return static_cast<unsigned char>(c) < 0x20 || c == 0x7f; }, ' ');
  if (text.size() <= kLongestMessage) return text;
  std::size_t end = kLongestMessage;
  while (end > 0 && (static_cast<unsigned char>(text[end]) & 0xC0U) == 0x80U) --end;
  return text.substr(0, end) + "…";
}

std::string without(std::string text, const std::vector<std::string>& secrets) {
  for (const std::string& secret : secrets) {
    if (secret.size() < 4) continue;
    for (std::size_t at = text.find(secret); at != std::string::npos; at = text.find(secret, at)) {
      text.replace(at, secret.size(), "***");
    }
  }
  return text;
}

http::Request token_request(const OAuth2Settings& settings, QueryFields fields) {
  http::Request request;
  request.method = "POST";
  request.url = checked_url(settings.token_url, "token_url");
  request.headers.set("Accept", "application/json");
  request.max_redirects = 0;  // nothing secret goes on to another place
  request.attempts = 1;       // a code or a rotating refresh token is good once
  request.repeatable = false;
  request.timeout = std::chrono::seconds(30);
  request.max_response_bytes = kLargestAnswer;
  if (settings.client_auth == OAuth2Settings::ClientAuth::basic) {
    const std::string pair = http::percent_encode(settings.client_id) + ":" +
                             http::percent_encode(settings.client_secret);
    request.headers.set("Authorization", "Basic " + to_base64(pair));
    request.secret_headers.emplace_back("Authorization");
  } else {
    fields.emplace_back("client_id", settings.client_id);
    if (!settings.client_secret.empty()) {
      fields.emplace_back("client_secret", settings.client_secret);
    }
  }
  for (const auto& parameter : settings.parameters) fields.push_back(parameter);
  std::erase_if(fields, [&](const auto& field) {
    return field.second.empty() || std::find(settings.omit.begin(), settings.omit.end(),
                                             field.first) != settings.omit.end();
  });
  if (settings.encoding == OAuth2Settings::Encoding::form) {
    request.body =
        http::Body::text(http::encode_query(fields), "application/x-www-form-urlencoded");
    return request;
  }
  ValueBuilder body;
  body.begin_object();
  for (const auto& [name, value] : fields) {
    body.key(name);
    body.string(value);
  }
  body.end_object();
  request.body = http::Body::text(print_json(body.finish()), "application/json");
  return request;
}

Value parsed(const std::string& body) {
  try {
    return parse_json(body);
  } catch (const Error&) {
    return {};  // a proxy's page; the status says enough
  }
}

Error refusal(const OAuth2Settings& settings, const http::Response& response,
              const std::vector<std::string>& secrets) {
  const Value answer = parsed(response.body);
  const std::string code = to_text(at_path(answer, settings.error_code));
  const std::string text = to_text(at_path(answer, settings.error_message));
  std::string message =
      "The token endpoint of the service answered " + std::to_string(response.status);
  if (!code.empty()) message += " " + shown(without(code, secrets));
  if (!text.empty()) message += " \"" + shown(without(text, secrets)) + "\"";
  message += ".";
  for (const auto& [known, hint] : settings.hints) {
    if (known == code) message += " " + hint;
  }
  Error error(response.status >= 500 ? ErrorCause::upstream : ErrorCause::credential,
              response.status >= 500 ? "service_failed" : "oauth2_refused", message);
  error.http_status = response.status;
  return error;
}

std::optional<TimePoint> expiry(View seconds, TimePoint now) {
  constexpr std::int64_t kLongest = 100LL * 365 * 24 * 3600;
  auto number = seconds.as_integer();
  if (!number && seconds.is_string()) number = parse_integer(seconds.as_string());
  if (!number || *number <= 0 || *number > kLongest) return std::nullopt;
  return now + std::chrono::seconds(*number);
}

}  // namespace

std::string value_of(const QueryFields& query, std::string_view name) {
  for (const auto& [key, value] : query) {
    if (key == name) return value;
  }
  return "";
}

std::string pkce_challenge(const std::string& verifier) {
  return to_base64url(hash_of("sha256", verifier));
}

Authorization begin_authorization(const OAuth2Settings& settings, const std::string& redirect_url) {
  require(settings.client_id, "client_id");
  Authorization result;
  result.redirect_url = redirect_url;
  result.state = random_secret();
  QueryFields query{{"response_type", "code"},
                    {"client_id", settings.client_id},
                    {"redirect_uri", redirect_url},
                    {"state", result.state}};
  if (!settings.scope.empty()) query.emplace_back("scope", settings.scope);
  if (settings.pkce) {
    result.verifier = random_secret();
    query.emplace_back("code_challenge", pkce_challenge(result.verifier));
    query.emplace_back("code_challenge_method", "S256");
  }
  for (const auto& parameter : settings.parameters) {
    if (!parameter.second.empty()) query.push_back(parameter);
  }
  const std::string base = checked_url(settings.authorize_url, "authorize_url");
  const char* joint = base.find('?') == std::string::npos ? "?" : "&";
  result.url = base + joint + http::encode_query(query);
  return result;
}

std::string code_in(const QueryFields& query, const std::string& expected_state) {
  if (!same_secret(value_of(query, "state"), expected_state)) {
    throw refused("oauth2_wrong_state",
                  "The answer does not belong to this attempt: its 'state' is another one. Open "
                  "the newest address, and paste all of what the browser ends up on.");
  }
  const std::string error = value_of(query, "error");
  if (error == "access_denied") {
    throw refused("oauth2_denied", "The access was denied in the browser. Nothing was stored.");
  }
  if (!error.empty()) {
    throw refused("oauth2_refused", "The service refused with '" + shown(error) + "'. " +
                                        shown(value_of(query, "error_description")));
  }
  std::string code = value_of(query, "code");
  if (code.empty()) {
    throw refused("oauth2_no_code", "The service sent no code along. Nothing was stored.");
  }
  return code;
}

OAuth2Token TokenEndpoint::ask(const OAuth2Settings& settings, QueryFields fields,
                               const Cancellation& cancellation) const {
  std::vector<std::string> secrets{settings.client_secret};
  for (const char* name : {"code", "refresh_token", "code_verifier"}) {
    secrets.push_back(value_of(fields, name));
  }
  const TimePoint asked = clock_.now();
  const http::Response response =
      http_.send(token_request(settings, std::move(fields)), cancellation);
  if (!response.ok()) throw refusal(settings, response, secrets);
  const Value answer = parsed(response.body);
  OAuth2Token token;
  token.access_token = to_text(at_path(answer, settings.access_token));
  token.refresh_token = to_text(at_path(answer, settings.refresh_token));
  token.expires = expiry(at_path(answer, settings.expires_in), asked);
  if (!token.access_token.empty()) return token;
  // Some services answer 200 with an error inside.
  if (at_path(answer, settings.error_code).given()) throw refusal(settings, response, secrets);
  throw refused("oauth2_bad_answer",
                "The token endpoint of the service answered " + std::to_string(response.status) +
                    " without an access token. Is 'token_url' the right address?");
}

OAuth2Token TokenEndpoint::exchange(const OAuth2Settings& settings,
                                    const Authorization& authorization, const std::string& code,
                                    const Cancellation& cancellation) const {
  return ask(settings,
             {{"grant_type", "authorization_code"},
              {"code", code},
              {"redirect_uri", authorization.redirect_url},
              {"code_verifier", authorization.verifier}},
             cancellation);
}

OAuth2Token TokenEndpoint::client_credentials(const OAuth2Settings& settings,
                                              const Cancellation& cancellation) const {
  require(settings.client_id, "client_id");
  return ask(settings, {{"grant_type", "client_credentials"}, {"scope", settings.scope}},
             cancellation);
}

OAuth2Token TokenEndpoint::refresh(const OAuth2Settings& settings, const std::string& refresh_token,
                                   const Cancellation& cancellation) const {
  OAuth2Token token = ask(
      settings, {{"grant_type", "refresh_token"}, {"refresh_token", refresh_token}}, cancellation);
  if (token.refresh_token.empty()) token.refresh_token = refresh_token;
  return token;
}

}  // namespace engine
