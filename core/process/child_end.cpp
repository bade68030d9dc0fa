#include "core/process/child_end.h"

#include <csignal>
#include <cstring>

namespace engine::process {
namespace {

std::string name_of(int signal) {
  const char* name = sigabbrev_np(signal);
  return name == nullptr ? "signal " + std::to_string(signal) : std::string("SIG") + name;
}

}  // namespace

std::string describe(const ChildEnd& end) {
  switch (end.kind) {
    case ChildEnd::Kind::exited: return "ended with exit code " + std::to_string(end.code);
    case ChildEnd::Kind::signalled:
      // Nothing else kills with it; the system does when the machine has no memory left.
      return end.signal == SIGKILL ? "was killed from outside (is the machine out of memory?)"
                                   : "crashed (" + name_of(end.signal) + ")";
    case ChildEnd::Kind::memory: return "used more memory than it may";
    case ChildEnd::Kind::time: return "took longer than it may";
    case ChildEnd::Kind::stopped: return "was stopped";
    case ChildEnd::Kind::protocol: return "was ended because " + end.detail;
  }
  return "ended";
}

}  // namespace engine::process
