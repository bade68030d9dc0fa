#include "core/rest/oauth2_reader.h"

#include <algorithm>
#include <map>
#include <memory>

#include "core/base/error.h"
#include "core/base/nearest.h"
#include "core/rest/path_template.h"
#include "core/rest/vocabulary.h"
#include "core/value/json.h"

namespace engine::rest {
namespace {

using Conditions = std::vector<std::pair<std::string, Value>>;

struct Address {
  Conditions when;
  std::string url;  // template
};

// Texts are templates over the fields.
struct DeclaredOAuth2 {
  Conditions when;
  std::string grant;
  std::vector<Address> authorize_url;  // the first that applies
  std::string token_url;
  std::string scope;
  std::string client_auth;
  std::vector<std::pair<std::string, std::string>> parameters;
  OAuth2Settings fixed;  // what does not depend on fields
};

bool hold(const Conditions& conditions, const Value& fields) {
  return std::all_of(conditions.begin(), conditions.end(), [&](const auto& condition) {
    return fields[condition.first].equals(condition.second);
  });
}

template <typename Choice>
Choice chosen(const std::string& text, const char* what,
              const std::map<std::string, Choice>& choices) {
  const auto found = choices.find(text);
  if (found != choices.end()) return found->second;
  std::vector<std::string> names;
  for (const auto& [name, choice] : choices) names.push_back(name);
  throw Error(ErrorCause::credential, "bad_credential_field",
              std::string("The ") + what + " of the credential is '" + text + "'; it can be " +
                  list_names(names) + ".");
}

std::optional<OAuth2Settings> settings_of(const DeclaredOAuth2& declared, const Value& fields) {
  using Settings = OAuth2Settings;
  if (!hold(declared.when, fields)) return std::nullopt;
  Settings result = declared.fixed;
  result.grant =
      chosen<Settings::Grant>(fill_as_text(declared.grant, fields), "grant",
                              {{"authorization_code", Settings::Grant::authorization_code},
                               {"client_credentials", Settings::Grant::client_credentials}});
  result.client_auth = chosen<Settings::ClientAuth>(
      fill_as_text(declared.client_auth, fields), "client authentication",
      {{"body", Settings::ClientAuth::body}, {"basic", Settings::ClientAuth::basic}});
  for (const Address& address : declared.authorize_url) {
    if (!hold(address.when, fields)) continue;
    result.authorize_url = fill_as_text(address.url, fields);
    break;
  }
  result.token_url = fill_as_text(declared.token_url, fields);
  result.client_id = to_text(fields["client_id"]);
  result.client_secret = to_text(fields["client_secret"]);
  result.scope = fill_as_text(declared.scope, fields);
  for (const auto& [name, text] : declared.parameters) {
    result.parameters.emplace_back(name, fill_as_text(text, fields));
  }
  return result;
}

class OAuth2Reader {
 public:
  OAuth2Reader(SourceReader& reader, const CredentialType& type) : reader_(reader), type_(type) {}

  DeclaredOAuth2 read(const Located& at) {
    reader_.check_keys(at, "'oauth2'", key_names("oauth2"));
    DeclaredOAuth2 declared;
    declared.when = reader_.value_map(at, "when");
    declared.grant = templated(at, "grant", reader_.required_text(at, "grant", "'oauth2'"));
    declared.token_url =
        templated(at, "token_url", reader_.required_text(at, "token_url", "'oauth2'"));
    declared.scope = templated(at, "scope", reader_.text(at, "scope"));
    declared.client_auth = templated(at, "client_auth", reader_.text(at, "client_auth", "body"));
    declared.authorize_url = read_addresses(at);
    declared.parameters = reader_.text_map(at, "parameters");
    for (const auto& [name, text] : declared.parameters) templated(at, name, text);
    read_fixed(at, declared.fixed);
    std::vector<std::string> needed{"client_id", "client_secret", kAccessToken};
    if (declared.fixed.refresh) {
      needed.insert(needed.end(), {kRefreshToken, kExpiresAt});
    }
    for (const std::string& name : needed) check_field(at, name);
    return declared;
  }

 private:
  void check_field(const Located& at, const std::string& name) {
    if (find_parameter(type_.fields, name) != nullptr) return;
    reader_.fault(at, "'oauth2' needs a field '" + name + "'.");
  }

  std::string templated(const Located& at, const std::string& key, std::string text) {
    const Located* place = at.find(key);
    for (const std::string& name : template_names(text)) {
      if (find_parameter(type_.fields, name) != nullptr) continue;
      reader_.fault(place == nullptr ? at : *place, "There is no field '" + name + "'.");
    }
    return text;
  }

  std::vector<Address> read_addresses(const Located& at) {
    const Located* given = at.find("authorize_url");
    if (given == nullptr) return {};
    if (given->kind != Kind::array) {
      return {{{}, templated(at, "authorize_url", reader_.text(at, "authorize_url"))}};
    }
    std::vector<Address> addresses;
    for (const Located& one : given->elements) {
      reader_.check_keys(one, "An address", key_names("oauth2_address"));
      addresses.push_back({reader_.value_map(one, "when"),
                           templated(one, "url", reader_.required_text(one, "url", "An address"))});
    }
    return addresses;
  }

  Path path(const Located* answer, const std::string& key, const std::string& standard) {
    const auto given = answer == nullptr ? std::nullopt : reader_.path(*answer, key);
    return given ? *given : parse_path(standard).value_or(Path{});
  }

  void read_fixed(const Located& at, OAuth2Settings& fixed) {
    fixed.pkce = reader_.boolean(at, "pkce");
    fixed.refresh = reader_.boolean(at, "refresh");
    const auto encoding = reader_.one_of(at, reader_.text(at, "encoding", "form"), "The encoding",
                                         words_of("oauth2", "encoding"));
    fixed.encoding =
        encoding == 1U ? OAuth2Settings::Encoding::json : OAuth2Settings::Encoding::form;
    fixed.omit = reader_.texts(at, "omit");
    fixed.hints = reader_.text_map(at, "hints");
    const Located* answer = at.find("answer");
    if (answer != nullptr) {
      reader_.check_keys(*answer, "'answer'", key_names("oauth2_answer"));
    }
    fixed.access_token = path(answer, "access_token", "access_token");
    fixed.refresh_token = path(answer, "refresh_token", "refresh_token");
    fixed.expires_in = path(answer, "expires_in", "expires_in");
    fixed.error_code = path(answer, "error", "error");
    fixed.error_message = path(answer, "message", "error_description");
  }

  SourceReader& reader_;
  const CredentialType& type_;
};

}  // namespace

void read_oauth2(SourceReader& reader, const Located& at,
                 const std::function<Value(const Value& fields)>& complete, CredentialType& type) {
  const auto declared = std::make_shared<const DeclaredOAuth2>(OAuth2Reader(reader, type).read(at));
  for (const auto& [name, value] : declared->when) {
    type.oauth2_choice = with_path(type.oauth2_choice, {name}, value);
  }
  type.oauth2 = [declared, complete](const Value& fields) {
    return settings_of(*declared, complete(fields));
  };
}

}  // namespace engine::rest
