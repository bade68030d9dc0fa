// Changing a task, whichever operation asks for it: every change is checked, made, and remembered
// as a history item.
#pragma once

#include <string>
#include <string_view>
#include <vector>

#include "nodes/clickup/sandbox/changes.h"

namespace engine::clickup::sandbox {

/// Changes are made to a copy and take effect together; one that is refused throws, and then
/// nothing has changed.
class TaskEdit {
 public:
  /// Of a task that is there, or of a new one without id.
  TaskEdit(const Call& call, Task draft);

  void name(View value);
  void description(View text, View markdown);
  /// Refuses a name that the list does not have: `code` ITEM_114 or CRTSK_001.
  void status(std::string_view name, const char* code);
  void priority(View value);
  void due_date(View date, View with_time);
  void start_date(View date, View with_time);
  void time_estimate(View value);
  void points(View value);
  void type(View custom_item_id);
  void archived(View value);
  /// {add, rem}
  void assignees(View change);
  void watchers(View change);
  void groups(View change);
  void parent(View id);
  void add_tag(std::string_view name);
  void remove_tag(std::string_view name);
  void field(const CustomField& field, const Value& sent);

  /// Puts the changes in place, stamps date_updated and tells the events.
  void finish(Task& task);
  /// Adds the new task and tells that it is there.
  Task& create();

 private:
  struct Told {
    std::string event;
    Change change;
  };
  void note(std::string event, Change change);
  void watch(UserId user);
  void date(std::optional<Ms> Task::*member, bool Task::*time_member, View date, View with_time,
            const char* field, const char* event);

  const Call& call_;
  World& world_;
  Task task_;
  List& list_;
  std::vector<Told> told_;
  bool touched_ = false;
};

/// Markdown without its marks.
std::string plain_text(std::string_view markdown);

}  // namespace engine::clickup::sandbox
