#include "core/rest/signing.h"

#include <algorithm>

#include "core/base/error.h"
#include "core/crypto/encoding.h"
#include "core/rest/path_template.h"
#include "core/value/json.h"

namespace engine::rest {
namespace {

[[noreturn]] void refuse_to_sign(const std::string& why) {
  throw Error(ErrorCause::credential, "bad_credential_field", why);
}

bool has_control(std::string_view text) {
  return std::any_of(text.begin(), text.end(),
                     [](char c) { return static_cast<unsigned char>(c) < 0x20 || c == 0x7f; });
}

// RFC 9110, section 5.6.2.
bool is_token(std::string_view text) {
  return !text.empty() && std::all_of(text.begin(), text.end(), [](char c) {
    return std::isalnum(static_cast<unsigned char>(c)) != 0 ||
           std::string_view("!#$%&'*+-.^_`|~").find(c) != std::string_view::npos;
  });
}

bool applies(const SignStep& step, const Value& fields) {
  return std::all_of(step.when.begin(), step.when.end(), [&](const auto& condition) {
    return fields[condition.first].equals(condition.second);
  });
}

void add_header(const std::string& name, const std::string& value, http::Request& request) {
  if (!is_token(name)) refuse_to_sign("The credential's header name is not usable in a request.");
  request.headers.set(name, value);
  request.secret_headers.push_back(name);
}

void add_query(const std::string& name, const std::string& value, http::Request& request) {
  if (name.empty()) refuse_to_sign("The credential's query parameter has no name.");
  const std::size_t fragment = std::min(request.url.find('#'), request.url.size());
  const char* joint = request.url.find('?') < fragment ? "&" : "?";
  request.url.insert(fragment, joint + http::encode_query({{name, value}}));
  request.secret_query.push_back(name);
}

}  // namespace

std::string clean_token(std::string_view text) {
  const auto trim = [](std::string_view t) {
    const std::size_t first = t.find_first_not_of(" \t\r\n");
    if (first == std::string_view::npos) return std::string_view{};
    return t.substr(first, t.find_last_not_of(" \t\r\n") - first + 1);
  };
  text = trim(text);
  constexpr std::string_view kBearer = "bearer ";
  const bool copied = text.size() > kBearer.size() &&
                      std::equal(kBearer.begin(), kBearer.end(), text.begin(), [](char a, char b) {
                        return a == std::tolower(static_cast<unsigned char>(b));
                      });
  return std::string(copied ? trim(text.substr(kBearer.size())) : text);
}

void sign(const std::vector<SignStep>& steps, const Value& fields, http::Request& request) {
  for (const SignStep& step : steps) {
    if (!applies(step, fields)) continue;
    const std::string name = fill_as_text(step.name, fields);
    const std::string value = fill_as_text(step.value, fields);
    if (has_control(name) || has_control(value)) {
      refuse_to_sign(
          "The credential holds a line break or another control character; enter it again.");
    }
    switch (step.kind) {
      case SignStep::Kind::header: add_header(name, value, request); break;
      case SignStep::Kind::query: add_query(name, value, request); break;
      case SignStep::Kind::basic:
        add_header("Authorization", "Basic " + to_base64(name + ":" + value), request);
        break;
    }
  }
}

}  // namespace engine::rest
