// Values whose form depends on what they are set on: the service says of which kind a field is, the
// package says what each kind takes.
#pragma once

#include <optional>
#include <string>
#include <utility>
#include <vector>

#include "core/rest/conversion.h"

namespace engine::rest {

/// Whether a value is set or compared with: what is compared with is never wrapped.
enum class TypedUse { set, compare };

/// The value in the service's form, for the field that `element` describes. Null stays null, and
/// what has the service's form already stays as it is. Throws Error{user, "bad_field_value"} that
/// names field and kind, Error{user, "unknown_name" | "ambiguous_name"} for options.
Converted convert_typed(const Value& value, const Value& element, TypedUse use,
                        const ConversionContext& context);

}  // namespace engine::rest
