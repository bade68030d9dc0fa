// People as API v3 writes them.
#pragma once

#include "nodes/clickup/sandbox/call.h"

namespace engine::clickup::sandbox {

/// A page of {id (a text), username, name, email, initials}.
Answer people_page(const Call& call, const std::vector<UserId>& ids);

}  // namespace engine::clickup::sandbox
