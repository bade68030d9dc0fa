#include <algorithm>
#include <array>

#include "nodes/clickup/sandbox/resources/resources.h"
#include "nodes/clickup/sandbox/wire/task_writer.h"

namespace engine::clickup::sandbox {
namespace {

/// Beside name, type and parent; each is an object.
constexpr std::array<const char*, 7> kSettings = {"grouping", "divide",       "sorting", "filters",
                                                  "columns",  "team_sidebar", "settings"};

void write_view(Writer& w, const SavedView& view) {
  w.text("id", view.id);
  w.text("name", view.name);
  w.text("type", view.type);
  w.object("parent", [&] {
    w.text("id", view.parent_id);
    w.integer("type", view.parent_type);
  });
  for (const char* key : kSettings) w.value(key, view.settings[key]);
  w.integer("creator", view.creator);
  w.date("date_created", view.date_created);
  w.text("visibility", "public");
  w.flag("protected", false);
}

Answer one_view(const SavedView& view) {
  return reply([&](Writer& w) { w.object("view", [&] { write_view(w, view); }); });
}

Answer views_at(Call& call, int parent_type, const std::string& parent_id) {
  return reply([&](Writer& w) {
    w.array("views", [&] {
      for (const SavedView& view : call.world.views) {
        const bool here = view.parent_type == parent_type && view.parent_id == parent_id;
        if (here && !view.deleted) w.object([&] { write_view(w, view); });
      }
    });
  });
}

void check_type(std::string_view type) {
  for (const char* known : {"list", "board", "calendar", "table", "timeline", "workload",
                            "activity", "map", "conversation", "gantt"}) {
    if (type == known) return;
  }
  refuse("View type invalid: " + std::string(type));
}

/// What is given, over what was there.
Value settings_of(const Value& body, const Value& before) {
  return make_object([&](Writer& w) {
    for (const char* key : kSettings) {
      const Value given = body[key];
      const Value known = before[key];
      w.value(key, given.is_object() ? given : (known.missing() ? Value::object() : known));
    }
  });
}

Answer create_at(Call& call, const Team& team, int parent_type, const std::string& parent_id) {
  SavedView view;
  view.name = call.body["name"].as_string();
  view.type = call.body["type"].as_string();
  if (view.name.empty()) refuse("View name is required");
  check_type(view.type);
  view.settings = settings_of(call.body, Value()).detached();
  view.id = "3c-" + call.world.new_number();
  view.team_id = team.id;
  view.parent_id = parent_id;
  view.parent_type = parent_type;
  view.creator = call.user_id();
  view.date_created = call.now();
  return one_view(call.world.views.add(std::move(view)));
}

Team& team_of_space(const Call& call, const std::string& space_id) {
  return call.world.team_of(*call.world.spaces.find(space_id));
}

Answer team_views(Call& call) {
  return views_at(call, kParentTeam, call.team().id);
}
Answer space_views(Call& call) {
  return views_at(call, kParentSpace, call.space().id);
}
Answer folder_views(Call& call) {
  return views_at(call, kParentFolder, call.folder().id);
}
Answer list_views(Call& call) {
  return views_at(call, kParentList, call.list().id);
}
Answer create_team_view(Call& call) {
  const Team& team = call.team();
  return create_at(call, team, kParentTeam, team.id);
}
Answer create_space_view(Call& call) {
  const Space& space = call.space();
  return create_at(call, call.world.team_of(space), kParentSpace, space.id);
}
Answer create_folder_view(Call& call) {
  const Folder& folder = call.folder();
  return create_at(call, team_of_space(call, folder.space_id), kParentFolder, folder.id);
}
Answer create_list_view(Call& call) {
  const List& list = call.list();
  return create_at(call, team_of_space(call, list.space_id), kParentList, list.id);
}

Answer read_view(Call& call) {
  return one_view(call.view());
}

Answer update_view(Call& call) {
  SavedView& view = call.view();
  if (call.body["type"].is_string()) {
    check_type(call.body["type"].as_string());
    view.type = call.body["type"].as_string();
  }
  if (call.body["name"].is_string()) view.name = call.body["name"].as_string();
  view.settings = settings_of(call.body, view.settings).detached();
  return one_view(view);
}

Answer delete_view(Call& call) {
  call.view().deleted = true;
  return done();
}

bool in_view(World& world, const SavedView& view, const Task& task) {
  const List& list = world.list_of(task);
  switch (view.parent_type) {
    case kParentList: return list.id == view.parent_id;
    case kParentFolder: return list.folder_id == view.parent_id;
    case kParentSpace: return list.space_id == view.parent_id;
    default: return world.team_of(task).id == view.team_id;
  }
}

// The filters of a view are kept but, save for `show_closed`, not applied.
Answer view_tasks(Call& call) {
  const SavedView& view = call.view();
  const auto page = call.query_integer("page");
  if (!page || *page < 0) refuse("'page' is required and counts from 0");
  constexpr std::size_t kPerPage = 30;
  const bool closed = view.settings["filters"]["show_closed"].as_bool();
  std::vector<const Task*> found;
  for (const Task& task : call.world.tasks) {
    const bool shown = !task.deleted && !task.archived && (closed || !task.date_closed);
    if (shown && in_view(call.world, view, task)) found.push_back(&task);
  }
  std::reverse(found.begin(), found.end());
  const auto number = static_cast<std::size_t>(*page);
  const std::size_t begin = number > found.size() / kPerPage ? found.size() : number * kPerPage;
  const std::size_t end = std::min(begin + kPerPage, found.size());
  return reply([&](Writer& w) {
    w.array("tasks", [&] {
      TaskWriter writer(w, call.world);
      for (std::size_t i = begin; i < end; ++i) writer.write(*found[i]);
    });
    w.flag("last_page", end == found.size());
  });
}

}  // namespace

void add_view_routes(Router& router) {
  constexpr std::string_view kSettingShapes =
      ", grouping: object, divide: object, sorting: object, filters: object, columns: object, "
      "team_sidebar: object, settings: object, parent: {id*: text, type*: integer}";
  const std::string made = "name*: text, type*: text" + std::string(kSettingShapes);
  router.add("GET", "/v2/team/{team_id}/view", team_views);
  router.add("POST", "/v2/team/{team_id}/view", create_team_view).body(made);
  router.add("GET", "/v2/space/{space_id}/view", space_views);
  router.add("POST", "/v2/space/{space_id}/view", create_space_view).body(made);
  router.add("GET", "/v2/folder/{folder_id}/view", folder_views);
  router.add("POST", "/v2/folder/{folder_id}/view", create_folder_view).body(made);
  router.add("GET", "/v2/list/{list_id}/view", list_views);
  router.add("POST", "/v2/list/{list_id}/view", create_list_view).body(made);
  router.add("GET", "/v2/view/{view_id}", read_view);
  router.add("PUT", "/v2/view/{view_id}", update_view)
      .body("name: text, type: text" + std::string(kSettingShapes));
  router.add("DELETE", "/v2/view/{view_id}", delete_view);
  router.add("GET", "/v2/view/{view_id}/task", view_tasks).query("page");
}

}  // namespace engine::clickup::sandbox
