#include "nodes/clickup/sandbox/wire/people.h"

#include <algorithm>
#include <array>

#include "nodes/clickup/sandbox/wire/objects.h"

namespace engine::clickup::sandbox {
namespace {

constexpr std::array<std::string_view, 5> kRoleKeys = {"", "owner", "admin", "member", "guest"};

std::string_view role_key(int role) {
  return kRoleKeys[static_cast<std::size_t>(std::clamp(role, kOwner, kGuest))];
}

void write_custom_role(Writer& w, World& world, const Membership& member) {
  for (const Team& team : world.teams) {
    for (const CustomRole& role : team.custom_roles) {
      if (role.id != member.custom_role) continue;
      w.object("custom_role", [&] {
        w.integer("id", role.id);
        w.text("name", role.name);
      });
      return;
    }
  }
  w.null("custom_role");
}

void write_roles(Writer& w, const Team& team) {
  w.array("roles", [&] {
    for (int role = kOwner; role <= kGuest; ++role) {
      w.object([&] {
        w.integer("id", role);
        w.text("name", role_key(role));
        w.flag("custom", false);
      });
    }
    for (const CustomRole& role : team.custom_roles) {
      w.object([&] {
        w.integer("id", role.id);
        w.text("name", role.name);
        w.integer("inherited_role", role.inherited_role);
        w.flag("custom", true);
      });
    }
  });
}

}  // namespace

void write_membership(Writer& w, World& world, const Membership& member) {
  const User& user = *world.users.find(std::to_string(member.user));
  w.object("user", [&] {
    w.integer("id", user.number);
    w.text_or_null("username", user.username);
    w.text("email", user.email);
    w.text_or_null("color", user.color);
    w.null("profilePicture");
    w.text("initials", user.initials);
    w.integer("role", member.role);
    w.text("role_key", role_key(member.role));
    write_custom_role(w, world, member);
    w.date("last_active", member.date_joined);
    w.date("date_joined", member.date_joined);
    w.date("date_invited", member.date_invited);
  });
  if (member.invited_by) write_user(w, "invited_by", world, *member.invited_by);
  if (member.role != kGuest) return;
  w.flag("can_see_time_spent", member.can_see_time_spent);
  w.flag("can_see_time_estimated", member.can_see_time_estimated);
  w.flag("can_edit_tags", member.can_edit_tags);
  w.flag("can_create_views", member.can_create_views);
  w.flag("can_see_points_estimated", member.can_see_points_estimated);
}

void write_team(Writer& w, World& world, const Team& team, bool with_roles) {
  w.object([&] {
    w.text("id", team.id);
    w.text("name", team.name);
    w.text("color", team.color);
    w.null("avatar");
    w.array("members", [&] {
      for (const Membership& member : team.members) {
        w.object([&] { write_membership(w, world, member); });
      }
    });
    if (with_roles) write_roles(w, team);
  });
}

}  // namespace engine::clickup::sandbox
