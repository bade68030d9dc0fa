#include "core/plugin/openapi/security.h"

#include <algorithm>

#include "core/plugin/openapi/names.h"

namespace engine::plugin::openapi {
namespace {

constexpr std::size_t kMostTypes = 10;

Value field(const char* type, const std::string& title, const std::string& text, bool required) {
  Members members;
  members.set("type", type);
  members.set("title", title);
  if (!text.empty()) members.set("text", text);
  if (required) members.set("required", true);
  return members.value();
}

Value open_field(const std::string& title, const std::string& text, const std::string& standard) {
  return Value::object({{"type", "string"},
                        {"title", title},
                        {"text", text},
                        {"default", standard},
                        {"secret", Value(false)}});
}

// One credential type, grown scheme by scheme.
class TypeBuilder {
 public:
  TypeBuilder(const Document& document, Notes& notes) : document_(document), notes_(notes) {}

  /// False (noted) for a scheme that cannot be expressed.
  bool add(const std::string& name, const Value& scopes) {
    const Value schemes = document_.root()["components"]["securitySchemes"];
    const Value scheme = document_.resolve(schemes[name]);
    const std::string type(scheme["type"].as_string());
    text_ += (text_.empty() ? "" : " ") + text_of(scheme, "description", 400);
    if (type == "apiKey") return add_key(name, scheme);
    if (type == "http") return add_http(name, scheme);
    if (type == "oauth2") return add_oauth2(name, scheme, scopes);
    return refuse(name, type.empty() ? "which the document does not describe"
                                     : "a kind (" + type + ") that credentials do not know");
  }

  Value finish(const std::string& id, const std::string& title, const std::string& base_url,
               const std::string& test_path) {
    fields_.set("api_url", Value::object({{"type", "string"},
                                          {"title", "API address"},
                                          {"text", "Where the service's API is."},
                                          {"default", base_url},
                                          {"secret", Value(false)},
                                          {"clean", "address"}}));
    Members type;
    type.set("credential", id);
    type.set("title", title);
    if (!text_.empty()) type.set("text", text_);
    type.set("fields", fields_.value());
    type.set("sign", Value::array(steps_));
    type.set("hosts", "{api_url}");
    if (oauth2_.is_object()) type.set("oauth2", oauth2_);
    if (!test_path.empty()) {
      type.set("test", Value::object({{"base", "api_url"}, {"call", "GET " + test_path}}));
    }
    return type.value();
  }

 private:
  bool refuse(const std::string& name, const std::string& why) {
    notes_.add("The security scheme '" + name + "' is left out: it is " + why + ".");
    return false;
  }

  std::string secret_field(const std::string& wanted, const std::string& title) {
    std::string name = names_.take(wanted);
    fields_.set(name, field("string", title, "", true));
    return name;
  }

  void sign(const char* kind, const Value& how) { steps_.push_back(Value::object({{kind, how}})); }

  bool add_key(const std::string& name, const Value& scheme) {
    const std::string in(scheme["in"].as_string());
    if (in != "header" && in != "query") return refuse(name, "sent as a " + in);
    const std::string wire(scheme["name"].as_string());
    const std::string key = secret_field(snake_case(wire, "key"), wire);
    sign(in.c_str(), Value::object({{"name", wire}, {"value", "{" + key + "}"}}));
    return true;
  }

  bool add_http(const std::string& name, const Value& scheme) {
    std::string kind(scheme["scheme"].as_string());
    std::transform(kind.begin(), kind.end(), kind.begin(),
                   [](char c) { return c >= 'A' && c <= 'Z' ? static_cast<char>(c + 32) : c; });
    if (kind == "basic") {
      fields_.set("user", open_field("User", "Name of the user.", ""));
      fields_.set("password", field("string", "Password", "", true));
      sign("basic", Value::object({{"user", "{user}"}, {"password", "{password}"}}));
      return true;
    }
    if (kind != "bearer") return refuse(name, "of the HTTP scheme '" + kind + "'");
    const std::string token = secret_field("token", "Token");
    sign("header", Value::object({{"name", "Authorization"}, {"value", "Bearer {" + token + "}"}}));
    return true;
  }

