// How a declarative credential type obtains tokens: the part `oauth2` of a credential.yaml.
#pragma once

#include <functional>

#include "core/credential/credential_type.h"
#include "core/rest/source_reader.h"

namespace engine::rest {

/// Sets CredentialType::oauth2 and oauth2_choice. `complete` fills in the defaults of fields; the
/// type's fields must have been read.
void read_oauth2(SourceReader& reader, const Located& at,
                 const std::function<Value(const Value& fields)>& complete, CredentialType& type);

}  // namespace engine::rest
