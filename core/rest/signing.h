// How a declarative credential type signs.
#pragma once

#include <string>
#include <utility>
#include <vector>

#include "core/http/message.h"
#include "core/value/value.h"

namespace engine::rest {

struct SignStep {
  enum class Kind { header, query, basic };
  std::vector<std::pair<std::string, Value>> when;  ///< fields that must have these values
  Kind kind = Kind::header;
  std::string name;   ///< template; of basic the user
  std::string value;  ///< template; of basic the password
};

/// `fields` with defaults filled in and cleaned. Names what it adds in secret_headers and
/// secret_query. Throws Error{credential, "bad_credential_field"} for values that cannot be sent
/// (empty, control characters, names that are no token).
void sign(const std::vector<SignStep>& steps, const Value& fields, http::Request& request);

/// Without white space around it and without a "Bearer " that was copied along.
std::string clean_token(std::string_view text);

}  // namespace engine::rest
