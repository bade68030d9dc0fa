// Credential types: what a credential holds, how it signs, how it is tested, where it may go.
#pragma once

#include <functional>
#include <map>
#include <memory>
#include <string>
#include <string_view>
#include <vector>

#include "core/http/message.h"
#include "core/schema/parameter.h"

namespace engine {

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
};

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
