// Guests (Enterprise): invited to a workspace, then to tasks, lists and folders.
#include <algorithm>

#include "nodes/clickup/sandbox/resources/people_changes.h"
#include "nodes/clickup/sandbox/resources/resources.h"
#include "nodes/clickup/sandbox/wire/people.h"

namespace engine::clickup::sandbox {
namespace {

Membership& guest_of(const Call& call, Team& team) {
  require_enterprise(team);
  Membership* guest = member_by_id(team, call.path("guest_id"));
  if (guest == nullptr || guest->role != kGuest) refuse_unknown();
  return *guest;
}

void read_rights(const Value& body, Membership& guest) {
  struct Right {
    const char* name;
    bool Membership::*member;
  };
  constexpr Right kRights[] = {{"can_edit_tags", &Membership::can_edit_tags},
                               {"can_see_time_spent", &Membership::can_see_time_spent},
                               {"can_see_time_estimated", &Membership::can_see_time_estimated},
                               {"can_create_views", &Membership::can_create_views},
                               {"can_see_points_estimated", &Membership::can_see_points_estimated}};
  for (const Right& right : kRights) {
    const Value given = body[right.name];
    if (given.is_boolean()) guest.*right.member = given.as_bool();
  }
  if (const auto role = body["custom_role_id"].as_integer()) guest.custom_role = *role;
}

Answer invite_guest(Call& call) {
  Team& team = call.team();
  require_enterprise(team);
  Membership& guest = invite_member(call, team, call.body["email"].as_string(), kGuest);
  read_rights(call.body, guest);
  return whole_team(call, team, true);
}

Answer read_guest(Call& call) {
  Team& team = call.team();
  return one_member(call, guest_of(call, team), "guest");
}

Answer update_guest(Call& call) {
  Team& team = call.team();
  Membership& guest = guest_of(call, team);
  read_rights(call.body, guest);
  return one_member(call, guest, "guest");
}

Answer remove_guest(Call& call) {
  Team& team = call.team();
  remove_member(call, team, guest_of(call, team).user);
  return whole_team(call, team, false);
}

std::string permission_of(const Call& call) {
  std::string level(call.body["permission_level"].as_string());
  for (const char* known : {"read", "comment", "edit", "create"}) {
    if (level == known) return level;
  }
  refuse("permission_level must be read, comment, edit or create");
}

void unshare(std::vector<Share>& shares, UserId user) {
  std::erase_if(shares, [&](const Share& share) { return share.user == user; });
}

Answer share(Call& call, Team& team, std::vector<Share>& shares) {
  const Membership& guest = guest_of(call, team);
  const std::string permission = permission_of(call);
  unshare(shares, guest.user);
  shares.push_back({guest.user, permission});
  return one_member(call, guest, "guest");
}

Answer take_back(Call& call, Team& team, std::vector<Share>& shares) {
  const Membership& guest = guest_of(call, team);
  unshare(shares, guest.user);
  return one_member(call, guest, "guest");
}

Team& team_of(const Call& call, const std::string& space_id) {
  return call.world.team_of(*call.world.spaces.find(space_id));
}

Answer add_to_task(Call& call) {
  Task& task = call.task();
  return share(call, call.world.team_of(task), task.shares);
}
Answer remove_from_task(Call& call) {
  Task& task = call.task();
  return take_back(call, call.world.team_of(task), task.shares);
}
Answer add_to_list(Call& call) {
  List& list = call.list();
  return share(call, team_of(call, list.space_id), list.shares);
}
Answer remove_from_list(Call& call) {
  List& list = call.list();
  return take_back(call, team_of(call, list.space_id), list.shares);
}
Answer add_to_folder(Call& call) {
  Folder& folder = call.folder();
  return share(call, team_of(call, folder.space_id), folder.shares);
}
Answer remove_from_folder(Call& call) {
  Folder& folder = call.folder();
  return take_back(call, team_of(call, folder.space_id), folder.shares);
}

}  // namespace

void add_guest_routes(Router& router) {
  constexpr std::string_view kRights =
      "can_edit_tags: boolean, can_see_time_spent: boolean, can_see_time_estimated: boolean, "
      "can_create_views: boolean, can_see_points_estimated: boolean, custom_role_id: integer?";
  constexpr std::string_view kLevel = "permission_level*: text";
  constexpr std::string_view kQuery = "include_shared";
  router.add("POST", "/v2/team/{team_id}/guest", invite_guest)
      .body("email*: text, " + std::string(kRights));
  router.add("GET", "/v2/team/{team_id}/guest/{guest_id}", read_guest).query(kQuery);
  router.add("PUT", "/v2/team/{team_id}/guest/{guest_id}", update_guest).body(kRights);
  router.add("DELETE", "/v2/team/{team_id}/guest/{guest_id}", remove_guest);
  router.add("POST", "/v2/task/{task_id}/guest/{guest_id}", add_to_task)
      .query(kQuery)
      .query(kTaskId)
      .body(kLevel);
  router.add("DELETE", "/v2/task/{task_id}/guest/{guest_id}", remove_from_task)
      .query(kQuery)
      .query(kTaskId);
  router.add("POST", "/v2/list/{list_id}/guest/{guest_id}", add_to_list).query(kQuery).body(kLevel);
  router.add("DELETE", "/v2/list/{list_id}/guest/{guest_id}", remove_from_list).query(kQuery);
  router.add("POST", "/v2/folder/{folder_id}/guest/{guest_id}", add_to_folder)
      .query(kQuery)
      .body(kLevel);
  router.add("DELETE", "/v2/folder/{folder_id}/guest/{guest_id}", remove_from_folder).query(kQuery);
}

}  // namespace engine::clickup::sandbox
