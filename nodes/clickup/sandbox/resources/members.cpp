// Members of tasks and lists, custom roles, custom task types, what is shared with the caller.
#include <algorithm>
#include <set>

#include "nodes/clickup/sandbox/resources/resources.h"
#include "nodes/clickup/sandbox/wire/objects.h"
#include "nodes/clickup/sandbox/wire/task_writer.h"

namespace engine::clickup::sandbox {
namespace {

Answer members(Call& call, const std::set<UserId>& ids) {
  return reply([&](Writer& w) {
    w.array("members", [&] {
      for (const UserId id : ids) write_user(w, call.world, id);
    });
  });
}

Answer task_members(Call& call) {
  const Task& task = call.task();
  std::set<UserId> ids(task.assignees.begin(), task.assignees.end());
  ids.insert(task.watchers.begin(), task.watchers.end());
  for (const Share& share : task.shares) ids.insert(share.user);
  return members(call, ids);
}

Answer list_members(Call& call) {
  const List& list = call.list();
  std::set<UserId> ids;
  for (const Membership& one : call.world.team_of(call.world.space_of(list)).members) {
    if (one.role != kGuest) ids.insert(one.user);
  }
  for (const Share& share : list.shares) ids.insert(share.user);
  return members(call, ids);
}

Answer custom_roles(Call& call) {
  const Team& team = call.team();
  const bool with_members = call.query_flag("include_members");
  return reply([&](Writer& w) {
    w.array("custom_roles", [&] {
      for (const CustomRole& role : team.custom_roles) {
        w.object([&] {
          w.integer("id", role.id);
          w.text("team_id", team.id);
          w.text("name", role.name);
          w.integer("inherited_role", role.inherited_role);
          w.date("date_created", role.date_created);
          if (!with_members) return;
          w.array("members", [&] {
            for (const Membership& one : team.members) {
              if (one.custom_role == role.id) w.integer(one.user);
            }
          });
        });
      }
    });
  });
}

Answer task_types(Call& call) {
  const Team& team = call.team();
  return reply([&](Writer& w) {
    w.array("custom_items", [&] {
      for (const CustomTaskType& type : team.task_types) {
        w.object([&] {
          w.integer("id", type.id);
          w.text("name", type.name);
          w.text("name_plural", type.name_plural);
          w.text("description", type.description);
        });
      }
    });
  });
}

bool has(const std::vector<Share>& shares, UserId user) {
  return std::any_of(shares.begin(), shares.end(),
                     [&](const Share& share) { return share.user == user; });
}

Answer shared_hierarchy(Call& call) {
  const Team& team = call.team();
  World& world = call.world;
  const auto mine = [&](const auto& row, const std::string& space_id) {
    return !row.deleted && has(row.shares, call.user_id()) &&
           world.spaces.find(space_id)->team_id == team.id;
  };
  return reply([&](Writer& w) {
    w.object("shared", [&] {
      w.array("tasks", [&] {
        TaskWriter writer(w, world);
        for (const Task& task : world.tasks) {
          if (mine(task, world.list_of(task).space_id)) writer.write(task);
        }
      });
      w.array("lists", [&] {
        for (const List& list : world.lists) {
          if (mine(list, list.space_id)) write_list(w, world, list, false);
        }
      });
      w.array("folders", [&] {
        for (const Folder& folder : world.folders) {
          if (mine(folder, folder.space_id)) write_folder(w, world, folder, false);
        }
      });
    });
  });
}

}  // namespace

void add_member_routes(Router& router) {
  router.add("GET", "/v2/task/{task_id}/member", task_members);
  router.add("GET", "/v2/list/{list_id}/member", list_members);
  router.add("GET", "/v2/team/{team_id}/customroles", custom_roles).query("include_members");
  router.add("GET", "/v2/team/{team_id}/custom_item", task_types);
  router.add("GET", "/v2/team/{team_id}/shared", shared_hierarchy);
}

}  // namespace engine::clickup::sandbox
