// What a Column holds. Private to core/expression.
#pragma once

#include <map>
#include <vector>

#include "core/expression/evaluator.h"

namespace engine::expression {

struct Column::Data {
  std::vector<Value> values;  ///< one for all items when `uniform`
  std::map<std::size_t, Error> errors;
  std::size_t size = 0;
  bool uniform = false;
};

}  // namespace engine::expression
