#include "nodes/webhook/request_auth.h"

#include <arpa/inet.h>

#include <algorithm>
#include <array>
#include <charconv>

#include "core/crypto/digest.h"
#include "core/crypto/encoding.h"
#include "core/crypto/secret.h"
#include "core/value/json.h"
#include "nodes/webhook/jwt.h"

namespace engine::nodes {
namespace {

struct Address {
  int family = 0;
  std::array<unsigned char, 16> bytes{};
};

std::optional<Address> parse_address(const std::string& text) {
  Address address;
  if (inet_pton(AF_INET, text.c_str(), address.bytes.data()) == 1) {
    address.family = AF_INET;
    return address;
  }
  if (inet_pton(AF_INET6, text.c_str(), address.bytes.data()) != 1) return std::nullopt;
  address.family = AF_INET6;
  constexpr std::array<unsigned char, 12> kMapped{0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0xff, 0xff};
  if (std::equal(kMapped.begin(), kMapped.end(), address.bytes.begin())) {
    std::copy(address.bytes.begin() + 12, address.bytes.end(), address.bytes.begin());
    address.family = AF_INET;
  }
  return address;
}

struct Network {
  Address base;
  unsigned bits = 0;
};

std::optional<Network> parse_network(std::string_view text) {
  const std::size_t slash = text.find('/');
  const auto base = parse_address(std::string(text.substr(0, slash)));
  if (!base) return std::nullopt;
  const unsigned most = base->family == AF_INET ? 32 : 128;
  Network network{*base, most};
  if (slash == std::string_view::npos) return network;
  const std::string_view digits = text.substr(slash + 1);
  const auto [end, error] =
      std::from_chars(digits.data(), digits.data() + digits.size(), network.bits);
  if (error != std::errc() || end != digits.data() + digits.size() || network.bits > most) {
    return std::nullopt;
  }
  return network;
}

// Never empty: what is compared with nothing, or signed with nothing, would let everybody in.
std::string field(const TriggerContext& context, std::string_view name) {
  std::string text = to_text(context.credential_secret(name));
  if (!text.empty()) return text;
  throw Error(ErrorCause::credential, "wrong_credential",
              "The credential of the webhook '" + context.node() + "' has no '" +
                  std::string(name) + "'; it is of another type than 'auth' asks for.");
}

http::ServerResponse refusal(int status, const std::string& challenge) {
  http::ServerResponse answer;
  answer.status = status;
  answer.headers.set("Content-Type", "application/json");
  if (!challenge.empty()) answer.headers.set("WWW-Authenticate", challenge);
  answer.body = status == 401 ? R"({"error":"Who are you?"})" : R"({"error":"Not allowed."})";
  return answer;
}

// The token after "Bearer " or "Basic "; empty for any other header.
std::string_view scheme_value(const http::ServerRequest& request, std::string_view scheme) {
  const auto header = request.headers.find("Authorization");
  if (!header || header->size() <= scheme.size() + 1) return {};
  const bool same = std::equal(scheme.begin(), scheme.end(), header->begin(),
                               [](char a, char b) { return (a | 0x20) == (b | 0x20); });
  if (!same || (*header)[scheme.size()] != ' ') return {};
  return header->substr(scheme.size() + 1);
}

bool network_allowed(const TriggerContext& context, const std::string& peer) {
  const Value networks = context.parameter("networks");
  if (!networks.is_array() || networks.size() == 0) return true;
  for (const View network : networks.elements()) {
    if (in_network(peer, network.as_string())) return true;
  }
  return false;
}

}  // namespace

bool is_network(std::string_view network) {
  return parse_network(network).has_value();
}

bool in_network(const std::string& address, std::string_view network) {
  const auto caller = parse_address(address);
  const auto place = parse_network(network);
  if (!caller || !place || caller->family != place->base.family) return false;
  for (unsigned bit = 0; bit < place->bits; ++bit) {
    const unsigned mask = 0x80U >> (bit % 8);
    if (((caller->bytes[bit / 8] ^ place->base.bytes[bit / 8]) & mask) != 0) return false;
  }
  return true;
}

std::optional<http::ServerResponse> refuse_caller(const TriggerContext& context,
                                                  const http::ServerRequest& request) {
  if (!network_allowed(context, request.peer)) return refusal(403, "");
  const Value parameter = context.parameter("auth");
  const std::string_view auth = parameter.as_string("none");
  if (auth == "none") return std::nullopt;
  if (!context.has_credential()) {
    throw Error(ErrorCause::credential, "credential_missing",
                "The webhook '" + context.node() + "' has auth '" + std::string(auth) +
                    "' and no credential; name one with 'credential:'.");
  }
  if (auth == "basic") {
    const std::string wanted = to_base64(field(context, "user") + ":" + field(context, "password"));
    if (same_secret(scheme_value(request, "Basic"), wanted)) return std::nullopt;
    return refusal(401, "Basic realm=\"webhook\", charset=\"UTF-8\"");
  }
  if (auth == "bearer") {
    if (same_secret(scheme_value(request, "Bearer"), field(context, "token"))) return std::nullopt;
    return refusal(401, "Bearer");
  }
  if (auth == "header") {
    const auto given = request.headers.find(field(context, "name"));
    if (given && same_secret(*given, field(context, "value"))) return std::nullopt;
    return refusal(403, "");
  }
  if (auth == "jwt") {
    const JwtRules rules{std::string(context.parameter("algorithm").as_string("HS256")),
                         to_text(context.parameter("issuer")),
                         to_text(context.parameter("audience"))};
    const bool good = check_jwt(scheme_value(request, "Bearer"), field(context, "secret"), rules,
                                context.clock().now());
    return good ? std::nullopt : std::optional(refusal(401, "Bearer"));
  }
  const auto given =
      request.headers.find(std::string(context.parameter("signature_header").as_string()));
  const std::string signature =
      hmac_of(to_text(context.parameter("hash")), field(context, "secret"), request.body);
  const bool base64 = context.parameter("encoding").as_string() == "base64";
  const std::string wanted = to_text(context.parameter("signature_prefix")) +
                             (base64 ? to_base64(signature) : to_hex(signature));
  if (given && same_secret(*given, wanted)) return std::nullopt;
  return refusal(403, "");
}

}  // namespace engine::nodes
