// Takes from this process what a computation does not need: files, the network, other processes.
#pragma once

#include <string>

namespace engine::process {

/// For good, and for all threads of the process. From then on it can use the files that are open
/// and its own memory; whatever else is asked of the system fails with EPERM. Call it when
/// everything is loaded. Empty when the kernel does all of it, else a sentence on what it refuses:
/// then a limit on open files, which every kernel has, keeps files and the network away.
/// Source of facts: seccomp(2), linux/seccomp.h, linux/audit.h.
std::string shut_out_the_world();

}  // namespace engine::process
