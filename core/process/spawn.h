// Starts a program with a socket and a pipe for its errors, and nothing else.
#pragma once

#include <sys/types.h>

#include "core/process/child.h"

namespace engine::process {

constexpr int kParentSocket = 3;  ///< where a child finds the engine

struct Spawned {
  pid_t pid = -1;
  int socket = -1;
  int errors = -1;  ///< does not block
};

/// Throws Error{storage, "process_not_started"}. The caller owns what it gives.
Spawned spawn(const ChildOptions& options);

}  // namespace engine::process