  bool add_oauth2(const std::string& name, const Value& scheme, const Value& scopes) {
    const Value code = scheme["flows"]["authorizationCode"];
    const Value client = scheme["flows"]["clientCredentials"];
    const Value flow = code.is_object() ? code : client;
    const std::string token_url(flow["tokenUrl"].as_string());
    if (token_url.rfind("http", 0) != 0) {
      return refuse(name,
                    "OAuth2 without a flow with an absolute token URL that is done with a "
                    "client (authorization code, client credentials)");
    }
    if (code.is_object() && code["authorizationUrl"].as_string().substr(0, 4) != "http") {
      return refuse(name, "OAuth2 without an absolute authorization URL");
    }
    std::string wanted;
    for (const View scope : scopes.elements()) {
      wanted += (wanted.empty() ? "" : " ") + std::string(scope.as_string());
    }
    if (wanted.empty()) {
      for (const auto& scope : flow["scopes"].view().members()) {
        wanted += (wanted.empty() ? "" : " ") + std::string(scope.first);
      }
    }
    set_oauth2(code.is_object(), token_url, std::string(code["authorizationUrl"].as_string()),
               wanted);
    return true;
  }

  void set_oauth2(bool by_people, const std::string& token_url, const std::string& authorize_url,
                  const std::string& scope) {
    fields_.set("client_id", open_field("Client id", "Of the OAuth app.", ""));
    fields_.set("client_secret", field("string", "Client secret", "Of the OAuth app.", false));
    fields_.set("scope", open_field("Scope", "What is asked for, with blanks between.", scope));
    const std::string connects = "`engine credentials connect` fills it in.";
    fields_.set("access_token", field("string", "Access token", connects, false));
    fields_.set("refresh_token", field("string", "Refresh token", connects, false));
    fields_.set("expires_at", field("string", "End of the token", connects, false));
    Members oauth2;
    oauth2.set("grant", by_people ? "authorization_code" : "client_credentials");
    if (by_people) oauth2.set("authorize_url", authorize_url);
    oauth2.set("token_url", token_url);
    oauth2.set("scope", "{scope}");
    oauth2.set("refresh", true);
    oauth2_ = oauth2.value();
    sign("header", Value::object({{"name", "Authorization"}, {"value", "Bearer {access_token}"}}));
  }

  const Document& document_;
  Notes& notes_;
  UniqueNames names_;
  Members fields_;
  std::vector<Value> steps_;
  Value oauth2_;
  std::string text_;
};

// The sets of schemes that are asked for, each once, and whether none may do.
class Requirements {
 public:
  Requirements(const std::vector<Value>& operations, const Document& document) {
    const Value standard = document.root()["security"];
    for (const Value& operation : operations) {
      add(operation["security"].is_array() ? operation["security"] : standard);
    }
  }

  std::vector<Value> sets;
  bool optional = false;

 private:
  void add(const Value& alternatives) {
    if (alternatives.size() == 0) optional = true;
    for (std::size_t i = 0; i < alternatives.size(); ++i) {
      const Value set = alternatives[i];
      if (set.size() == 0) {
        optional = true;
        continue;
      }
      const bool known = std::any_of(sets.begin(), sets.end(),
                                     [&](const Value& other) { return same_schemes(other, set); });
      if (!known) sets.push_back(set);
    }
  }

  static bool same_schemes(const Value& a, const Value& b) {
    if (a.size() != b.size()) return false;
    for (const auto& member : a.members()) {
      if (b[member.first].missing()) return false;
    }
    return true;
  }
};

}  // namespace

Security read_security(const std::string& name, const std::string& base_url,
                       const std::string& test_path, const std::vector<Value>& operations,
                       const Document& document, Notes& notes) {
  const Requirements requirements(operations, document);
  Security security;
  security.optional = requirements.optional;
  UniqueNames ids;
  for (const Value& set : requirements.sets) {
    TypeBuilder builder(document, notes);
    bool good = true;
    std::string schemes;
    for (const auto& member : set.members()) {
      const std::string scheme(member.first);
      good = builder.add(scheme, set.share(member.second)) && good;
      schemes += "_" + snake_case(scheme, "key");
    }
    if (!good) continue;
    if (security.types.size() == kMostTypes) {
      notes.add("There are more ways to sign requests than " + std::to_string(kMostTypes) +
                "; the others were left out.");
      break;
    }
    const std::string id = ids.take(requirements.sets.size() == 1 ? name : name + schemes);
    security.types.push_back({id, builder.finish(id, title_case(id), base_url, test_path)});
  }
  if (security.types.empty()) security.optional = true;
  if (security.types.size() > 1) {
    notes.add("Operations ask for different credentials; each takes any of the package's.");
  }
  return security;
}

}  // namespace engine::plugin::openapi
