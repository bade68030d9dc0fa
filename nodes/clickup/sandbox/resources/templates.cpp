#include <algorithm>

#include "nodes/clickup/sandbox/changes.h"
#include "nodes/clickup/sandbox/resources/resources.h"
#include "nodes/clickup/sandbox/task_edit.h"
#include "nodes/clickup/sandbox/wire/objects.h"
#include "nodes/clickup/sandbox/wire/task_writer.h"

namespace engine::clickup::sandbox {
namespace {

Answer templates_of(Call& call, std::string_view kind) {
  const Team& team = call.team();
  return reply([&](Writer& w) {
    w.array("templates", [&] {
      for (const Template& one : call.world.templates) {
        if (one.team_id != team.id || one.kind != kind) continue;
        w.object([&] {
          w.text("name", one.name);
          w.text("id", one.id);
        });
      }
    });
  });
}

Answer task_templates(Call& call) {
  const auto page = call.query_integer("page");
  if (!page || *page < 0) refuse("'page' is required and counts from 0");
  if (*page == 0) return templates_of(call, "task");
  call.team();
  return reply([](Writer& w) { w.empty_array("templates"); });
}
Answer list_templates(Call& call) {
  return templates_of(call, "list");
}
Answer folder_templates(Call& call) {
  return templates_of(call, "folder");
}

const Template& template_of(const Call& call, const Team& team, std::string_view kind) {
  const Template* found = call.world.templates.live(call.path("template_id"));
  if (found == nullptr || found->team_id != team.id || found->kind != kind) refuse_unknown();
  return *found;
}

/// Whoever calls without a name is refused with the template's own code.
std::string name_of(const Call& call, const char* code) {
  std::string name(call.body["name"].as_string());
  if (name.find_first_not_of(' ') == std::string::npos) refuse("Name is required", code);
  return name;
}

Task& add_task(const Call& call, const List& list, const std::string& name) {
  const Status& status = call.world.statuses_of(list).front();
  Task task;
  task.list_id = list.id;
  task.name = name;
  task.status = status.name;
  task.creator = call.user_id();
  task.date_created = call.now();
  task.date_updated = call.now();
  task.watchers = {call.user_id()};
  task.status_history.push_back({status, 0, call.now()});
  return TaskEdit(call, std::move(task)).create();
}

List& add_list(const Call& call, const Folder& folder, const std::string& name,
               const std::vector<std::string>& tasks) {
  List list;
  list.id = call.world.new_number();
  list.space_id = folder.space_id;
  list.folder_id = folder.id;
  list.name = name;
  list.orderindex = static_cast<std::int64_t>(call.world.lists.size());
  List& added = call.world.lists.add(std::move(list));
  tell_list(call, added, "listCreated");
  tell_space(call, call.world.space_of(added), "spaceUpdated");
  for (const std::string& task : tasks) add_task(call, added, task);
  return added;
}

Answer task_from_template(Call& call) {
  const List& list = call.list();
  const Team& team = call.world.team_of(call.world.space_of(list));
  template_of(call, team, "task");
  const Task& task = add_task(call, list, name_of(call, "INPUT_005"));
  return reply([&](Writer& w) {
    w.text("id", task.id);
    w.value("task", task_value(call.world, task));
  });
}

Answer list_from(Call& call, const Folder& folder) {
  const Team& team = call.world.team_of(*call.world.spaces.find(folder.space_id));
  const Template& pattern = template_of(call, team, "list");
  const List& list = add_list(call, folder, name_of(call, "OAUTH_117"), pattern.task_names);
  return reply([&](Writer& w) {
    w.text("id", list.id);
    w.key("list");
    write_list(w, call.world, list);
  });
}

Answer folder_list_from_template(Call& call) {
  return list_from(call, call.folder());
}

Answer space_list_from_template(Call& call) {
  return list_from(call, call.world.hidden_folder(call.space()));
}

Answer folder_from_template(Call& call) {
  const Space& space = call.space();
  const Template& pattern = template_of(call, call.world.team_of(space), "folder");
  Folder folder;
  folder.name = name_of(call, "OAUTH_119");
  folder.id = call.world.new_number();
  folder.space_id = space.id;
  folder.orderindex = static_cast<std::int64_t>(call.world.folders.size());
  const Folder& added = call.world.folders.add(std::move(folder));
  tell_folder(call, added, "folderCreated");
  for (const std::string& name : pattern.list_names) add_list(call, added, name, {});
  return reply([&](Writer& w) {
    w.text("id", added.id);
    w.key("folder");
    write_folder(w, call.world, added);
  });
}

}  // namespace

void add_template_routes(Router& router) {
  constexpr std::string_view kBody = "name: text, options: object, parent_folder_id: text?";
  router.add("GET", "/v2/team/{team_id}/taskTemplate", task_templates).query("page");
  router.add("GET", "/v2/team/{team_id}/list_template", list_templates);
  router.add("GET", "/v2/team/{team_id}/folder_template", folder_templates);
  router.add("POST", "/v2/list/{list_id}/taskTemplate/{template_id}", task_from_template)
      .body("name*: text");
  router
      .add("POST", "/v2/folder/{folder_id}/list_template/{template_id}", folder_list_from_template)
      .body(kBody);
  router.add("POST", "/v2/space/{space_id}/list_template/{template_id}", space_list_from_template)
      .body(kBody);
  router.add("POST", "/v2/space/{space_id}/folder_template/{template_id}", folder_from_template)
      .body(kBody);
}

}  // namespace engine::clickup::sandbox
