// The port through which code nodes are run.
#pragma once

#include <chrono>
#include <cstdint>
#include <string>

#include "core/base/cancellation.h"
#include "core/expression/data_source.h"

namespace engine::expression {

struct Script {
  std::string place;   ///< scripts of one place (a workflow) share a global object
  std::string source;  ///< the body of a function
  bool each = false;   ///< once for each item, else once for all
  std::chrono::milliseconds time_limit{10'000};  ///< of processor time
  std::uint64_t memory_bytes = std::uint64_t{256} << 20U;
};

/// Thread-safe.
class ScriptRunner {
 public:
  virtual ~ScriptRunner() = default;

  /// A script will be run soon: what takes time is done meanwhile.
  virtual void prepare() = 0;

  /// As Evaluator::run_script, which also says what errors are thrown. Those of a runner apart are
  /// besides: Error{timeout, "expression_timeout"} also for what JavaScript itself cannot stop,
  /// Error{user, "script_memory"}, Error{upstream, "script_crashed"}.
  virtual Items run(const Script& script, const Environment& environment, const LogSink& log,
                    const Cancellation& cancellation) = 0;
};

}  // namespace engine::expression
