// Users of a workspace (Enterprise).
#include "nodes/clickup/sandbox/resources/people_changes.h"
#include "nodes/clickup/sandbox/resources/resources.h"

namespace engine::clickup::sandbox {
namespace {

Membership& member_of(const Call& call, Team& team) {
  require_enterprise(team);
  Membership* member = member_by_id(team, call.path("user_id"));
  if (member == nullptr) refuse_unknown();
  return *member;
}

void set_role(const Value& body, Membership& member) {
  if (body["admin"].is_boolean() && member.role != kOwner) {
    member.role = body["admin"].as_bool() ? kAdmin : kMember;
  }
  if (const auto role = body["custom_role_id"].as_integer()) member.custom_role = *role;
}

Answer invite_user(Call& call) {
  Team& team = call.team();
  require_enterprise(team);
  set_role(call.body, invite_member(call, team, call.body["email"].as_string(), kMember));
  return whole_team(call, team, true);
}

Answer read_user(Call& call) {
  Team& team = call.team();
  return one_member(call, member_of(call, team), "member");
}

Answer update_user(Call& call) {
  Team& team = call.team();
  Membership& member = member_of(call, team);
  if (call.body["username"].is_string()) {
    call.world.user(member.user)->username = call.body["username"].as_string();
  }
  set_role(call.body, member);
  return one_member(call, member, "member");
}

Answer remove_user(Call& call) {
  Team& team = call.team();
  remove_member(call, team, member_of(call, team).user);
  return whole_team(call, team, false);
}

}  // namespace

void add_user_routes(Router& router) {
  router.add("POST", "/v2/team/{team_id}/user", invite_user)
      .body("email*: text, admin: boolean, custom_role_id: integer?");
  router.add("GET", "/v2/team/{team_id}/user/{user_id}", read_user).query("include_shared");
  router.add("PUT", "/v2/team/{team_id}/user/{user_id}", update_user)
      .body("username: text, admin: boolean, custom_role_id: integer?");
  router.add("DELETE", "/v2/team/{team_id}/user/{user_id}", remove_user);
}

}  // namespace engine::clickup::sandbox
