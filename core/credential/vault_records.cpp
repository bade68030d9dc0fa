#include "core/credential/vault_records.h"

#include "core/base/error.h"

namespace engine {

void check_record_name(const std::string& name, const char* what) {
  constexpr std::size_t kLongest = 100;
  const bool fine =
      !name.empty() && name.size() <= kLongest && std::all_of(name.begin(), name.end(), [](char c) {
        return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9') ||
               c == '_' || c == '-' || c == '.';
      });
  if (fine) return;
  throw Error(
      ErrorCause::user, "bad_credential_name",
      "The name of a " + std::string(what) + " has 1 to 100 letters, digits, '_', '-' and '.'.");
}

Value merged(const Value& base, const Value& more) {
  Value result = base.is_object() ? base : Value::object();
  for (const auto& [name, value] : more.members()) {
    result = with_path(result, {std::string(name)}, more.share(value));
  }
  return result;
}

Value without_members(const Value& fields, const Value& other) {
  Value result = fields;
  for (const auto& [name, value] : other.members()) {
    result = without_path(result, {std::string(name)});
  }
  return result;
}

}  // namespace engine
