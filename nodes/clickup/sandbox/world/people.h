// Workspaces, users, groups and tokens.
#pragma once

#include <optional>
#include <string>
#include <vector>

#include "nodes/clickup/sandbox/writer.h"

namespace engine::clickup::sandbox {

using UserId = std::int64_t;

constexpr int kOwner = 1;
constexpr int kAdmin = 2;
constexpr int kMember = 3;
constexpr int kGuest = 4;

struct User {
  std::string id;  ///< digits
  UserId number = 0;
  std::string username;  ///< empty until an invited person joins
  std::string email;
  std::string color;
  std::string initials;
  std::string timezone = "Europe/Berlin";
  bool deleted = false;
};

/// A user in a workspace.
struct Membership {
  UserId user = 0;
  int role = kMember;
  std::optional<std::int64_t> custom_role;
  std::optional<UserId> invited_by;
  Ms date_invited = 0;
  std::optional<Ms> date_joined;
  // What a guest may do.
  bool can_edit_tags = true;
  bool can_see_time_spent = true;
  bool can_see_time_estimated = true;
  bool can_create_views = true;
  bool can_see_points_estimated = true;
};

struct CustomRole {
  std::int64_t id = 0;
  std::string name;
  int inherited_role = kMember;
  Ms date_created = 0;
};

struct CustomTaskType {
  std::int64_t id = 0;
  std::string name;
  std::string name_plural;
  std::string description;
};

/// A workspace; "team" is its name in v2.
struct Team {
  std::string id;
  std::string name;
  std::string color = "#7b68ee";
  std::string plan = "Business";
  std::vector<Membership> members;
  std::vector<CustomRole> custom_roles;
  std::vector<CustomTaskType> task_types;
  bool deleted = false;

  bool enterprise() const { return plan == "Enterprise"; }
  Membership* member(UserId user) {
    for (Membership& one : members) {
      if (one.user == user) return &one;
    }
    return nullptr;
  }
};

struct Group {
  std::string id;
  std::string team_id;
  std::string name;
  std::string handle;
  UserId creator = 0;
  Ms date_created = 0;
  std::vector<UserId> members;
  bool deleted = false;
};

/// What `Authorization` names.
struct Token {
  UserId user = 0;
  bool personal = true;  ///< sent bare; an OAuth token needs `Bearer`
  bool revoked = false;
  std::vector<std::string> team_ids;  ///< workspaces it may use; empty: all of its user
};

struct OAuthApp {
  std::string client_id;
  std::string client_secret;
  std::vector<std::string> redirect_uris;  ///< a redirect must begin with one of them
};

/// An authorization code.
struct OAuthCode {
  std::string client_id;
  UserId user = 0;
  std::vector<std::string> team_ids;
  bool used = false;
};

}  // namespace engine::clickup::sandbox
