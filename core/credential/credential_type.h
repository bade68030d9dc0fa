// Credential types: what a credential holds, how it signs, how it is tested, where it may go.
#pragma once

#include <functional>
#include <map>
#include <memory>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "core/credential/oauth2_settings.h"
#include "core/http/message.h"
#include "core/schema/parameter.h"

namespace engine {

/// Names of fields that connecting fills in.
inline constexpr const char* kAccessToken = "access_token";
inline constexpr const char* kRefreshToken = "refresh_token";
inline constexpr const char* kExpiresAt = "expires_at";  ///< ISO 8601
inline constexpr const char* kAccount = "account";       ///< the service's id of who allowed it

/// A credential type. Fields are secret unless Parameter::secret is false.
struct CredentialType {
  std::string id;  ///< "clickup"
  std::string title;
  std::string text;
  std::vector<Parameter> fields;

  /// Adds the secret to the request and names what it added in secret_headers and secret_query.
  std::function<void(const Value& fields, http::Request& request)> sign;

  /// Hosts it may be sent to ("api.clickup.com", "*.example.com", "127.0.0.1:8790"); empty: any.
  std::function<std::vector<std::string>(const Value& fields)> hosts;

  /// The request that tells whether it works, unsigned; no method: there is no test.
  std::function<http::Request(const Value& fields)> test;
  /// What a good answer means for people ("Ann, workspaces Acme, Beta").
  std::function<std::string(const http::Response& response)> test_summary;
  /// A further request after a good test, for the summary (the workspaces); optional.
  std::function<http::Request(const Value& fields)> test_details;
  /// The service's id of the account, from the answer to `test`; optional.
  std::function<std::string(const http::Response& response)> test_account;

  /// How a token is obtained; nothing when credentials with these fields get none. Optional. Throws
  /// Error{credential, "bad_credential_field"}. The fields kAccessToken, kRefreshToken, kExpiresAt
  /// and kAccount hold what was obtained, as far as the type has them.
  std::function<std::optional<OAuth2Settings>(const Value& fields)> oauth2;
  /// The fields that choose OAuth2 where a type has other kinds as well ({auth: oauth2}).
  Value oauth2_choice = Value::object();
};

/// The fields with defaults filled in; missing ones refused, unknown ones named. Throws Error{user,
/// "bad_parameter"} with the field in where.parameter.
Value checked_fields(const CredentialType& type, const Value& fields);

/// Filled once, then frozen.
class CredentialTypes {
 public:
  /// Throws Error{user, "duplicate_credential_type"}.
  void add(CredentialType type);
  /// Null when there is none.
  const CredentialType* find(std::string_view id) const;
  std::vector<std::string> ids() const;  ///< in order

 private:
  std::map<std::string, CredentialType, std::less<>> types_;
};

}  // namespace engine
