// What only the Enterprise plan has in API v3, and the kinds of posts.
#include <algorithm>

#include "nodes/clickup/sandbox/resources/resources.h"

namespace engine::clickup::sandbox {
namespace {

Answer audit_logs(Call& call) {
  const Team& team = call.workspace();
  require_enterprise(team);
  constexpr std::int64_t kMostRows = 1000;
  const View body = call.body;
  const Ms start = body["filter"]["startTime"].as_integer().value_or(0);
  const Ms end = body["filter"]["endTime"].as_integer().value_or(call.now());
  const std::int64_t rows = body["pagination"]["pageRows"].as_integer().value_or(25);
  if (rows < 1 || rows > kMostRows) refuse("pageRows must be 1 to 1000");
  std::vector<Event> events = call.world.events.since(0);
  std::reverse(events.begin(), events.end());
  return reply([&](Writer& w) {
    w.array("data", [&] {
      std::int64_t left = rows;
      for (const Event& event : events) {
        const Ms at = to_ms(event.at);
        if (event.place.team_id != team.id || at < start || at > end || left-- <= 0) continue;
        w.object([&] {
          w.text("id", std::to_string(event.number));
          w.text("workspaceId", team.id);
          w.text("eventType", event.name);
          w.text("eventStatus", "success");
          w.digits("userId", event.user);
          w.integer("date", at);
        });
      }
    });
  });
}

void check_entries(const Call& call, const Team& team, View entries) {
  for (const View entry : entries.elements()) {
    const std::string_view kind = entry["kind"].as_string();
    if (kind == "user") {
      call.member(team, entry["id"]);
    } else if (kind != "group") {
      refuse("kind must be user or group");
    } else if (call.world.groups.live(entry["id"].as_string()) == nullptr) {
      refuse_missing("Group");
    }
  }
}

void share(const Call& call, const Team& team, std::vector<Share>& shares) {
  for (const View entry : call.body.View::operator[]("entries").elements()) {
    if (entry["kind"].as_string() != "user") continue;
    const UserId user = call.member(team, entry["id"]);
    std::erase_if(shares, [&](const Share& one) { return one.user == user; });
    const auto level = entry["permission_level"].as_integer();
    if (!level) continue;
    shares.push_back({user, *level == 1   ? "read"
                            : *level == 3 ? "comment"
                            : *level == 4 ? "edit"
                                          : "create"});
  }
}

Answer patch_acl(Call& call) {
  const Team& team = call.workspace();
  require_enterprise(team);
  check_entries(call, team, call.body["entries"]);
  const std::string& type = call.path("object_type");
  const std::string& id = call.path("object_id");
  if (type == "space") {
    Space& space = call.space(id);
    if (call.body["private"].is_boolean()) space.is_private = call.body["private"].as_bool();
  } else if (type == "folder") {
    share(call, team, call.folder(id).shares);
  } else if (type == "list") {
    share(call, team, call.list(id).shares);
  } else if (type == "task") {
    share(call, team, call.task(id).shares);
  } else {
    refuse("object_type must be space, folder, list or task");
  }
  return done();
}

Answer post_subtypes(Call& call) {
  call.workspace();
  if (call.path("comment_type") != "post") refuse_missing("Comment type");
  return reply([](Writer& w) {
    w.array("data", [&] {
      for (const char* name : {"Update", "Discussion", "Idea", "Announcement"}) {
        w.object([&] {
          w.text("id", "subtype-" + std::string(name));
          w.text("name", name);
        });
      }
    });
  });
}

}  // namespace

void add_enterprise_routes(Router& router) {
  const std::string path = "/v3/workspaces/{workspace_id}";
  router.add("POST", path + "/auditlogs", audit_logs)
      .body("filter: object, applicability: text, pagination: object");
  router.add("PATCH", path + "/{object_type}/{object_id}/acls", patch_acl)
      .body(
          "private: boolean, entries: [{kind*: text, id*: id, permission_level: integer, "
          "from_group_id: text, from_parent_type: text, from_parent_id: text, calculated: "
          "boolean}]");
  router.add("GET", path + "/comments/types/{comment_type}/subtypes", post_subtypes);
}

}  // namespace engine::clickup::sandbox
