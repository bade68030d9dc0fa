// Members of a workspace as the service writes them.
#pragma once

#include "nodes/clickup/sandbox/world/world.h"

namespace engine::clickup::sandbox {

/// The members `user`, `invited_by`, and for guests what they may do.
void write_membership(Writer& w, World& world, const Membership& member);

/// {id, name, color, avatar, members, roles}
void write_team(Writer& w, World& world, const Team& team, bool with_roles);

}  // namespace engine::clickup::sandbox
