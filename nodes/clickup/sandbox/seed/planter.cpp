#include "nodes/clickup/sandbox/seed/planter.h"

#include <algorithm>
#include <array>
#include <cctype>

#include "core/base/error.h"
#include "nodes/clickup/sandbox/wire/objects.h"

namespace engine::clickup::sandbox {
namespace {

constexpr std::array<std::string_view, 6> kColors = {"#7b68ee", "#f9d900", "#02bcd4",
                                                     "#e50000", "#2ecd6f", "#ff7fab"};

std::string initials_of(std::string_view name) {
  std::string initials;
  bool start = true;
  for (const char c : name) {
    if (start && c != ' ')
      initials += static_cast<char>(std::toupper(static_cast<unsigned char>(c)));
    start = c == ' ';
  }
  return initials.substr(0, 2);
}

Value default_features() {
  return make_object([](Writer& w) {
    w.object("due_dates", [&] {
      w.flag("enabled", true);
      w.flag("start_date", true);
      w.flag("remap_due_dates", false);
      w.flag("remap_closed_due_date", false);
    });
    for (const char* name :
         {"time_tracking", "tags", "time_estimates", "checklists", "custom_fields",
          "remap_dependencies", "dependency_warning", "multiple_assignees", "points"}) {
      w.object(name, [&] { w.flag("enabled", true); });
    }
  });
}

void name_statuses(std::vector<Status>& statuses, const std::string& prefix) {
  std::size_t index = 0;
  for (Status& status : statuses) status.id = prefix + "_" + std::to_string(index++);
}

template <typename Row>
void check_new(Table<Row>& table, const std::string& id) {
  if (table.find(id) == nullptr) return;
  throw Error(ErrorCause::user, "bad_seed", "The seed uses the id '" + id + "' twice.");
}

}  // namespace

Team& Planter::team(const std::string& id, std::string_view name) {
  check_new(world_.teams, id);
  Team team;
  team.id = id;
  team.name = name;
  return world_.teams.add(std::move(team));
}

void Planter::user(Team& team, UserId id, std::string_view name, std::string_view email, int role) {
  if (world_.users.find(std::to_string(id)) == nullptr) {
    User user;
    user.id = std::to_string(id);
    user.number = id;
    user.username = name;
    user.email = email;
    user.color = kColors[world_.users.size() % kColors.size()];
    user.initials = initials_of(name);
    world_.users.add(std::move(user));
  }
  Membership member;
  member.user = id;
  member.role = role;
  if (!team.members.empty()) member.invited_by = team.members.front().user;
  member.date_invited = now_ - 90LL * 86'400'000;
  member.date_joined = now_ - 89LL * 86'400'000;
  team.members.push_back(member);
}

void Planter::token(std::string_view token, UserId user) {
  Token entry;
  entry.user = user;
  entry.personal = token.rfind("pk_", 0) == 0;
  world_.tokens[std::string(token)] = entry;
}

Space& Planter::space(const Team& team, const std::string& id, std::string_view name,
                      std::vector<Status> statuses) {
  check_new(world_.spaces, id);
  if (statuses.empty()) {
    statuses = {{"", "to do", "open", "#d3d3d3"}, {"", "complete", "closed", "#6bc950"}};
  }
  name_statuses(statuses, "p" + id);
  Space space;
  space.id = id;
  space.team_id = team.id;
  space.name = name;
  space.color = kColors[world_.spaces.size() % kColors.size()];
  space.features = default_features();
  space.statuses = std::move(statuses);
  return world_.spaces.add(std::move(space));
}

Tag& Planter::tag(Space& space, std::string_view name, UserId creator) {
  if (Tag* known = world_.tag(space, name)) return *known;
  const std::string_view color = kColors[space.tags.size() % kColors.size()];
  space.tags.push_back({std::string(name), "#ffffff", std::string(color), creator});
  return space.tags.back();
}

CustomField& Planter::field(CustomField field) {
  check_new(world_.fields, field.id);
  field.date_created = now_ - 80LL * 86'400'000;
  return world_.fields.add(std::move(field));
}

Folder& Planter::folder(const Space& space, const std::string& id, std::string_view name) {
  check_new(world_.folders, id);
  Folder folder;
  folder.id = id;
  folder.space_id = space.id;
  folder.name = name;
  folder.orderindex = static_cast<std::int64_t>(world_.folders.size());
  return world_.folders.add(std::move(folder));
}

Folder& Planter::hidden_folder(const Space& space, const std::string& id) {
  Folder& made = folder(space, id, "hidden");
  made.hidden = true;
  return made;
}

List& Planter::list(const Folder& folder, const std::string& id, std::string_view name,
                    std::vector<Status> statuses) {
  check_new(world_.lists, id);
  name_statuses(statuses, "sc" + id);
  List list;
  list.id = id;
  list.folder_id = folder.id;
  list.space_id = folder.space_id;
  list.name = name;
  list.statuses = std::move(statuses);
  list.orderindex = static_cast<std::int64_t>(world_.lists.size());
  return world_.lists.add(std::move(list));
}

Task& Planter::task(Task task) {
  check_new(world_.tasks, task.id);
  const List& list = *world_.lists.find(task.list_id);
  const auto& statuses = world_.statuses_of(list);
  const Status* found = task.status.empty() ? nullptr : world_.status(list, task.status);
  const Status& status = found == nullptr ? statuses.front() : *found;
  task.status = status.name;
  if (status.type == "closed") task.date_closed = task.date_updated;
  if (status.type == "closed" || status.type == "done") task.date_done = task.date_updated;
  task.status_history.push_back({statuses.front(), 0, task.date_created});
  if (status.name != statuses.front().name) {
    task.status_history.push_back({status, index_of(statuses, status), task.date_updated});
  }
  task.watchers = task.assignees;
  if (std::find(task.watchers.begin(), task.watchers.end(), task.creator) == task.watchers.end()) {
    task.watchers.push_back(task.creator);
  }
  return world_.add_task(std::move(task));
}

Comment& Planter::comment(const Task& task, UserId user, std::string_view text, Ms date) {
  Comment comment;
  comment.id = "90110" + world_.new_number();
  comment.parent_id = task.id;
  comment.text = text;
  comment.parts = Value::array({Value::object({{"text", text}})});
  comment.user = user;
  comment.date = date;
  return world_.add_comment(std::move(comment));
}

void Planter::time_entry(const Team& team, const Task& task, UserId user, Ms start, Ms duration) {
  TimeEntry entry;
  entry.id = "4621003218" + world_.new_number();
  entry.team_id = team.id;
  entry.task_id = task.id;
  entry.user = user;
  entry.start = start;
  entry.end = start + duration;
  entry.at = start + duration;
  entry.history = Value::array();
  world_.time_entries.add(std::move(entry));
  world_.count_time(task.id);
}

}  // namespace engine::clickup::sandbox
