#include "core/credential/credential_type.h"

#include "core/base/error.h"

namespace engine {

Value checked_fields(const CredentialType& type, const Value& fields) {
  Parameter all;
  all.name = "fields";
  all.type = ParameterType::object;
  all.children = type.fields;
  try {
    return normalise(all, fields.missing() ? Value::object() : fields);
  } catch (const Error& error) {
    Error named = error;
    named.where.parameter.erase(0, all.name.size() + 1);  // people see no "fields."
    throw named;
  }
}

void CredentialTypes::add(CredentialType type) {
  const std::string id = type.id;
  if (!types_.emplace(id, std::move(type)).second) {
    throw Error(
        ErrorCause::user, "duplicate_credential_type",
        "The credential type '" + id + "' is defined twice. Rename one, or remove a plugin.");
  }
}

const CredentialType* CredentialTypes::find(std::string_view id) const {
  const auto found = types_.find(id);
  return found == types_.end() ? nullptr : &found->second;
}

std::vector<std::string> CredentialTypes::ids() const {
  std::vector<std::string> result;
  for (const auto& [id, type] : types_) result.push_back(id);
  return result;
}

}  // namespace engine
