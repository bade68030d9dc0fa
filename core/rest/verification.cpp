#include "core/rest/verification.h"

#include <algorithm>
#include <vector>

#include "core/crypto/digest.h"
#include "core/crypto/encoding.h"
#include "core/crypto/secret.h"
#include "core/value/json.h"
#include "core/value/number.h"

namespace engine::rest {
namespace {

// Of "t=1,v1=abc,v1=def".
std::vector<std::pair<std::string, std::string>> header_parts(std::string_view header) {
  std::vector<std::pair<std::string, std::string>> parts;
  while (!header.empty()) {
    const std::size_t comma = std::min(header.find(','), header.size());
    std::string_view part = header.substr(0, comma);
    header.remove_prefix(std::min(comma + 1, header.size()));
    while (!part.empty() && part.front() == ' ') part.remove_prefix(1);
    const std::size_t sign = part.find('=');
    if (sign == std::string_view::npos) continue;
    parts.emplace_back(part.substr(0, sign), part.substr(sign + 1));
  }
  return parts;
}

std::string lower(std::string text) {
  std::transform(text.begin(), text.end(), text.begin(), [](char c) {
    return c >= 'A' && c <= 'Z' ? static_cast<char>(c - 'A' + 'a') : c;
  });
  return text;
}

std::string given_token(const Verification& verify, const http::ServerRequest& request) {
  if (!verify.header.empty()) return std::string(request.headers.find(verify.header).value_or(""));
  for (const auto& [name, text] : request.query) {
    if (name == verify.query) return text;
  }
  return "";
}

bool is_fresh(const Verification& verify, const TriggerValues& values, TimePoint now) {
  if (verify.timestamp.empty()) return true;
  const auto number = parse_integer(values.fill_all(verify.timestamp));
  if (!number) return false;
  // Seconds have ten digits until the year 2286, milliseconds have thirteen.
  const std::int64_t ms = *number < 100'000'000'000 ? *number * 1000 : *number;
  const std::int64_t age = to_ms(now) - ms;
  return age <= verify.within.count() && age >= -verify.within.count();
}

}  // namespace

bool is_genuine(const Verification& verify, const http::ServerRequest& request,
                TriggerValues& values, TimePoint now) {
  if (verify.kind == Verification::Kind::none) return true;
  const std::string given = given_token(verify, request);
  std::vector<std::string> signatures{given};
  if (!verify.part.empty()) {
    signatures.clear();
    std::map<std::string, std::string, std::less<>> named;
    for (auto& [name, text] : header_parts(given)) {
      if (name == verify.part) signatures.push_back(text);
      named.emplace(std::move(name), std::move(text));
    }
    values.set_parts(std::move(named));
  }
  const std::string secret = values.fill_all(verify.secret);
  if (given.empty() || secret.empty() || !is_fresh(verify, values, now)) return false;
  std::string expected = secret;
  if (verify.kind == Verification::Kind::hmac) {
    const std::string mac = hmac_of(verify.hash, secret, to_text(values.fill(verify.signed_text)));
    expected = verify.base64 ? to_base64(mac) : to_hex(mac);
  }
  expected = verify.prefix + expected;
  const bool hex = verify.kind == Verification::Kind::hmac && !verify.base64;
  return std::any_of(signatures.begin(), signatures.end(), [&](const std::string& signature) {
    return hex ? same_secret(lower(signature), lower(expected)) : same_secret(signature, expected);
  });
}

}  // namespace engine::rest
