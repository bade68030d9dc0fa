// A service with OAuth2 on loopback, a credential type for it, and a vault.
#pragma once

#include <doctest/doctest.h>

#include <functional>
#include <map>
#include <memory>
#include <mutex>
#include <string>
#include <vector>

#include "core/credential/oauth2.h"
#include "core/credential/vault.h"
#include "core/http/server.h"
#include "core/store/memory_store.h"
#include "core/value/json.h"
#include "tests/support/http_ports.h"

namespace engine::test {

using store::MemoryStore;

/// Answers the token endpoint with what `answer` makes of the form it was sent. Thread-safe.
class FakeService {
 public:
  using Form = std::map<std::string, std::string>;
  std::function<http::ServerResponse(const Form& form)> answer;

  FakeService()
      : server_({}, [this](const http::ServerRequest& request) { return handle(request); }) {}

  std::string url() const { return "http://127.0.0.1:" + std::to_string(server_.port()); }
  std::vector<Form> forms() {
    const std::lock_guard lock(mutex_);
    return forms_;
  }
  std::vector<http::ServerRequest> requests() {
    const std::lock_guard lock(mutex_);
    return requests_;
  }

  static http::ServerResponse json(int status, const std::string& body) {
    http::ServerResponse response;
    response.status = status;
    response.body = body;
    return response;
  }

 private:
  http::ServerResponse handle(const http::ServerRequest& request) {
    Form form;
    std::size_t at = 0;
    while (at < request.body.size()) {
      const std::size_t end = std::min(request.body.find('&', at), request.body.size());
      const std::string part = request.body.substr(at, end - at);
      const std::size_t equals = std::min(part.find('='), part.size() - 1);
      form[part.substr(0, equals)] = http::percent_decode(part.substr(equals + 1), true);
      at = end + 1;
    }
    {
      const std::lock_guard lock(mutex_);
      forms_.push_back(form);
      requests_.push_back(request);
    }
    return answer(form);
  }

  std::mutex mutex_;
  std::vector<Form> forms_;
  std::vector<http::ServerRequest> requests_;
  http::Server server_;
};

inline Parameter field(const char* name, bool secret = true) {
  Parameter result;
  result.name = name;
  result.secret = secret;
  return result;
}

inline OAuth2Settings settings_at(const std::string& url) {
  OAuth2Settings settings;
  settings.authorize_url = url + "/authorize";
  settings.token_url = url + "/token";
  settings.client_id = "app";
  settings.client_secret = "app-secret";
  settings.access_token = *parse_path("access_token");
  settings.refresh_token = *parse_path("refresh_token");
  settings.expires_in = *parse_path("expires_in");
  settings.error_code = *parse_path("error");
  settings.error_message = *parse_path("error_description");
  settings.refresh = true;
  return settings;
}

/// `svc`: OAuth2 at the address in `url`, with refresh.
inline CredentialType service_type() {
  CredentialType type;
  type.id = "svc";
  type.fields = {field("url", false),   field("client_id", false), field("client_secret"),
                 field(kAccessToken),   field(kRefreshToken),      field(kExpiresAt, false),
                 field(kAccount, false)};
  type.oauth2 = [](const Value& fields) {
    OAuth2Settings settings = settings_at(to_text(fields["url"]));
    settings.client_id = to_text(fields["client_id"]);
    settings.client_secret = to_text(fields["client_secret"]);
    return std::optional(settings);
  };
  type.sign = [](const Value& fields, http::Request& request) {
    request.headers.set("Authorization", "Bearer " + to_text(fields[kAccessToken]));
    request.secret_headers.emplace_back("Authorization");
  };
  type.test = [](const Value& fields) {
    http::Request request;
    request.url = to_text(fields["url"]) + "/me";
    return request;
  };
  type.test_summary = [](const http::Response& response) {
    return to_text(parse_json(response.body)["name"]);
  };
  type.test_account = [](const http::Response& response) {
    return to_text(parse_json(response.body)["id"]);
  };
  return type;
}

/// A vault under a fixed key.
struct VaultFixture {
  MemoryStore store;
  CredentialTypes types;
  ManualClock clock;
  std::unique_ptr<Vault> vault;

  VaultFixture() {
    types.add(service_type());
    vault = open_vault();
  }
  std::unique_ptr<Vault> open_vault(const char* key = kKey, const char* next = nullptr) {
    KeySource source{std::string(key), "/nonexistent/key", std::nullopt};
    if (next != nullptr) source.next_environment = next;
    return std::make_unique<Vault>(store, types, source, clock);
  }

  static constexpr const char* kKey = "AAECAwQFBgcICQoLDA0ODxAREhMUFRYXGBkaGxwdHh8=";
  static constexpr const char* kOtherKey = "BBECAwQFBgcICQoLDA0ODxAREhMUFRYXGBkaGxwdHh8=";
};

template <typename Action>
Error error_from(const Action& action) {
  try {
    action();
  } catch (const Error& error) {
    return error;
  }
  FAIL("nothing was thrown");
  return Error(ErrorCause::bug, "", "");
}

inline bool has(const std::string& text, const std::string& part) {
  return text.find(part) != std::string::npos;
}

}  // namespace engine::test
