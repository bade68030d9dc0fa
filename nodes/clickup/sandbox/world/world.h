// The state of the stand-in: everything there is, by id.
#pragma once

#include <map>
#include <string>
#include <unordered_map>
#include <vector>

#include "core/base/random.h"
#include "core/base/time.h"
#include "nodes/clickup/sandbox/wire/task_texts.h"
#include "nodes/clickup/sandbox/world/documents.h"
#include "nodes/clickup/sandbox/world/events.h"
#include "nodes/clickup/sandbox/world/planning.h"
#include "nodes/clickup/sandbox/world/table.h"
#include "nodes/clickup/sandbox/world/task.h"

namespace engine::clickup::sandbox {

/// RFC 9562, version 4.
std::string make_uuid(Random& random);

/// Plain data with the lookups that many handlers share. Not thread-safe.
class World {
 public:
  World(const Clock& clock, Random& random) : clock_(clock), random_(random) {}
  World(const World&) = delete;
  World& operator=(const World&) = delete;

  Ms now() const { return to_ms(clock_.now()); }

  std::string new_uuid() { return make_uuid(random_); }
  /// Digits, larger than any before: of spaces, folders, lists, comments, time entries, …
  std::string new_number();
  std::string new_task_id();
  /// `length` letters and digits.
  std::string new_secret(std::size_t length);
  /// Ids of a seed must not come again.
  void reserve_number(std::string_view id);

  User* user(UserId id) { return users.live(std::to_string(id)); }
  User* user_by_email(std::string_view email);

  Team& team_of(const Space& space) { return *teams.find(space.team_id); }
  Space& space_of(const List& list) { return *spaces.find(list.space_id); }
  Folder& folder_of(const List& list) { return *folders.find(list.folder_id); }
  List& list_of(const Task& task) { return *lists.find(task.list_id); }
  Team& team_of(const Task& task) { return team_of(space_of(list_of(task))); }

  const std::vector<Status>& statuses_of(const List& list);
  /// By name without regard to case; null when the list has none of it.
  const Status* status(const List& list, std::string_view name);
  /// Of a task; the list's first when its own was taken away.
  const Status& status_of(const Task& task);
  Tag* tag(Space& space, std::string_view name);

  /// The fields that tasks of a list have: its own and those of folder, space and workspace.
  std::vector<CustomField*> fields_of(const List& list);

  /// The folder of the space's lists without one. (Each such list has a hidden one of its own; here
  /// they share it.)
  Folder& hidden_folder(const Space& space);

  Place place_of(const List& list);
  Place place_of(const Task& task);

  /// The task's subtasks that live, in order of creation.
  std::vector<Task*> subtasks_of(const Task& task);
  Task* task_by_custom_id(std::string_view team_id, std::string_view custom_id);

  /// Adds to the tables and indices.
  Task& add_task(Task task);
  /// An empty id makes it a task of its own.
  void set_parent(Task& task, const std::string& parent);
  void move(Task& task, List& home);
  Comment& add_comment(Comment comment);
  /// The task that has the checklist; null when there is none.
  Task* task_of_checklist(std::string_view id);
  /// Adds up the task's ended time entries again.
  void count_time(std::string_view task_id);
  /// Of one parent, oldest first, deleted ones and replies included.
  const std::vector<Comment*>& comments_of(CommentParent kind, std::string_view id);

  Table<Team> teams;
  Table<User> users;
  Table<Group> groups;
  std::map<std::string, Token, std::less<>> tokens;
  std::vector<OAuthApp> apps;
  std::map<std::string, OAuthCode, std::less<>> codes;

  Table<Space> spaces;
  Table<Folder> folders;
  Table<List> lists;
  Table<CustomField> fields;
  Table<Task> tasks;
  Table<Comment> comments;
  Table<Attachment> attachments;

  Table<Goal> goals;
  Table<KeyResult> key_results;
  Table<SavedView> views;
  Table<TimeEntry> time_entries;
  Table<Webhook> webhooks;
  Table<Template> templates;

  Table<Doc> docs;
  Table<Page> pages;
  Table<Channel> channels;
  Table<Message> messages;

  EventLog events;
  TaskTexts task_texts;
  std::string base_url;  ///< where attachments are downloaded from

 private:
  const Clock& clock_;
  Random& random_;
  std::int64_t last_number_ = 901'000'000;
  std::unordered_map<std::string, std::vector<Comment*>> comments_by_parent_;
  std::unordered_map<std::string, std::vector<Task*>> subtasks_;
};

/// Without regard to the case of ASCII letters.
bool same_name(std::string_view a, std::string_view b);

}  // namespace engine::clickup::sandbox
