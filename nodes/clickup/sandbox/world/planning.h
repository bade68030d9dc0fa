// Goals, views, time entries, webhooks, templates.
#pragma once

#include <optional>
#include <string>
#include <vector>

#include "nodes/clickup/sandbox/world/hierarchy.h"

namespace engine::clickup::sandbox {

struct KeyResult {
  std::string id;
  std::string goal_id;
  std::string name;
  std::string type;  ///< number, currency, boolean, percentage, automatic
  std::string unit;
  double steps_start = 0;
  double steps_end = 0;
  double steps_current = 0;
  std::vector<UserId> owners;
  std::vector<std::string> task_ids;
  std::vector<std::string> list_ids;
  UserId creator = 0;
  Ms date_created = 0;
  Value last_action;
  bool deleted = false;

  bool completed() const {
    return steps_end >= steps_start ? steps_current >= steps_end : steps_current <= steps_end;
  }
};

struct Goal {
  std::string id;
  std::string team_id;
  std::int64_t pretty_id = 0;
  std::string name;
  std::string description;
  std::string color;
  std::optional<Ms> due_date;
  Ms date_created = 0;
  Ms date_updated = 0;
  UserId creator = 0;
  bool multiple_owners = true;
  bool deleted = false;
  std::vector<UserId> owners;
};

constexpr int kParentSpace = 4;
constexpr int kParentFolder = 5;
constexpr int kParentList = 6;
constexpr int kParentTeam = 7;

/// (engine::View is a borrowed value.)
struct SavedView {
  std::string id;
  std::string team_id;
  std::string parent_id;
  int parent_type = kParentTeam;
  std::string name;
  std::string type;
  Value settings;  ///< the other members, as given or as the service fills them in
  UserId creator = 0;
  Ms date_created = 0;
  bool deleted = false;
};

struct TimeEntry {
  std::string id;  ///< digits
  std::string team_id;
  std::string task_id;  ///< empty: none
  UserId user = 0;
  std::string description;
  bool billable = false;
  Ms start = 0;
  std::optional<Ms> end;  ///< nothing: the timer is running
  Ms at = 0;              ///< last change
  std::string source = "clickup";
  std::vector<Tag> tags;
  Value history;
  bool deleted = false;
};

struct Webhook {
  std::string id;
  std::string team_id;
  UserId user = 0;
  std::string client_id;
  std::string endpoint;
  std::vector<std::string> events;  ///< names, or "*" alone
  std::string space_id;
  std::string folder_id;
  std::string list_id;
  std::string task_id;
  std::string secret;
  std::string status = "active";  ///< active, failing, suspended
  std::int64_t fail_count = 0;
  bool deleted = false;
};

struct Template {
  std::string id;
  std::string team_id;
  std::string kind;  ///< task, list, folder
  std::string name;
  std::vector<std::string> task_names;
  std::vector<std::string> list_names;  ///< of a folder
  bool deleted = false;
};

}  // namespace engine::clickup::sandbox
