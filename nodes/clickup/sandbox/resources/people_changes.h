// Inviting and removing people: what guests and users have in common.
#pragma once

#include "nodes/clickup/sandbox/call.h"

namespace engine::clickup::sandbox {

/// Null when the digits are nobody's.
Membership* member_by_id(Team& team, std::string_view id);

/// Refuses an email that is none, or of somebody who is there already.
Membership& invite_member(Call& call, Team& team, std::string_view email, int role);

/// Takes the user out of the workspace and off what is shared with them. Refuses the owner.
void remove_member(Call& call, Team& team, UserId user);

/// {team: {…}}
Answer whole_team(Call& call, const Team& team, bool with_roles);

/// {guest: {…, shared}} or {member: {…, shared}}
Answer one_member(Call& call, const Membership& member, std::string_view key);

}  // namespace engine::clickup::sandbox
