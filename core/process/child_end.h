// How a child process ended, for those who have to tell people.
#pragma once

#include <cstdint>
#include <stdexcept>
#include <string>

namespace engine::process {

struct ChildEnd {
  enum class Kind {
    exited,     ///< by itself, with `code`
    signalled,  ///< by `signal`, which was not sent by the engine: it crashed
    memory,     ///< killed: it used more than it may
    time,       ///< killed: it took longer than it may
    stopped,    ///< killed because the call was cancelled
    protocol    ///< killed: it sent what nobody understands; see `detail`
  };

  Kind kind = Kind::exited;
  int code = 0;
  int signal = 0;
  std::string detail;
  std::string errors;  ///< the end of what it wrote to its standard error
};

/// "crashed (SIGSEGV)", "ended with exit code 3", …: goes on after "the process ".
std::string describe(const ChildEnd& end);

/// Thrown by a call whose child is gone.
class ChildEnded : public std::runtime_error {
 public:
  explicit ChildEnded(ChildEnd how) : std::runtime_error(describe(how)), end(std::move(how)) {}
  ChildEnd end;
};

}  // namespace engine::process
