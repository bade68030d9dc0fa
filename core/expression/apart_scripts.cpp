#include "core/expression/apart_scripts.h"

#include <cstdlib>

#include "core/expression/script_messages.h"

namespace engine::expression {
namespace {

constexpr std::uint64_t kUsualMemory = std::uint64_t{256} << 20U;
// A script that logs without end is stopped by its time limit; the log is not to be filled by it.
constexpr std::size_t kMostLogLines = 1000;

process::PoolOptions pool_options(const ApartScriptsOptions& options) {
  process::PoolOptions pool;
  pool.child.program = options.program;
  pool.child.arguments = options.arguments;
  // What dates and numbers look like.
  for (const char* name : {"TZ", "LANG", "LC_ALL", "LC_TIME", "LC_NUMERIC", "LC_MONETARY"}) {
    const char* value = std::getenv(name);
    if (value != nullptr) pool.child.environment.push_back(std::string(name) + "=" + value);
  }
  // Garbage is collected with the limit in view, not with all the memory of the machine.
  pool.child.environment.push_back("JSC_forceRAMSize=" + std::to_string(kUsualMemory));
  pool.most = options.most;
  // What one script leaves behind is not to count for the next.
  pool.retire_bytes = kUsualMemory / 2;
  return pool;
}

// JavaScript ends itself after its time, and says so. What does not end then (a regular expression,
// or an interpreter gone mad) is killed. On a busy machine processor time passes slowly.
process::Limits limits_of(const Script& script) {
  constexpr Milliseconds kGrace{1000};
  constexpr Milliseconds kPatience{60'000};
  return {script.time_limit * 10 + kPatience, script.time_limit * 2 + kGrace, script.memory_bytes};
}

Error error_of(const process::ChildEnd& end, const Script& script) {
  using Kind = process::ChildEnd::Kind;
  if (end.kind == Kind::time) {
    return {ErrorCause::timeout, "expression_timeout",
            "JavaScript ran longer than " + std::to_string(script.time_limit.count()) +
                " ms and was stopped. Make it do less, or raise 'timeout'."};
  }
  if (end.kind == Kind::memory) {
    return {ErrorCause::user, "script_memory",
            "The script used more than " + std::to_string(script.memory_bytes >> 20U) +
                " MiB of memory and was stopped. Make it keep less at once, or raise 'memory'."};
  }
  return {ErrorCause::upstream, "script_crashed",
          "The process that ran the script " + describe(end) +
              ". Nothing but this node run is affected; when it happens again, change the script."};
}

}  // namespace

ApartScripts::ApartScripts(ApartScriptsOptions options)
    : options_(std::move(options)), pool_(pool_options(options_)) {}

Items ApartScripts::run(const Script& script, const Environment& environment, const LogSink& log,
                        const Cancellation& cancellation) {
  const ScriptRequest request{
      script.place, prepare_script(script.source, script.each, environment, script.time_limit)};
  EnvironmentData data(environment, log);
  std::size_t lines = 0;
  process::Callbacks callbacks;
  callbacks.answer = [&](std::string_view question) {
    return to_message(data.answer(read_question(question)));
  };
  callbacks.note = [&](std::string_view note) {
    const auto [level, text] = read_log(note);
    if (level == kRefusedByKernel) {
      if (options_.warn) std::call_once(warned_, options_.warn, std::string(text));
    } else if (++lines <= kMostLogLines) {
      data.log(level, text);
    }
  };
  try {
    return script_items(read_result_message(pool_.call(to_message(request), callbacks,
                                                       limits_of(script), cancellation)),
                        request.run.count);
  } catch (const process::ChildEnded& ended) {
    throw error_of(ended.end, script);
  }
}

}  // namespace engine::expression
