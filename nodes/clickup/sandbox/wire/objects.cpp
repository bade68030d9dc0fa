#include "nodes/clickup/sandbox/wire/objects.h"

#include <algorithm>
#include <array>

namespace engine::clickup::sandbox {

void write_user(Writer& w, World& world, UserId id) {
  const User* user = world.users.find(std::to_string(id));
  w.object([&] {
    w.integer("id", id);
    w.text_or_null("username", user == nullptr ? "" : user->username);
    w.text_or_null("color", user == nullptr ? "" : user->color);
    w.text("initials", user == nullptr ? "" : user->initials);
    w.text("email", user == nullptr ? "" : user->email);
    w.null("profilePicture");
  });
}

void write_user(Writer& w, std::string_view key, World& world, UserId id) {
  w.key(key);
  write_user(w, world, id);
}

void write_user_or_null(Writer& w, std::string_view key, World& world, std::optional<UserId> id) {
  id ? write_user(w, key, world, *id) : w.null(key);
}

void write_users(Writer& w, std::string_view key, World& world, const std::vector<UserId>& ids) {
  w.array(key, [&] {
    for (const UserId id : ids) write_user(w, world, id);
  });
}

void write_status(Writer& w, const Status& status, std::int64_t orderindex) {
  w.object([&] {
    w.text("id", status.id);
    w.text("status", status.name);
    w.text("color", status.color);
    w.integer("orderindex", orderindex);
    w.text("type", status.type);
  });
}

void write_statuses(Writer& w, const std::vector<Status>& statuses) {
  w.array("statuses", [&] {
    std::int64_t index = 0;
    for (const Status& status : statuses) write_status(w, status, index++);
  });
}

std::int64_t index_of(const std::vector<Status>& statuses, const Status& status) {
  return std::find_if(statuses.begin(), statuses.end(),
                      [&](const Status& one) { return one.name == status.name; }) -
         statuses.begin();
}

Value priority_value(std::optional<int> priority) {
  struct Priority {
    std::string_view name;
    std::string_view color;
  };
  static constexpr std::array<Priority, 4> kPriorities = {
      {{"urgent", "#f50000"}, {"high", "#f8ae00"}, {"normal", "#6fddff"}, {"low", "#d8d8d8"}}};
  if (!priority || *priority < 1 || *priority > 4) return nullptr;
  const Priority& found = kPriorities[static_cast<std::size_t>(*priority) - 1];
  return make_object([&](Writer& w) {
    w.digits("id", *priority);
    w.text("priority", found.name);
    w.text("color", found.color);
    w.digits("orderindex", *priority);
  });
}

void write_tag(Writer& w, const Tag& tag) {
  w.object([&] {
    w.text("name", tag.name);
    w.text("tag_fg", tag.foreground);
    w.text("tag_bg", tag.background);
    w.integer("creator", tag.creator);
  });
}

void write_space(Writer& w, World& world, const Space& space) {
  w.object([&] {
    w.text("id", space.id);
    w.text("name", space.name);
    w.flag("private", space.is_private);
    w.text_or_null("color", space.color);
    w.null("avatar");
    w.flag("admin_can_manage", space.admin_can_manage);
    w.flag("archived", space.archived);
    if (space.deleted) w.flag("deleted", true);
    w.array("members", [&] {
      for (const Membership& member : world.teams.find(space.team_id)->members) {
        w.object([&] { write_user(w, "user", world, member.user); });
      }
    });
    write_statuses(w, space.statuses);
    w.flag("multiple_assignees", space.multiple_assignees);
    w.value("features", space.features);
  });
}

namespace {

void write_space_stub(Writer& w, const Space& space) {
  w.object("space", [&] {
    w.text("id", space.id);
    w.text("name", space.name);
    w.flag("access", true);
  });
}

// A list's status is a colour.
void write_color(Writer& w, const List& list) {
  if (list.color.empty()) return w.null("status");
  static const std::map<std::string, std::string, std::less<>> kColors = {
      {"red", "#e50000"},  {"orange", "#ff7800"}, {"yellow", "#f9d900"}, {"green", "#2ecd6f"},
      {"blue", "#0079bf"}, {"purple", "#7c4dff"}, {"none", "#d3d3d3"}};
  const auto found = kColors.find(list.color);
  w.object("status", [&] {
    w.text("status", list.color);
    w.text("color", found == kColors.end() ? "#d3d3d3" : found->second);
    w.flag("hide_label", true);
  });
}

}  // namespace

std::int64_t count_tasks(const List& list) {
  return std::count_if(list.tasks.begin(), list.tasks.end(),
                       [](const Task* task) { return !task->deleted; });
}

void write_folder(Writer& w, World& world, const Folder& folder, bool with_lists) {
  const Space& space = *world.spaces.find(folder.space_id);
  std::int64_t tasks = 0;
  for (const List& list : world.lists) {
    if (list.folder_id == folder.id && !list.deleted) tasks += count_tasks(list);
  }
  w.object([&] {
    w.text("id", folder.id);
    w.text("name", folder.name);
    w.integer("orderindex", folder.orderindex);
    w.flag("override_statuses", false);
    w.flag("hidden", folder.hidden);
    write_space_stub(w, space);
    w.digits("task_count", tasks);  // a text here, a number on lists
    w.flag("archived", folder.archived);
    if (folder.deleted) w.flag("deleted", true);
    if (!folder.parent_folder.empty()) w.text("parent_folder", folder.parent_folder);
    write_statuses(w, space.statuses);
    if (with_lists) {
      w.array("lists", [&] {
        for (const List& list : world.lists) {
          const bool shown = list.folder_id == folder.id && !list.deleted && !list.archived;
          if (shown) write_list(w, world, list, false);
        }
      });
    }
    w.text("permission_level", "create");
  });
}

void write_list(Writer& w, World& world, const List& list, bool with_statuses) {
  const Folder& folder = world.folder_of(list);
  w.object([&] {
    w.text("id", list.id);
    w.text("name", list.name);
    w.integer("orderindex", list.orderindex);
    w.text("content", list.content);
    write_color(w, list);
    w.value("priority", priority_value(list.priority));
    write_user_or_null(w, "assignee", world, list.assignee);
    w.integer("task_count", count_tasks(list));
    w.date("due_date", list.due_date);
    w.flag("due_date_time", list.due_date_time);
    w.null("start_date");
    w.null("start_date_time");
    w.object("folder", [&] {
      w.text("id", folder.id);
      w.text("name", folder.name);
      w.flag("hidden", folder.hidden);
      w.flag("access", true);
    });
    write_space_stub(w, world.space_of(list));
    w.flag("archived", list.archived);
    if (list.deleted) w.flag("deleted", true);
    w.flag("override_statuses", !list.statuses.empty());
    if (with_statuses) {
      write_statuses(w, world.statuses_of(list));
      w.text("inbound_address", "add.task." + list.id + "@sandbox.invalid");
    }
    w.text("permission_level", "create");
  });
}

void write_field(Writer& w, const CustomField& field) {
  w.object([&] {
    w.text("id", field.id);
    w.text("name", field.name);
    w.text("type", field.type);
    w.value("type_config", field.type_config);
    w.date("date_created", field.date_created);
    w.flag("hide_from_guests", field.hide_from_guests);
    w.flag("required", field.required);
  });
}

}  // namespace engine::clickup::sandbox
