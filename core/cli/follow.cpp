#include "core/cli/follow.h"

#include <unistd.h>

#include <iostream>
#include <mutex>

#include "core/cli/progress.h"
#include "core/cli/report.h"
#include "core/cli/signals.h"
#include "core/execution/retention.h"

namespace engine::cli {
namespace {

ProgressStyle style_of(const FollowOptions& options) {
  if (options.quiet) return ProgressStyle::none;
  return isatty(STDERR_FILENO) != 0 ? ProgressStyle::live : ProgressStyle::plain;
}

OutputFormat format_of(const FollowOptions& options) {
  if (const auto format = parse_output_format(options.output)) return *format;
  return isatty(STDOUT_FILENO) != 0 ? OutputFormat::pretty : OutputFormat::json;
}

// What the user can do next, or should know, after a failure.
std::string next_step(const execution::ActiveExecution& execution, const FollowOptions& options) {
  if (options.dry_run) {
    return "In a dry run, what was not sent has no answer: its item holds what would have been "
           "sent and the id 'dry_run'. A node that reads more of it fails only here.";
  }
  if (!options.save) return "";
  return "The execution is stored. To go on from here: engine executions retry " + execution.id();
}

int finish(Session& session, const execution::ActiveExecution& execution,
           const FollowOptions& options) {
  switch (execution.outcome()) {
    case execution::Outcome::success:
      print_items(std::cout, execution.result(), format_of(options));
      return kDone;
    case execution::Outcome::cancelled:
      std::cerr << "cancelled\n";
      if (options.save) std::cerr << next_step(execution, options) << '\n';
      return kInterrupted;
    default: break;
  }
  const Error& error = *execution.error();
  print_error(error, session.colours(STDERR_FILENO));
  const std::string next = next_step(execution, options);
  if (!next.empty() && !options.quiet) std::cerr << next << '\n';
  return error.cause() == ErrorCause::credential ? kConfiguration : kFailed;
}

// What the workflow's settings let go. It is no reason to fail that this must wait for another
// time.
void tidy(Session& session, const workflow::Workflow& workflow) {
  const auto rules = execution::prune_rules(workflow, session.clock().now());
  if (!rules) return;
  try {
    session.store().prune(*rules);
  } catch (const Error& error) {
    session.log().warn("Old executions could not be removed.", {{"error", error.what()}});
  }
}

// Everything is stored and printed. What is left to do would only give memory back, which the
// system does faster, or wait for a node that ignores its time limit.
[[noreturn]] void end_process(const Session& session, int code) {
  if (!std::cout.flush()) {
    print_error(Error(ErrorCause::storage, "output_not_written",
                      "The result could not be written to the standard output."),
                session.colours(STDERR_FILENO));
    if (code == kDone) code = kFailed;
  }
  std::cerr.flush();
  _exit(code);
}

}  // namespace

void follow(Session& session, const workflow::Workflow& workflow, const FollowOptions& options,
            const std::function<std::shared_ptr<execution::ActiveExecution>(
                execution::Executor&, execution::Observer*)>& begin) {
  std::mutex mutex;
  std::shared_ptr<execution::ActiveExecution> execution;
  execution::SystemTimers timers(session.clock());
  execution::Executor executor(session.services(options.save, timers));
  bool interrupted = false;
  const SignalWatch watch([&] {
    const std::lock_guard lock(mutex);
    interrupted = true;
    if (execution) execution->cancel(CancelReason::cancelled);
    executor.cancel_background();
  });
  Progress progress(workflow, style_of(options), session.colours(STDERR_FILENO), session.clock());
  const auto started = begin(executor, &progress);
  {
    const std::lock_guard lock(mutex);
    execution = started;
    if (interrupted) execution->cancel(CancelReason::cancelled);
  }
  try {
    started->wait();
    executor.wait_for_background();
  } catch (const Error& error) {
    progress.finish();
    print_error(error, session.colours(STDERR_FILENO));
    end_process(session, error.cause() == ErrorCause::storage ? kConfiguration : kFailed);
  }
  progress.finish();
  FollowOptions told = options;
  told.save = options.save && workflow.settings.durability != workflow::Durability::none;
  const int code = finish(session, *started, told);
  if (options.save) tidy(session, workflow);
  end_process(session, code);
}

}  // namespace engine::cli
