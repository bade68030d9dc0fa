// Expressions that need no JavaScript: plain paths and literals, compared and combined.
//
//   expression := choice
//   choice     := either [ '?' choice ':' choice ]
//   either     := both { '||' both }  |  comparison { '??' comparison }
//   both       := comparison { '&&' comparison }
//   comparison := operand [ ( === !== == != < <= > >= ) operand ]
//   operand    := '!' operand | '(' choice ')' | path
#pragma once

#include <optional>
#include <string_view>
#include <vector>

#include "core/expression/environment.h"
#include "core/expression/native_path.h"
#include "core/expression/native_reader.h"

namespace engine::expression {

struct NativeExpression {
  enum class Kind { path, negate, both, either, coalesce, choose, compare };
  enum class Operator {
    strict_equal,
    strict_unequal,
    equal,
    unequal,
    less_equal,
    greater_equal,
    less,
    greater
  };

  Kind kind = Kind::path;
  Operator comparison = Operator::strict_equal;  ///< of a comparison
  NativePath path;                               ///< of a path
  std::vector<NativeExpression> operands;        ///< of all others
};

/// Nothing when the expression needs JavaScript.
std::optional<NativeExpression> compile_native(std::string_view source);

/// Reads one native expression for the items of one environment. Borrows both; used by one thread.
class NativeEvaluator {
 public:
  NativeEvaluator(const NativeExpression& expression, const Environment& environment);

  /// JavaScript's answer. Nothing where only JavaScript can tell, as when an object is compared
  /// with a text. Throws Failure where JavaScript would throw.
  std::optional<Value> read(std::size_t item) const;

 private:
  std::optional<Value> read_until(std::size_t item, bool (*decides)(View)) const;

  const NativeExpression& expression_;
  std::optional<NativeReader> reader_;  // of a path
  std::vector<NativeEvaluator> operands_;
};

}  // namespace engine::expression
