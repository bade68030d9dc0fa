// What an OAuth2 service expects of its clients (RFC 6749), as the fields of one credential say.
#pragma once

#include <string>
#include <utility>
#include <vector>

#include "core/value/path.h"

namespace engine {

struct OAuth2Settings {
  enum class Grant { authorization_code, client_credentials };
  enum class ClientAuth { body, basic };  ///< where id and secret go; RFC 6749, section 2.3.1
  enum class Encoding { form, json };     ///< of requests to the token endpoint

  Grant grant = Grant::authorization_code;
  std::string authorize_url;
  std::string token_url;
  std::string client_id;
  std::string client_secret;
  std::string scope;
  bool pkce = false;  ///< RFC 7636, always S256
  ClientAuth client_auth = ClientAuth::body;
  Encoding encoding = Encoding::form;
  bool refresh = false;  ///< whether the service renews tokens of an authorization code
  /// Sent to both addresses, unless they are empty.
  std::vector<std::pair<std::string, std::string>> parameters;
  /// Parameters of the standard that the token endpoint does not know.
  std::vector<std::string> omit;

  // Where the answer of the token endpoint has what.
  Path access_token;
  Path refresh_token;
  Path expires_in;  ///< seconds
  Path error_code;
  Path error_message;
  /// What to do about an error, by its code.
  std::vector<std::pair<std::string, std::string>> hints;

  /// Whether a token that no longer works can be replaced without asking anybody.
  bool renewable() const { return refresh || grant == Grant::client_credentials; }
};

}  // namespace engine
