// Tasks and what hangs on them.
#pragma once

#include <map>
#include <optional>
#include <string>
#include <vector>

#include "nodes/clickup/sandbox/world/hierarchy.h"

namespace engine::clickup::sandbox {

struct ChecklistItem {
  std::string id;
  std::string name;
  std::string parent;  ///< another item; empty: none
  std::optional<UserId> assignee;
  bool resolved = false;
  Ms date_created = 0;
};

struct Checklist {
  std::string id;
  std::string name;
  Ms date_created = 0;
  UserId creator = 0;
  std::vector<ChecklistItem> items;
};

struct Dependency {
  std::string task_id;     ///< waits …
  std::string depends_on;  ///< … for this one
  Ms date_created = 0;
  UserId user = 0;
};

struct Link {
  std::string other;
  Ms date_created = 0;
  UserId user = 0;
};

/// How long a task was in a status.
struct StatusSpan {
  Status status;
  std::int64_t orderindex = 0;
  Ms since = 0;
};

struct Task {
  std::string id;
  std::string custom_id;    ///< "ACME-12"
  std::int64_t number = 0;  ///< counts from 1, in order of creation
  std::string list_id;      ///< home
  std::vector<std::string> other_lists;
  std::string name;
  std::string text;       ///< the description without markup
  std::string markdown;   ///< the description with it
  std::int64_t type = 0;  ///< custom_item_id: 0 task, 1 milestone
  std::string status;     ///< name
  std::optional<int> priority;
  Ms date_created = 0;
  Ms date_updated = 0;
  std::optional<Ms> date_closed;
  std::optional<Ms> date_done;
  std::optional<Ms> due_date;
  std::optional<Ms> start_date;
  bool due_date_time = false;
  bool start_date_time = false;
  bool archived = false;
  bool deleted = false;
  UserId creator = 0;
  std::vector<UserId> assignees;
  std::vector<UserId> watchers;
  std::vector<std::string> groups;  ///< assigned user groups
  std::vector<std::string> tags;
  std::string parent;  ///< empty: none
  std::optional<double> points;
  std::optional<Ms> time_estimate;
  Ms time_spent = 0;                            ///< of its time entries that have ended
  std::map<std::string, Ms> estimates_by_user;  ///< user id or "unassigned"
  std::map<std::string, Value> fields;          ///< custom field id to value as it is stored
  std::vector<Checklist> checklists;
  std::vector<Dependency> dependencies;  ///< kept at both ends
  std::vector<Link> links;
  std::vector<StatusSpan> status_history;
  std::vector<Share> shares;
};

enum class CommentParent { task, list, view };

struct Comment {
  std::string id;  ///< digits
  std::string hist_id;
  CommentParent parent_kind = CommentParent::task;
  std::string parent_id;
  std::string reply_to;  ///< id of a comment; empty: none
  Value parts;           ///< rich text: [{text, attributes}, …]
  std::string text;
  UserId user = 0;
  std::optional<UserId> assignee;
  std::optional<UserId> assigned_by;
  std::string group_assignee;
  bool resolved = false;
  bool deleted = false;
  Ms date = 0;
};

struct Attachment {
  std::string id;           ///< "<uuid>.png"
  std::string parent_type;  ///< tasks, custom_fields, comments, …
  std::string parent_id;
  std::string title;
  std::string extension;
  std::string mime_type;
  std::string content;
  UserId user = 0;
  Ms date = 0;
  bool deleted = false;
};

}  // namespace engine::clickup::sandbox
