// Groups of one user alone, as many systems make one for every user.
#pragma once

#include <sys/types.h>

namespace engine::plugin {

/// Whether the user is in the group, and nobody else: to be writable by it is to be writable by its
/// owner. False when that is not known. Thread-safe.
bool is_private_group(gid_t group, uid_t user);

}  // namespace engine::plugin
