#include "nodes/clickup/sandbox/seed/seed.h"

#include "core/base/error.h"
#include "core/value/json.h"
#include "nodes/clickup/sandbox/sandbox.h"
#include "nodes/clickup/sandbox/seed/planter.h"

namespace engine::clickup::sandbox {
namespace {

[[noreturn]] void bad_seed(const std::string& what) {
  throw Error(ErrorCause::user, "bad_seed", "The seed cannot be used: " + what);
}

class SeedReader {
 public:
  SeedReader(World& world, const Value& seed) : world_(world), plant_(world), seed_(seed) {}

  void read() {
    if (!seed_.is_object()) bad_seed("it is not a JSON object.");
    if (seed_["workspaces"].size() == 0) bad_seed("'workspaces' is missing or empty.");
    for (const View team : seed_.View::operator[]("workspaces").elements()) read_team(team);
    for (const View app : seed_.View::operator[]("oauth_apps").elements()) {
      world_.apps.push_back({text(app, "client_id"), text(app, "client_secret"), {}});
      for (const View uri : app["redirect_uris"].elements()) {
        world_.apps.back().redirect_uris.emplace_back(uri.as_string());
      }
    }
    if (world_.apps.empty()) plant_default_app(world_);
  }

 private:
  static std::string text(View from, const char* key) {
    if (!from[key].is_string() || from[key].as_string().empty()) {
      bad_seed("'" + std::string(key) + "' is missing in " + print_json(from).substr(0, 80));
    }
    return std::string(from[key].as_string());
  }

  /// The given id, or a new one.
  std::string id(View from) {
    if (!from["id"].given()) return world_.new_number();
    std::string given = to_text(from["id"]);
    world_.reserve_number(given);
    return given;
  }

  std::optional<Ms> date(View value) const {
    if (!value.given()) return std::nullopt;
    if (const auto ms = value.as_integer()) return ms;
    std::string_view given = value.as_string();
    if (const auto time = parse_time(given)) return to_ms(*time);
    const bool before = !given.empty() && given.front() == '-';
    if (before) given.remove_prefix(1);
    const auto distance = parse_duration(given);
    if (!distance) bad_seed(print_json(value) + " is no date; write \"-3d\", ISO 8601 or ms.");
    return plant_.now() + (before ? -distance->count() : distance->count());
  }

  UserId user(View id, UserId fallback) const {
    const UserId number = id.as_integer().value_or(fallback);
    if (world_.user(number) == nullptr) bad_seed("there is no user " + to_text(id) + ".");
    return number;
  }

  void read_team(View from) {
    Team& team = plant_.team(id(from), text(from, "name"));
    if (from["plan"].is_string()) team.plan = from["plan"].as_string();
    for (const View one : from["users"].elements()) {
      const int role = static_cast<int>(one["role"].as_integer().value_or(kMember));
      if (role < kOwner || role > kGuest) bad_seed("a role is 1 (owner) to 4 (guest).");
      const auto number = one["id"].as_integer();
      if (!number) bad_seed("a user's 'id' is an integer.");
      plant_.user(team, *number, text(one, "username"), text(one, "email"), role);
      if (one["token"].is_string()) plant_.token(one["token"].as_string(), *number);
    }
    if (team.members.empty()) {
      plant_.user(team, 101, "Sandbox Owner", "owner@example.com", kOwner);
      plant_.token(kDefaultToken, 101);
    }
    owner_ = team.members.front().user;
    for (const View one : from["task_types"].elements()) {
      const std::string name = text(one, "name");
      team.task_types.push_back({one["id"].as_integer().value_or(0), name, name + "s", ""});
    }
    read_fields(from, FieldLevel::team, team.id);
    for (const View one : from["spaces"].elements()) read_space(team, one);
  }

  void read_space(const Team& team, View from) {
    Space& space = plant_.space(team, id(from), text(from, "name"), read_statuses(from));
    for (const View tag : from["tags"].elements()) plant_.tag(space, tag.as_string(), owner_);
    read_fields(from, FieldLevel::space, space.id);
    for (const View one : from["folders"].elements()) {
      Folder& folder = plant_.folder(space, id(one), text(one, "name"));
      read_fields(one, FieldLevel::folder, folder.id);
      for (const View list : one["lists"].elements()) read_list(folder, list);
    }
    if (from["lists"].size() == 0) return;
    Folder& hidden = plant_.hidden_folder(space, world_.new_number());
    for (const View list : from["lists"].elements()) read_list(hidden, list);
  }

