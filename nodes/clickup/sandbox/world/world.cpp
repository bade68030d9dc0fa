#include "nodes/clickup/sandbox/world/world.h"

#include <algorithm>
#include <cctype>

#include "core/value/number.h"

namespace engine::clickup::sandbox {

bool same_name(std::string_view a, std::string_view b) {
  const auto lower = [](char c) { return std::tolower(static_cast<unsigned char>(c)); };
  return std::equal(a.begin(), a.end(), b.begin(), b.end(),
                    [&](char x, char y) { return lower(x) == lower(y); });
}

std::string make_uuid(Random& random) {
  constexpr std::string_view kHex = "0123456789abcdef";
  std::string id;
  for (const std::size_t length : {8U, 4U, 4U, 4U, 12U}) {
    if (!id.empty()) id += '-';
    for (std::size_t i = 0; i < length; ++i) id += kHex[random.below(16)];
  }
  id[14] = '4';  // the version, and the variant
  id[19] = kHex[8 + random.below(4)];
  return id;
}

std::string World::new_number() {
  return std::to_string(++last_number_);
}

void World::reserve_number(std::string_view id) {
  if (const auto number = parse_integer(id)) last_number_ = std::max(last_number_, *number);
}

std::string World::new_task_id() {
  constexpr std::string_view kDigits = "0123456789abcdefghijklmnopqrstuvwxyz";
  // Looks like the service's; a step that shares no factor with 36^6 never repeats.
  constexpr std::uint64_t kAll = 36ULL * 36 * 36 * 36 * 36 * 36;
  for (std::uint64_t n = tasks.size() + 1;; ++n) {
    std::uint64_t rest = n * 7'919'777 % kAll;
    std::string id = "86c";
    for (int i = 0; i < 6; ++i, rest /= 36) id += kDigits[rest % 36];
    if (tasks.find(id) == nullptr) return id;
  }
}

std::string World::new_secret(std::size_t length) {
  constexpr std::string_view kDigits = "ABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789";
  std::string secret;
  while (secret.size() < length) secret += kDigits[random_.below(kDigits.size())];
  return secret;
}

User* World::user_by_email(std::string_view email) {
  for (User& one : users) {
    if (!one.deleted && same_name(one.email, email)) return &one;
  }
  return nullptr;
}

const std::vector<Status>& World::statuses_of(const List& list) {
  return list.statuses.empty() ? space_of(list).statuses : list.statuses;
}

const Status* World::status(const List& list, std::string_view name) {
  for (const Status& one : statuses_of(list)) {
    if (same_name(one.name, name)) return &one;
  }
  return nullptr;
}

const Status& World::status_of(const Task& task) {
  const List& list = list_of(task);
  const Status* found = status(list, task.status);
  return found != nullptr ? *found : statuses_of(list).front();
}

Tag* World::tag(Space& space, std::string_view name) {
  for (Tag& one : space.tags) {
    if (same_name(one.name, name)) return &one;
  }
  return nullptr;
}

std::vector<CustomField*> World::fields_of(const List& list) {
  const std::string& team_id = space_of(list).team_id;
  std::vector<CustomField*> found;
  for (CustomField& field : fields) {
    const bool here = (field.level == FieldLevel::list && field.parent_id == list.id) ||
                      (field.level == FieldLevel::folder && field.parent_id == list.folder_id) ||
                      (field.level == FieldLevel::space && field.parent_id == list.space_id) ||
                      (field.level == FieldLevel::team && field.parent_id == team_id);
    if (here && !field.deleted) found.push_back(&field);
  }
  return found;
}

Folder& World::hidden_folder(const Space& space) {
  for (Folder& folder : folders) {
    if (folder.hidden && folder.space_id == space.id) return folder;
  }
  Folder hidden;
  hidden.id = new_number();
  hidden.space_id = space.id;
  hidden.name = "hidden";
  hidden.hidden = true;
  return folders.add(std::move(hidden));
}

Place World::place_of(const List& list) {
  return {space_of(list).team_id, list.space_id, list.folder_id, list.id, ""};
}

Place World::place_of(const Task& task) {
  Place place = place_of(list_of(task));
  place.task_id = task.id;
  return place;
}

std::vector<Task*> World::subtasks_of(const Task& task) {
  // A subtask can have moved to another parent since it was noted here.
  std::vector<Task*> found;
  for (Task* child : subtasks_[task.id]) {
    if (!child->deleted && child->parent == task.id &&
        std::find(found.begin(), found.end(), child) == found.end()) {
      found.push_back(child);
    }
  }
  return found;
}

Task* World::task_by_custom_id(std::string_view team_id, std::string_view custom_id) {
  for (Task& task : tasks) {
    if (same_name(task.custom_id, custom_id) && space_of(list_of(task)).team_id == team_id) {
      return &task;
    }
  }
  return nullptr;
}

Task* World::task_of_checklist(std::string_view id) {
  for (Task& task : tasks) {
    for (const Checklist& one : task.checklists) {
      if (one.id == id) return &task;
    }
  }
  return nullptr;
}

void World::count_time(std::string_view task_id) {
  Task* task = tasks.find(task_id);
  if (task == nullptr) return;
  task->time_spent = 0;
  for (const TimeEntry& entry : time_entries) {
    if (!entry.deleted && entry.task_id == task_id && entry.end) {
      task->time_spent += *entry.end - entry.start;
    }
  }
}

Task& World::add_task(Task task) {
  task.number = static_cast<std::int64_t>(tasks.size()) + 1;
  Task& added = tasks.add(std::move(task));
  list_of(added).tasks.push_back(&added);
  if (!added.parent.empty()) subtasks_[added.parent].push_back(&added);
  return added;
}

void World::set_parent(Task& task, const std::string& parent) {
  task.parent = parent;
  if (!parent.empty()) subtasks_[parent].push_back(&task);
}

void World::move(Task& task, List& home) {
  std::erase(list_of(task).tasks, &task);
  std::erase(home.guests, &task);
  std::erase(task.other_lists, home.id);
  task.list_id = home.id;
  const auto place = std::find_if(home.tasks.begin(), home.tasks.end(),
                                  [&](const Task* one) { return one->number > task.number; });
  home.tasks.insert(place, &task);
}

namespace {

std::string parent_key(CommentParent kind, std::string_view id) {
  return std::to_string(static_cast<int>(kind)) + ":" + std::string(id);
}

}  // namespace

Comment& World::add_comment(Comment comment) {
  Comment& added = comments.add(std::move(comment));
  comments_by_parent_[parent_key(added.parent_kind, added.parent_id)].push_back(&added);
  return added;
}

const std::vector<Comment*>& World::comments_of(CommentParent kind, std::string_view id) {
  return comments_by_parent_[parent_key(kind, id)];
}

}  // namespace engine::clickup::sandbox
