// Spaces, folders, lists, and what belongs to them: statuses, tags, custom fields.
#pragma once

#include <optional>
#include <string>
#include <vector>

#include "nodes/clickup/sandbox/world/people.h"

namespace engine::clickup::sandbox {

struct Task;

struct Status {
  std::string id;
  std::string name;
  std::string type;  ///< open, custom, done, closed
  std::string color;
};

struct Tag {
  std::string name;
  std::string foreground;
  std::string background;
  UserId creator = 0;
};

struct Space {
  std::string id;
  std::string team_id;
  std::string name;
  std::string color;
  bool is_private = false;
  bool admin_can_manage = true;
  bool multiple_assignees = true;
  bool archived = false;
  bool deleted = false;
  Value features;
  std::vector<Status> statuses;
  std::vector<Tag> tags;
};

/// A guest's or member's explicit access.
struct Share {
  UserId user = 0;
  std::string permission;  ///< read, comment, edit, create
};

struct Folder {
  std::string id;
  std::string space_id;
  std::string parent_folder;  ///< empty: none
  std::string name;
  bool hidden = false;  ///< the one that holds lists without a folder
  bool archived = false;
  bool deleted = false;
  std::int64_t orderindex = 0;
  std::vector<Share> shares;
};

struct List {
  std::string id;
  std::string folder_id;
  std::string space_id;
  std::string name;
  std::string content;
  std::string color;  ///< what the service calls the list's status; empty: none
  std::optional<int> priority;
  std::optional<UserId> assignee;
  std::optional<Ms> due_date;
  bool due_date_time = false;
  bool archived = false;
  bool deleted = false;
  std::int64_t orderindex = 0;
  std::vector<Status> statuses;  ///< empty: those of the space
  std::vector<Task*> tasks;      ///< by creation; home here, deleted ones included
  std::vector<Task*> guests;     ///< tasks of other lists that are shown here too
  std::vector<Share> shares;
};

enum class FieldLevel { team, space, folder, list };

struct CustomField {
  std::string id;
  std::string name;
  std::string type;
  Value type_config;
  FieldLevel level = FieldLevel::space;
  std::string parent_id;  ///< of the team, space, folder or list
  Ms date_created = 0;
  bool hide_from_guests = false;
  bool required = false;
  bool deleted = false;
};

}  // namespace engine::clickup::sandbox