  std::vector<Status> read_statuses(View from) const {
    std::vector<Status> statuses;
    for (const View one : from["statuses"].elements()) {
      statuses.push_back({"", text(one, "status"), std::string(one["type"].as_string("custom")),
                          std::string(one["color"].as_string("#d3d3d3"))});
    }
    return statuses;
  }

  void read_fields(View from, FieldLevel level, const std::string& parent) {
    for (const View one : from["fields"].elements()) {
      CustomField field;
      field.id = one["id"].is_string() ? one["id"].as_string() : world_.new_uuid();
      field.name = text(one, "name");
      field.type = text(one, "type");
      field.required = one["required"].as_bool();
      field.type_config = one["type_config"].is_object()
                              ? seed_.share(one["type_config"]).detached()
                              : Value::object();
      field.level = level;
      field.parent_id = parent;
      plant_.field(std::move(field));
    }
  }

  void read_list(const Folder& folder, View from) {
    List& list = plant_.list(folder, id(from), text(from, "name"), read_statuses(from));
    read_fields(from, FieldLevel::list, list.id);
    for (const View one : from["tasks"].elements()) read_task(list, one, "");
  }

  // NOLINTNEXTLINE(misc-no-recursion): JSON is limited in depth
  void read_task(List& list, View from, const std::string& parent) {
    Task task;
    task.id = from["id"].is_string() ? from["id"].as_string() : world_.new_task_id();
    task.list_id = list.id;
    task.parent = parent;
    task.name = text(from, "name");
    task.text = from["description"].as_string();
    task.markdown = task.text;
    const std::string_view status = from["status"].as_string();
    if (!status.empty() && world_.status(list, status) == nullptr) {
      bad_seed("list '" + list.name + "' has no status '" + std::string(status) + "'.");
    }
    task.status = status;
    if (const auto priority = from["priority"].as_integer()) {
      task.priority = static_cast<int>(*priority);
    }
    task.creator = user(from["creator"], owner_);
    for (const View one : from["assignees"].elements()) {
      task.assignees.push_back(user(one, owner_));
    }
    for (const View tag : from["tags"].elements()) {
      task.tags.push_back(plant_.tag(world_.space_of(list), tag.as_string(), owner_).name);
    }
    task.date_created = date(from["created"]).value_or(plant_.now());
    task.date_updated = date(from["updated"]).value_or(task.date_created);
    task.due_date = date(from["due_date"]);
    task.start_date = date(from["start_date"]);
    task.time_estimate = from["time_estimate"].as_integer();
    task.points = from["points"].as_number();
    for (const auto& [field, value] : from["fields"].members()) {
      task.fields[std::string(field)] = seed_.share(value).detached();
    }
    const Task& added = plant_.task(std::move(task));
    for (const View one : from["comments"].elements()) {
      plant_.comment(added, user(one["user"], owner_), text(one, "text"),
                     date(one["date"]).value_or(added.date_updated));
    }
    for (const View one : from["subtasks"].elements()) read_task(list, one, added.id);
  }

  World& world_;
  Planter plant_;
  const Value& seed_;
  UserId owner_ = 0;
};

}  // namespace

void plant_seed(World& world, std::string_view json) {
  if (json.find_first_not_of(" \t\r\n") == std::string_view::npos) {
    plant_default_seed(world);
    plant_default_extras(world);
    return;
  }
  const Value seed = parse_json(json, "the seed");
  SeedReader(world, seed).read();
}

void plant_default_app(World& world) {
  world.apps.push_back({std::string(kDefaultClientId),
                        std::string(kDefaultClientSecret),
                        {"http://127.0.0.1", "http://localhost", "https://127.0.0.1",
                         "https://localhost", "http://[::1]"}});
}

}  // namespace engine::clickup::sandbox
