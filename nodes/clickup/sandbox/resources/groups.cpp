// User groups, which v2 also calls teams.
#include <algorithm>
#include <cctype>

#include "nodes/clickup/sandbox/resources/resources.h"
#include "nodes/clickup/sandbox/wire/objects.h"

namespace engine::clickup::sandbox {
namespace {

void write_group(Writer& w, World& world, const Group& group) {
  w.text("id", group.id);
  w.text("team_id", group.team_id);
  w.integer("userid", group.creator);
  w.text("name", group.name);
  w.text("handle", group.handle);
  w.date("date_created", group.date_created);
  w.text("initials", group.name.substr(0, 1));
  write_users(w, "members", world, group.members);
  w.object("avatar", [&] {
    for (const char* key : {"attachment_id", "color", "source", "icon"}) w.null(key);
  });
}

Answer one_group(Call& call, const Group& group) {
  return reply([&](Writer& w) { write_group(w, call.world, group); });
}

std::string handle_of(std::string_view name) {
  std::string handle;
  for (const char c : name) {
    const auto byte = static_cast<unsigned char>(c);
    if (std::isalnum(byte) != 0) handle += static_cast<char>(std::tolower(byte));
  }
  return handle;
}

Answer list_groups(Call& call) {
  const auto team_id = call.query("team_id");
  if (!team_id) refuse("'team_id' is required");
  const Team& team = call.team(*team_id);
  std::vector<std::string> wanted = call.query_list("group_ids[]");
  for (const std::string& one : call.query_list("group_ids")) wanted.push_back(one);
  return reply([&](Writer& w) {
    w.array("groups", [&] {
      for (const Group& group : call.world.groups) {
        const bool named =
            wanted.empty() || std::find(wanted.begin(), wanted.end(), group.id) != wanted.end();
        if (group.deleted || group.team_id != team.id || !named) continue;
        w.object([&] { write_group(w, call.world, group); });
      }
    });
  });
}

Answer create_group(Call& call) {
  const Team& team = call.team();
  Group group;
  group.name = call.body["name"].as_string();
  if (group.name.empty()) refuse("Group name is required");
  group.handle = call.body["handle"].as_string();
  if (group.handle.empty()) group.handle = handle_of(group.name);
  group.members = call.members(team, call.body["members"]);
  group.id = call.world.new_uuid();
  group.team_id = team.id;
  group.creator = call.user_id();
  group.date_created = call.now();
  return one_group(call, call.world.groups.add(std::move(group)));
}

Group& group_of(const Call& call) {
  Group* group = call.world.groups.live(call.path("group_id"));
  if (group == nullptr) refuse_unknown();
  call.team(group->team_id);
  return *group;
}

Answer update_group(Call& call) {
  Group& group = group_of(call);
  const View change = call.body.View::operator[]("members");
  const Team& team = call.team(group.team_id);
  const auto added = call.members(team, change["add"]);
  for (const View id : change["rem"].elements()) {
    std::erase(group.members, id.as_integer().value_or(0));
  }
  for (const UserId user : added) {
    const auto& known = group.members;
    if (std::find(known.begin(), known.end(), user) == known.end()) group.members.push_back(user);
  }
  if (call.body["name"].is_string()) group.name = call.body["name"].as_string();
  if (call.body["handle"].is_string()) group.handle = call.body["handle"].as_string();
  return one_group(call, group);
}

Answer delete_group(Call& call) {
  Group& group = group_of(call);
  group.deleted = true;
  for (Task& task : call.world.tasks) std::erase(task.groups, group.id);
  return done();
}

}  // namespace

void add_group_routes(Router& router) {
  router.add("GET", "/v2/group", list_groups).query("team_id, group_ids, group_ids[]");
  router.add("POST", "/v2/team/{team_id}/group", create_group)
      .body("name*: text, handle: text, members: [id]");
  router.add("PUT", "/v2/group/{group_id}", update_group)
      .body("name: text, handle: text, members: {add: [integer], rem: [integer]}");
  router.add("DELETE", "/v2/group/{group_id}", delete_group);
}

}  // namespace engine::clickup::sandbox
