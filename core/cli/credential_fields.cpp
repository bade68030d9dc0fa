#include "core/cli/credential_fields.h"

#include <algorithm>
#include <cstdlib>
#include <map>

#include "core/base/nearest.h"
#include "core/cli/secret_input.h"
#include "core/cli/session.h"

namespace engine::cli {
namespace {

std::pair<std::string, std::string> split_field(const std::string& text, const char* option) {
  const std::size_t equals = text.find('=');
  if (equals == std::string::npos || equals == 0) {
    throw Error(ErrorCause::user, "bad_option",
                std::string(option) + " takes NAME=VALUE, not '" + text.substr(0, equals) + "'.");
  }
  return {text.substr(0, equals), text.substr(equals + 1)};
}

// Texts as the field's type wants them; unknown names are refused with the nearest.
void set_field(const CredentialType& type, std::map<std::string, Value>& fields,
               const std::string& name, const std::string& text) {
  const Parameter* field = find_parameter(type.fields, name);
  if (field == nullptr) {
    const auto names = parameter_names(type.fields);
    throw Error(ErrorCause::user, "unknown_field",
                "Credential type '" + type.id + "' has no field '" + name + "'; it has " +
                    list_names(names) + "." + did_you_mean(name, names));
  }
  fields.insert_or_assign(
      name, field->type == ParameterType::boolean ? Value(text == "true") : Value(text));
}

// As the type's descriptions say; what is not given counts with its default.
bool is_shown(const CredentialType& type, const Parameter& field, const Value& fields) {
  return std::all_of(field.show_when.begin(), field.show_when.end(), [&](const ShowWhen& rule) {
    Value value = fields[rule.parameter];
    const Parameter* other = find_parameter(type.fields, rule.parameter);
    if (value.missing() && other != nullptr) value = other->default_value;
    return std::any_of(rule.values.begin(), rule.values.end(),
                       [&](const Value& fitting) { return value.equals(fitting); });
  });
}

}  // namespace

const CredentialType& find_credential_type(Session& session, const std::string& name) {
  const CredentialTypes& types = session.credential_types();
  if (const CredentialType* type = types.find(name)) return *type;
  throw Error(ErrorCause::user, "unknown_credential_type",
              "There is no credential type '" + name + "'; there are " + list_names(types.ids()) +
                  "." + did_you_mean(name, types.ids()));
}

Value gather_fields(const CredentialType& type, const std::vector<std::string>& given,
                    const std::vector<std::string>& from_env) {
  std::map<std::string, Value> fields;
  for (const std::string& entry : given) {
    const auto [name, value] = split_field(entry, "--field");
    set_field(type, fields, name, value == "-" ? read_secret(name) : value);
  }
  for (const std::string& entry : from_env) {
    const auto [name, variable] = split_field(entry, "--from-env");
    const char* value = std::getenv(variable.c_str());
    if (value == nullptr) {
      throw Error(ErrorCause::user, "variable_not_set",
                  "The environment variable '" + variable + "' is not set.");
    }
    set_field(type, fields, name, value);
  }
  ValueBuilder builder;
  builder.begin_object();
  for (const auto& [name, value] : fields) {
    builder.key(name);
    builder.value(value);
  }
  builder.end_object();
  return builder.finish();
}

void check_complete(const CredentialType& type, const Value& fields) {
  std::string missing;
  std::string options;
  for (const Parameter& field : type.fields) {
    if (!field.required || !field.default_value.missing() || !fields[field.name].missing() ||
        !is_shown(type, field, fields)) {
      continue;
    }
    missing += (missing.empty() ? "'" : ", '") + field.name + "'";
    options += " --field " + field.name + "=" + (field.secret ? "-" : "VALUE");
  }
  if (missing.empty()) return;
  throw Error(ErrorCause::user, "missing_field",
              "A credential of the type '" + type.id + "' needs " + missing + ". Add" + options +
                  " ('-' asks for the value, or reads it from the standard input).");
}

bool needs_connecting(const Credential& credential) {
  return credential.type->oauth2 && !credential.fields[kAccessToken].given() &&
         credential.type->oauth2(credential.fields).has_value();
}

}  // namespace engine::cli
