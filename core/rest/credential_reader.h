// Declarative credential types: credentials/<name>/credential.yaml.
#pragma once

#include <string>

#include "core/base/diagnostic.h"
#include "core/credential/credential_type.h"
#include "core/value/located.h"

namespace engine::rest {

/// Faults are noted; what could be read is returned. Fields are secret unless they say
/// `secret: false`.
CredentialType read_credential_type(const Located& source, const std::string& file,
                                    Diagnostics& diagnostics);

}  // namespace engine::rest
