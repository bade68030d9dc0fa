// The token's user, workspaces, seats and plan.
#include <algorithm>
#include <map>

#include "nodes/clickup/sandbox/resources/resources.h"
#include "nodes/clickup/sandbox/wire/people.h"

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

Answer teams(Call& call) {
  return reply([&](Writer& w) {
    w.array("teams", [&] {
      for (const Team* team : call.teams()) write_team(w, call.world, *team, false);
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
