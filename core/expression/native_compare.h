// JavaScript's comparisons of JSON values.
#pragma once

#include <optional>

#include "core/expression/native_expression.h"

namespace engine::expression {

/// As ECMA-262, 7.2.13 to 7.2.15. Nothing where only JavaScript can tell: objects and arrays have
/// an identity there and become text, texts become numbers, integers beyond 2^53 are of another
/// type.
std::optional<bool> compare(NativeExpression::Operator comparison, View left, View right);

}  // namespace engine::expression
