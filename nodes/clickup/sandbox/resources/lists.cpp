#include <algorithm>

#include "nodes/clickup/sandbox/changes.h"
#include "nodes/clickup/sandbox/resources/resources.h"
#include "nodes/clickup/sandbox/wire/objects.h"

namespace engine::clickup::sandbox {
namespace {

Answer one_list(Call& call, const List& list) {
  Writer writer;
  write_list(writer, call.world, list);
  Answer answer;
  answer.json = writer.finish();
  return answer;
}

template <typename Wanted>
Answer lists_where(Call& call, Wanted&& wanted) {
  const bool archived = call.query_flag("archived");
  return reply([&](Writer& w) {
    w.array("lists", [&] {
      for (const List& list : call.world.lists) {
        if (!list.deleted && list.archived == archived && wanted(list)) {
          write_list(w, call.world, list);
        }
      }
    });
  });
}

Answer folder_lists(Call& call) {
  const Folder& folder = call.folder();
  return lists_where(call, [&](const List& list) { return list.folder_id == folder.id; });
}

Answer folderless_lists(Call& call) {
  const Space& space = call.space();
  return lists_where(call, [&](const List& list) {
    return list.space_id == space.id && call.world.folder_of(list).hidden;
  });
}

void read(const Call& call, List& list) {
  const Value& body = call.body;
  if (body["content"].is_string()) list.content = body["content"].as_string();
  if (body["markdown_content"].is_string()) list.content = body["markdown_content"].as_string();
  if (!body["due_date"].missing()) list.due_date = body["due_date"].as_integer();
  if (body["due_date_time"].is_boolean()) list.due_date_time = body["due_date_time"].as_bool();
  if (const auto priority = body["priority"].as_integer()) {
    if (*priority < 1 || *priority > 4) refuse("Priority must be 1 to 4");
    list.priority = static_cast<int>(*priority);
  }
  if (body["priority"].null()) list.priority.reset();
  const Value assignee = body["assignee"];
  if (assignee.null() || assignee.as_string() == "none") {
    list.assignee.reset();
  } else if (!assignee.missing()) {
    list.assignee = call.member(call.world.team_of(call.world.space_of(list)), assignee);
  }
  if (body["status"].is_string()) list.color = body["status"].as_string();
  if (body["unset_status"].as_bool()) list.color.clear();
}

std::string list_name_of(const Call& call, const std::string& folder_id, const List* except) {
  std::string name(call.body["name"].as_string());
  if (name.find_first_not_of(' ') == std::string::npos) refuse("List name invalid");
  for (const List& one : call.world.lists) {
    if (&one != except && one.folder_id == folder_id && !one.deleted && same_name(one.name, name)) {
      refuse("List name taken", "SUBCAT_016");
    }
  }
  return name;
}

Answer create_in(Call& call, const std::string& space_id, const std::string& folder_id) {
  List list;
  list.space_id = space_id;
  list.folder_id = folder_id;
  list.name = list_name_of(call, folder_id, nullptr);
  read(call, list);
  list.id = call.world.new_number();
  list.orderindex = static_cast<std::int64_t>(call.world.lists.size());
  const List& added = call.world.lists.add(std::move(list));
  tell_list(call, added, "listCreated");
  tell_space(call, call.world.space_of(added), "spaceUpdated");
  return one_list(call, added);
}

Answer create_list(Call& call) {
  const Folder& folder = call.folder();
  if (folder.deleted) refuse("Folder not found", "INPUT_011");
  return create_in(call, folder.space_id, folder.id);
}

Answer create_folderless_list(Call& call) {
  const Space& space = call.space();
  return create_in(call, space.id, call.world.hidden_folder(space).id);
}

Answer read_list(Call& call) {
  return one_list(call, call.list());
}

Answer update_list(Call& call) {
  List& list = call.list();
  std::vector<Change> changes;
  if (!call.body["name"].missing()) {
    const std::string name = list_name_of(call, list.folder_id, &list);
    if (name != list.name) changes.push_back({"name", list.name, name});
    list.name = name;
  }
  const std::string content = list.content;
  read(call, list);
  if (list.content != content) changes.push_back({"content", content, list.content});
  if (call.body["archived"].is_boolean()) list.archived = call.body["archived"].as_bool();
  tell_list(call, list, "listUpdated", changes);
  return one_list(call, list);
}

Answer delete_list(Call& call) {
  List& list = call.list();
  if (list.deleted) return done();
  list.deleted = true;
  for (Task* task : list.tasks) task->deleted = true;
  tell_list(call, list, "listDeleted");
  return done();
}

Answer add_task(Call& call) {
  List& list = call.list();
  Task& task = call.task();
  if (task.list_id == list.id) return done();
  if (std::find(list.guests.begin(), list.guests.end(), &task) == list.guests.end()) {
    list.guests.push_back(&task);
    task.other_lists.push_back(list.id);
    task.date_updated = call.now();
  }
  return done();
}

Answer remove_task(Call& call) {
  List& list = call.list();
  Task& task = call.task();
  if (task.list_id == list.id) refuse("A task cannot be removed from its home List");
  std::erase(list.guests, &task);
  std::erase(task.other_lists, list.id);
  task.date_updated = call.now();
  return done();
}

}  // namespace

void add_list_routes(Router& router) {
  constexpr std::string_view kNew =
      "name*: text, content: text, markdown_content: text, due_date: date?, due_date_time: "
      "boolean, priority: integer?, assignee: id?, status: text";
  router.add("GET", "/v2/folder/{folder_id}/list", folder_lists).query("archived");
  router.add("POST", "/v2/folder/{folder_id}/list", create_list).body(kNew);
  router.add("GET", "/v2/space/{space_id}/list", folderless_lists).query("archived");
  router.add("POST", "/v2/space/{space_id}/list", create_folderless_list).body(kNew);
  router.add("GET", "/v2/list/{list_id}", read_list);
  router.add("PUT", "/v2/list/{list_id}", update_list)
      .body(
          "name: text, content: text, markdown_content: text, due_date: date?, due_date_time: "
          "boolean, priority: integer?, assignee: id?, status: text, unset_status: boolean, "
          "archived: boolean");
  router.add("DELETE", "/v2/list/{list_id}", delete_list);
  router.add("POST", "/v2/list/{list_id}/task/{task_id}", add_task);
  router.add("DELETE", "/v2/list/{list_id}/task/{task_id}", remove_task);
}

}  // namespace engine::clickup::sandbox
