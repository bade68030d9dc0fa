// Following an execution to its end, for `run`, `executions retry` and `executions replay`.
#pragma once

#include <functional>
#include <memory>
#include <string>

#include "core/cli/output.h"
#include "core/cli/session.h"
#include "core/execution/executor.h"

namespace engine::cli {

struct FollowOptions {
  std::string
      output;  ///< "", "json", "pretty", "table", "none"; empty: pretty on a terminal, else json
  bool quiet = false;
  bool save = true;
  bool dry_run = false;
};

/// Starts with `begin`, shows progress, stops on Ctrl-C, prints the result, waits for workflows
/// that were called without waiting, and ends the process with the exit code. Throws what `begin`
/// throws.
[[noreturn]] void follow(Session& session, const workflow::Workflow& workflow,
                         const FollowOptions& options,
                         const std::function<std::shared_ptr<execution::ActiveExecution>(
                             execution::Executor&, execution::Observer*)>& begin);

}  // namespace engine::cli
