#include "core/plugin/apart_library.h"

#include <unistd.h>

#include <algorithm>
#include <array>
#include <cstdlib>
#include <mutex>
#include <thread>

#include "core/plugin/native_child.h"
#include "core/plugin/native_host.h"
#include "core/plugin/pending_sends.h"
#include "core/plugin/remote_call.h"
#include "core/process/pool.h"

namespace engine::plugin {
namespace {

#if defined(__SANITIZE_ADDRESS__) || defined(__SANITIZE_THREAD__)
constexpr bool kSanitized = true;
#elif defined(__has_feature)
#if __has_feature(address_sanitizer) || __has_feature(thread_sanitizer)
constexpr bool kSanitized = true;
#else
constexpr bool kSanitized = false;
#endif
#else
constexpr bool kSanitized = false;
#endif

// What a library may need to work, and none of the engine's secrets.
std::vector<std::string> environment() {
  std::vector<std::string> variables;
  for (const char* name : {"PATH", "HOME", "LANG", "LC_ALL", "TZ", "TMPDIR", "LD_LIBRARY_PATH",
                           "ASAN_OPTIONS", "LSAN_OPTIONS", "TSAN_OPTIONS", "UBSAN_OPTIONS"}) {
    const char* value = std::getenv(name);
    if (value != nullptr) variables.push_back(std::string(name) + "=" + value);
  }
  return variables;
}

process::PoolOptions pool_options(const ApartOptions& options) {
  process::PoolOptions pool;
  pool.child.program = options.program;
  pool.child.arguments = {kNativeChildArgument};
  pool.child.environment = environment();
  pool.child.largest_message = kLargestAnswer + (std::size_t{64} << 20U);
  // A margin for what is only reserved; the exact limit is looked after from here.
  if (!kSanitized && options.limits.memory_bytes > 0) {
    pool.child.hard_memory_bytes = options.limits.memory_bytes + (std::uint64_t{256} << 20U);
  }
  // One that leaks is given up between two calls, before its limit ends a call.
  pool.retire_bytes = options.limits.memory_bytes / 2;
  pool.most = std::max<std::size_t>(std::thread::hardware_concurrency(), 4);
  return pool;
}

class ApartLibrary final : public NativeLibrary {
 public:
  ApartLibrary(LibrarySource source, const ApartOptions& options, std::vector<NativeType> types)
      : source_(std::move(source)),
        limits_(options.limits),
        pool_(pool_options(options)),
        types_(types.empty() ? learn() : std::move(types)) {}

  const std::vector<NativeType>& types() const override { return types_; }

  std::string invoke(std::size_t type, NativeFunction function, NativeCall& native_call,
                     std::string_view argument) const override {
    PendingSends sends(native_call);
    process::Callbacks callbacks;
    callbacks.answer = [&](std::string_view question) {
      return answer_question(native_call, sends, question);
    };
    callbacks.note = [&](std::string_view note) { take_note(native_call, note); };
    const std::string doing = "carried out '" + std::string(to_string(function)) + "'";
    try {
      const std::string result =
          call(call_request(source_, {type, function, argument}, native_call), callbacks,
               call_limits(), cancellation_of(native_call), doing, &native_call);
      return take_call_result(native_call, result, plugin_named(source_.name));
    } catch (const WireBroken& broken) {
      throw not_understood(broken.what());
    }
  }

 private:
  // There is none when a library is loaded.
  class NoCall final : public NativeCall {
   public:
    std::int32_t cancelled() const override { return 0; }
    std::int64_t now_ms() override { return 0; }
    void log(std::int32_t /*level*/, std::string_view /*message*/) override {}
  };

  std::vector<NativeType> learn() const {
    process::Limits limits = call_limits();
    // The engine does not start before.
    limits.wall = std::min(limits_.time, Milliseconds(10'000));
    const std::string result =
        call(load_request(source_), {}, limits, Cancellation(), "was loaded", nullptr);
    try {
      WireReader in(result);
      if (in.byte() == 0) return read_types(in);
      // Throws what the process told.
      NoCall none;
      take_call_result(none, result, plugin_named(source_.name));
      return {};
    } catch (const WireBroken& broken) {
      throw not_understood(broken.what());
    }
  }

  process::Limits call_limits() const {
    process::Limits limits;
    limits.wall = limits_.time;
    limits.memory_bytes = limits_.memory_bytes;
    return limits;
  }

  static Cancellation cancellation_of(const NativeCall& native_call) {
    const Cancellation* cancellation = native_call.cancellation();
    return cancellation == nullptr ? Cancellation() : *cancellation;
  }

  std::string call(const std::string& request, const process::Callbacks& callbacks,
                   const process::Limits& limits, const Cancellation& cancellation,
                   const std::string& doing, NativeCall* native_call) const {
    try {
      return pool_.call(request, callbacks, limits, cancellation);
    } catch (const process::ChildEnded& ended) {
      if (native_call != nullptr && !ended.end.errors.empty()) {
        native_call->log(ENGINE_LOG_WARN,
                         plugin_named(source_.name) + " had written: " + ended.end.errors);
      }
      throw error_of(ended.end, doing, limits);
    }
  }

  Error error_of(const process::ChildEnd& end, const std::string& doing,
                 const process::Limits& limits) const {
    using Kind = process::ChildEnd::Kind;
    const std::string start = plugin_named(source_.name) + " ";
    const std::string again = " The next run gets a new process.";
    switch (end.kind) {
      case Kind::memory:
        return {ErrorCause::upstream, "plugin_out_of_memory",
                start + "was ended while it " + doing + ": it used more than the " +
                    std::to_string(limits_.memory_bytes >> 20U) +
                    " MiB that it may. Give it less at once, or more 'memory' in plugins.yaml." +
                    again};
      case Kind::time:
        return {ErrorCause::timeout, "plugin_too_slow",
                start + "was ended while it " + doing + ": it took longer than the " +
                    format_duration(limits.wall.value_or(limits_.time)) +
                    " that it may. Give it less at once, or more 'time' in plugins.yaml." + again};
      case Kind::protocol: return not_understood(end.detail);
      default: break;
    }
    return {ErrorCause::upstream, "plugin_crashed",
            start + describe(end) + " while it " + doing +
                ". Report it to the author of the plugin." + again};
  }

  Error not_understood(const std::string& detail) const {
    return {ErrorCause::upstream, "plugin_bad_answer",
            plugin_named(source_.name) + " was ended because of its answer: " + detail +
                ". Report it to the author of the plugin."};
  }

  const LibrarySource source_;
  const ApartLimits limits_;
  mutable process::Pool pool_;
  std::vector<NativeType> types_;
};

}  // namespace

std::unique_ptr<NativeLibrary> load_apart(const LibrarySource& source, const ApartOptions& options,
                                          std::vector<NativeType> types) {
  return std::make_unique<ApartLibrary>(source, options, std::move(types));
}

}  // namespace engine::plugin
