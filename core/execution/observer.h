// Who watches an execution: live progress on a terminal, plain lines, logs.
#pragma once

#include <string>

#include "core/base/error.h"
#include "core/base/time.h"
#include "core/execution/state.h"

namespace engine::execution {

/// Called from several threads at once. `run` is the name of a node run ("fetch", "each[3]/fetch").
class Observer {
 public:
  virtual ~Observer() = default;
  virtual void run_started(const std::string& run, int attempt, std::size_t items) = 0;
  virtual void run_progress(const std::string& run, std::size_t done, std::size_t total) = 0;
  virtual void run_finished(const std::string& run, std::size_t items, Milliseconds took) = 0;
  virtual void run_failed(const std::string& run, const Error& error,
                          std::optional<TimePoint> retry_at) = 0;
  virtual void run_waiting(const std::string& run, TimePoint until) = 0;
  /// In a dry run: what a node would have done.
  virtual void would(const std::string& run, const std::string& what, const Value& details) = 0;
};

}  // namespace engine::execution
