// One child process: started, talked to, limited, killed and reaped.
#pragma once

#include <sys/types.h>

#include <functional>
#include <memory>
#include <mutex>
#include <string>
#include <string_view>
#include <vector>

#include "core/base/cancellation.h"
#include "core/process/alertness.h"
#include "core/process/child_end.h"
#include "core/process/frame.h"
#include "core/process/usage.h"

namespace engine::process {

struct ChildOptions {
  std::string program = "/proc/self/exe";
  std::vector<std::string> arguments;    ///< after the program's name
  std::vector<std::string> environment;  ///< "NAME=value"; nothing of the engine's own is passed on
  std::size_t largest_message = std::size_t{256} << 20U;  ///< that it may send, in bytes
  /// RLIMIT_DATA, in bytes; 0: none. Holds where nobody looks, but counts what is only reserved:
  /// not for JavaScriptCore and not under a sanitizer.
  std::uint64_t hard_memory_bytes = 0;
};

/// What a child may ask for in the middle of a call. What they throw ends the call and the child.
struct Callbacks {
  std::function<std::string(std::string_view question)> answer;  ///< may be empty
  std::function<void(std::string_view note)> note;               ///< may be empty
};

/// It has no open files but its standard streams (nothing, and a pipe to here) and the socket to
/// the engine, gets no signals of the terminal, and is killed when the thread that made it ends.
/// One call at a time; kill() from any thread.
class Child {
 public:
  /// Throws Error{storage, "process_not_started"}.
  explicit Child(const ChildOptions& options);
  /// Kills and reaps it.
  ~Child();
  Child(const Child&) = delete;
  Child& operator=(const Child&) = delete;

  /// Sends work and gives its result. Throws ChildEnded; cancellation kills the child and is thrown
  /// as its own error. After any exception it cannot be used again.
  std::string call(std::string_view request, const Callbacks& callbacks, const Limits& limits,
                   const Cancellation& cancellation);

  /// Whether all of its calls ended with a result.
  bool whole() const;
  /// Whether it can take a call: it is whole, and still there.
  bool usable() const;
  std::uint64_t memory_bytes() const { return usage_->memory_bytes(); }
  std::uint64_t recent_memory_bytes() { return usage_->recent_memory_bytes(); }
  pid_t pid() const { return pid_; }
  void kill();

 private:
  class Watch;
  void send(FrameKind kind, std::string_view body, Watch& watch);
  Frame receive(Watch& watch);
  FrameReader::Got look(Frame& frame);
  void wait(short events, Watch& watch);
  void drain_errors();
  [[noreturn]] void fail(ChildEnd::Kind kind, std::string detail = {});
  [[noreturn]] void fail_closed();
  int reap(bool kill_now);

  pid_t pid_ = -1;
  int socket_ = -1;
  int errors_ = -1;
  bool errors_ended_ = false;
  std::unique_ptr<Usage> usage_;
  std::unique_ptr<FrameReader> reader_;
  Alertness alertness_;
  std::string error_text_;
  bool in_call_ = false;
  mutable std::mutex mutex_;  // guards the two below: no signal may reach a later process
  bool reaped_ = false;
  bool killed_ = false;
};

}  // namespace engine::process
