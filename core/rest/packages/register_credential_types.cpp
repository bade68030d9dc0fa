#include "core/rest/register_packages.h"

namespace engine::rest {

void register_credential_types(CredentialTypes& types) {
  for (const PackedCredentialType& type : packed_credential_types()) types.add(unpack(type));
}

}  // namespace engine::rest
