#include "core/trigger/state_seal.h"

#include "core/base/error.h"
#include "core/crypto/encoding.h"
#include "core/value/json.h"

namespace engine::trigger {
namespace {

std::string bound_to(const std::string& workflow, const std::string& node) {
  return workflow + '\0' + node;
}

}  // namespace

StateSeal::StateSeal(std::string_view secret) : key_(EncryptionKey::parse(to_hex(secret))) {}

std::string StateSeal::seal(const std::string& workflow, const std::string& node,
                            const Value& state) const {
  if (!state.given()) return "";
  return to_base64url(key_.seal(print_json(state), bound_to(workflow, node)));
}

Value StateSeal::open(const std::string& workflow, const std::string& node,
                      const std::string& sealed) const {
  if (sealed.empty()) return {};
  const auto bytes = from_base64url(sealed);
  try {
    return parse_json(key_.open(bytes.value_or(""), bound_to(workflow, node)), "a stored trigger");
  } catch (const Error&) {
    throw Error(
        ErrorCause::storage, "trigger_state_damaged",
        "What the trigger '" + node + "' of the workflow '" + workflow +
            "' had stored is not what it was. Restore the database from a backup, or rename "
            "the workflow: then the trigger begins anew.");
  }
}

}  // namespace engine::trigger
