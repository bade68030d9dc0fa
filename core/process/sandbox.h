// Takes from this process what a computation does not need: files, the network, other processes.
#pragma once

#include <string>

namespace engine::process {

/// Source of facts: seccomp(2), linux/seccomp.h, linux/audit.h, user_namespaces(7), unshare(2).
class Sandbox {
 public:
  /// To be made while the process has one thread: without filters of system calls it takes
  /// namespaces, which can be entered only then.
  Sandbox();

  /// For good, and for all threads of the process. From then on it can use the files that are open
  /// and its own memory; whatever else is asked of the system fails with EPERM. Call it when
  /// everything is loaded. Empty when the kernel does all of it, else a sentence on what it
  /// refuses: then namespaces without a network and with an empty folder as their root keep files
  /// and the network away, where the kernel gives those.
  std::string shut_out_the_world() const;

 private:
  bool namespaces_ = false;
};

}  // namespace engine::process
