// One request on its way through a handler: who calls, what is asked for, and the world.
#pragma once

#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "nodes/clickup/sandbox/refusal.h"
#include "nodes/clickup/sandbox/router.h"
#include "nodes/clickup/sandbox/world/world.h"

namespace engine::clickup::sandbox {

/// Lookups refuse what the caller may not see, in the words of the service. Not thread-safe.
class Call {
 public:
  /// Refuses unknown query parameters, brackets left out, and a body that is not of the route's
  /// shape. `token` is null for routes without one.
  Call(World& world, const http::ServerRequest& request, Router::Match match, const Token* token);

  World& world;
  const http::ServerRequest& request;
  Value body;  ///< an object when the route has a shape, missing otherwise

  /// The token's owner.
  User& user() const { return *world.user(token_->user); }
  UserId user_id() const { return token_->user; }
  Ms now() const { return now_; }

  const std::string& path(std::string_view name) const;
  std::optional<std::string_view> query(std::string_view name) const;
  /// Of a name with brackets: "tags[]".
  std::vector<std::string> query_list(std::string_view name) const;
  /// Refuses what is neither true nor false.
  bool query_flag(std::string_view name, bool fallback = false) const;
  /// Refuses what is not an integer.
  std::optional<std::int64_t> query_integer(std::string_view name) const;

  // What the path names: {team_id}, {space_id}, {folder_id}, {list_id}, {task_id} (also by custom
  // id). A deleted task is refused; deleted spaces, folders and lists are still there to see.
  Team& team() const;
  Space& space() const;
  Folder& folder() const;
  List& list() const;
  Task& task() const;
  SavedView& view() const;

  /// {workspace_id} of v3
  Team& workspace() const;

  // The same by id.
  Team& team(std::string_view id) const;
  Space& space(std::string_view id) const;
  Folder& folder(std::string_view id) const;
  List& list(std::string_view id) const;
  Task& task(std::string_view id) const;

  /// The caller's place in a workspace.
  Membership& membership(Team& team) const;
  /// Workspaces that the token may use, in order.
  std::vector<Team*> teams() const;
  bool may_use(const Team& team) const;

  /// A user of the workspace, from a number or its digits; refuses strangers.
  UserId member(const Team& team, View id) const;
  std::vector<UserId> members(const Team& team, View ids) const;

 private:
  void check_query() const;
  void read_body();

  const Route& route_;
  std::vector<std::pair<std::string_view, std::string>> parameters_;
  const Token* token_;
  Ms now_;
};

/// Refuses workspaces on smaller plans.
void require_enterprise(const Team& team);

/// 200 with the object whose members `body(writer)` writes.
template <typename Body>
Answer reply(Body&& body, int status = 200) {
  Answer answer;
  answer.status = status;
  answer.json = make_object(std::forward<Body>(body));
  return answer;
}
/// `{}`, what most changes are answered with.
Answer done();
Answer no_content();

}  // namespace engine::clickup::sandbox
