// The packages and credential types that are compiled in; a list made from the folders.
#pragma once

#include <span>

#include "core/rest/packed.h"

namespace engine::rest {

/// Every declarative package of nodes/. Takes well under a millisecond: nothing is parsed.
void register_packages(Registry& registry);

/// Every declarative type of credentials/.
void register_credential_types(CredentialTypes& types);

std::span<const PackedPackage> packed_packages();
std::span<const PackedCredentialType> packed_credential_types();

}  // namespace engine::rest
