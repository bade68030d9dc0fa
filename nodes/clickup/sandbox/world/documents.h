// Docs and chat, the resources of API v3.
#pragma once

#include <optional>
#include <string>
#include <vector>

#include "nodes/clickup/sandbox/world/people.h"

namespace engine::clickup::sandbox {

struct Doc {
  std::string id;
  std::string team_id;
  std::string name;
  std::string parent_id;
  int parent_type = 7;  ///< as of views; 12: workspace
  bool is_public = false;
  UserId creator = 0;
  Ms date_created = 0;
  Ms date_updated = 0;
  bool archived = false;
  bool deleted = false;
};

struct Page {
  std::string id;
  std::string doc_id;
  std::string parent_page;  ///< empty: top level
  std::string name;
  std::string sub_title;
  std::string content;
  UserId creator = 0;
  Ms date_created = 0;
  std::optional<Ms> date_updated;
  UserId edited_by = 0;
  bool deleted = false;
};

struct Channel {
  std::string id;
  std::string team_id;
  std::string type;  ///< CHANNEL, DM, GROUP_DM
  std::string name;
  std::string description;
  std::string topic;
  std::string visibility = "PUBLIC";
  std::string parent_id;
  int parent_type = 7;
  UserId creator = 0;
  Ms date_created = 0;
  Ms date_updated = 0;
  std::vector<UserId> members;
  bool deleted = false;
};

struct Reaction {
  std::string name;
  UserId user = 0;
  Ms date = 0;
};

struct Message {
  std::string id;
  std::string channel_id;
  std::string parent_message;  ///< empty: not a reply
  std::string type;            ///< message, post
  std::string content;
  Value post_data;
  UserId user = 0;
  std::string assignee;
  std::string group_assignee;
  bool resolved = false;
  Ms date = 0;
  std::optional<Ms> date_updated;
  std::vector<Reaction> reactions;
  std::vector<UserId> tagged_users;
  bool deleted = false;
};

}  // namespace engine::clickup::sandbox
