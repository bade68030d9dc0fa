// The token's user, workspaces, seats and plan.
#include <algorithm>
#include <array>
#include <map>

#include "nodes/clickup/sandbox/resources/resources.h"
#include "nodes/clickup/sandbox/wire/objects.h"

namespace engine::clickup::sandbox {
namespace {

Answer current_user(Call& call) {
  const User& user = call.user();
  return reply([&](Writer& w) {
    w.object("user", [&] {
      w.integer("id", user.number);
      w.text_or_null("username", user.username);
      w.text("email", user.email);
      w.text_or_null("color", user.color);
      w.null("profilePicture");
      w.text("initials", user.initials);
      w.integer("week_start_day", 1);
      w.flag("global_font_support", true);
      w.text("timezone", user.timezone);
    });
  });
}

std::string_view role_key(int role) {
  static constexpr std::array<std::string_view, 5> kKeys = {"", "owner", "admin", "member",
                                                            "guest"};
  return role >= kOwner && role <= kGuest ? kKeys[static_cast<std::size_t>(role)] : "member";
}

void write_team_member(Writer& w, World& world, const Membership& member) {
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
    w.null("custom_role");
    w.date("last_active", world.now());
    w.date("date_joined", member.date_joined);
    w.date("date_invited", member.date_invited);
  });
  if (member.invited_by) write_user(w, "invited_by", world, *member.invited_by);
}

Answer teams(Call& call) {
  return reply([&](Writer& w) {
    w.array("teams", [&] {
      for (const Team* team : call.teams()) {
        w.object([&] {
          w.text("id", team->id);
          w.text("name", team->name);
          w.text("color", team->color);
          w.null("avatar");
          w.array("members", [&] {
            for (const Membership& member : team->members) {
              w.object([&] { write_team_member(w, call.world, member); });
            }
          });
        });
      }
    });
  });
}

Answer seats(Call& call) {
  const Team& team = call.team();
  const std::int64_t guests =
      std::count_if(team.members.begin(), team.members.end(),
                    [](const Membership& member) { return member.role == kGuest; });
  const std::int64_t members = static_cast<std::int64_t>(team.members.size()) - guests;
  constexpr std::int64_t kGuestSeats = 50;
  return reply([&](Writer& w) {
    w.object("members", [&] {
      w.integer("filled_members_seats", members);
      w.integer("total_member_seats", members);
      w.integer("empty_member_seats", 0);
    });
    w.object("guests", [&] {
      w.integer("filled_guest_seats", guests);
      w.integer("total_guest_seats", kGuestSeats);
      w.integer("empty_guest_seats", kGuestSeats - guests);
    });
  });
}

Answer plan(Call& call) {
  static const std::map<std::string, std::int64_t, std::less<>> kPlans = {{"Free Forever", 1},
                                                                          {"Unlimited", 2},
                                                                          {"Business", 3},
                                                                          {"Enterprise", 4},
                                                                          {"Business Plus", 5}};
  const Team& team = call.team();
  const auto known = kPlans.find(team.plan);
  return reply([&](Writer& w) {
    w.text("plan_name", team.plan);
    w.integer("plan_id", known == kPlans.end() ? 1 : known->second);
  });
}

}  // namespace

void add_workspace_routes(Router& router) {
  router.add("GET", "/v2/user", current_user);
  router.add("GET", "/v2/team", teams);
  router.add("GET", "/v2/team/{team_id}/seats", seats);
  router.add("GET", "/v2/team/{team_id}/plan", plan);
}

}  // namespace engine::clickup::sandbox
