// What people paste as an id: the id itself, with a prefix, or a link that holds it.
#pragma once

#include "core/rest/conversion.h"

namespace engine::rest {

/// The id as text; a number or text that is neither link nor prefixed stays, trimmed. Throws
/// Error{user, "bad_parameter"} for a link that no pattern of the kind fits, and Error{user,
/// "custom_id"} for ids that need a parameter which is not set.
Value convert_id(const Value& value, const std::string& kind, const ConversionContext& context);

}  // namespace engine::rest
