// What an Evaluator keeps. Private to core/expression.
#pragma once

#include <memory>
#include <mutex>

#include "core/expression/evaluator.h"
#include "core/expression/failure.h"
#include "core/expression/runtime.h"

namespace engine::expression {

struct Evaluator::State {
  EvaluatorOptions options;
  std::mutex mutex;  // guards everything below, and is held during a crossing
  std::unique_ptr<Runtime> runtime;
  std::vector<std::string> method_names;

  /// Requires the mutex.
  Runtime& javascript() {
    if (!runtime) runtime = std::make_unique<Runtime>();
    return *runtime;
  }

  /// For items [begin, end), which may be one past the last: then there is no current item.
  std::vector<Column> evaluate(std::span<const Template* const> templates,
                               const Environment& environment, std::size_t begin, std::size_t end,
                               const Cancellation& cancellation);

  /// For suggestions. Requires the mutex and a watched runtime.
  MethodNames methods();
};

}  // namespace engine::expression
