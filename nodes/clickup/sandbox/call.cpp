#include "nodes/clickup/sandbox/call.h"

#include <algorithm>
#include <cctype>

#include "core/base/error.h"
#include "core/base/nearest.h"
#include "core/base/utf8.h"
#include "core/value/json.h"
#include "core/value/number.h"

namespace engine::clickup::sandbox {
namespace {

[[noreturn]] void refuse_without_brackets(const std::string& name) {
  if (name == "statuses") refuse("Statuses must be an array", "OAUTH_040");
  if (name == "assignees") refuse("Assignees must be an array", "OAUTH_043");
  if (name == "tags") throw Refusal(500, "Tags must be an array", "ITEMV2_003");
  refuse("'" + name + "' must be an array: write it as " + name + "[]");
}

bool is_digits(std::string_view text) {
  return !text.empty() && std::all_of(text.begin(), text.end(), [](char c) {
    return std::isdigit(static_cast<unsigned char>(c)) != 0;
  });
}

}  // namespace

Call::Call(World& the_world, const http::ServerRequest& the_request, Router::Match match,
           const Token* token)
    : world(the_world),
      request(the_request),
      route_(*match.route),
      parameters_(std::move(match.parameters)),
      token_(token),
      now_(the_world.now()) {
  check_query();
  read_body();
}

void Call::check_query() const {
  for (const auto& [name, value] : parameters_) {
    if (!is_utf8(value)) refuse("The path is not UTF-8");
  }
  for (const auto& [name, value] : request.query) {
    if (!is_utf8(name) || !is_utf8(value)) refuse("The query is not UTF-8");
  }
  const auto& known = route_.query_names;
  const auto is_known = [&](const std::string& name) {
    return std::find(known.begin(), known.end(), name) != known.end();
  };
  for (const auto& [name, value] : request.query) {
    if (is_known(name) || route_.open) continue;
    if (is_known(name + "[]")) refuse_without_brackets(name);
    refuse("Unknown query parameter '" + name + "'." + did_you_mean(name, known));
  }
}

void Call::read_body() {
  if (route_.shape.empty() || route_.raw_body) return;
  if (request.body.empty()) {
    body = Value::object();
  } else {
    const auto type = request.headers.find("Content-Type");
    if (type && type->find("json") == std::string_view::npos) {
      refuse("Content-Type must be application/json");
    }
    try {
      body = parse_json(request.body, "the body");
    } catch (const Error& error) {
      refuse("Unexpected token in JSON: " + error.message());
    }
  }
  route_.shape.check(body);
}

const std::string& Call::path(std::string_view name) const {
  const auto found = std::find_if(parameters_.begin(), parameters_.end(),
                                  [&](const auto& one) { return one.first == name; });
  if (found == parameters_.end()) {
    throw Error(ErrorCause::bug, "no_path_parameter", "No such parameter: " + std::string(name));
  }
  return found->second;
}

std::optional<std::string_view> Call::query(std::string_view name) const {
  for (const auto& [key, value] : request.query) {
    if (key == name) return value;
  }
  return std::nullopt;
}

std::vector<std::string> Call::query_list(std::string_view name) const {
  std::vector<std::string> values;
  for (const auto& [key, value] : request.query) {
    if (key == name) values.push_back(value);
  }
  return values;
}

bool Call::query_flag(std::string_view name, bool fallback) const {
  const auto value = query(name);
  if (!value) return fallback;
  if (*value == "true") return true;
  if (*value == "false") return false;
  const bool known = name == "reverse" || name == "subtasks";
  if (known) throw Refusal(500, "'" + std::string(name) + "' must be true or false", "ITEMV2_003");
  refuse("'" + std::string(name) + "' must be true or false");
}

std::optional<std::int64_t> Call::query_integer(std::string_view name) const {
  const auto value = query(name);
  if (!value) return std::nullopt;
  const auto number = parse_integer(*value);
  if (!number) refuse("'" + std::string(name) + "' must be an integer");
  return number;
}

bool Call::may_use(const Team& team) const {
  const auto& allowed = token_->team_ids;
  const bool member = std::any_of(team.members.begin(), team.members.end(),
                                  [&](const Membership& m) { return m.user == token_->user; });
  return member && !team.deleted &&
         (allowed.empty() || std::find(allowed.begin(), allowed.end(), team.id) != allowed.end());
}

std::vector<Team*> Call::teams() const {
  std::vector<Team*> found;
  for (Team& one : world.teams) {
    if (may_use(one)) found.push_back(&one);
  }
  return found;
}

Membership& Call::membership(Team& team) const {
  return *team.member(token_->user);
}

Team& Call::team(std::string_view id) const {
  Team* found = world.teams.find(id);
  if (found == nullptr || !may_use(*found)) {
    throw Refusal(401, "Team(s) not authorized", "OAUTH_023");
  }
  return *found;
}

Space& Call::space(std::string_view id) const {
  Space* found = world.spaces.find(id);
  if (found == nullptr || !may_use(world.team_of(*found))) refuse_unknown();
  return *found;
}

Folder& Call::folder(std::string_view id) const {
  if (!is_digits(id)) refuse("Folder ID invalid", "INPUT_011");
  Folder* found = world.folders.find(id);
  if (found == nullptr) refuse_unknown();
  space(found->space_id);
  return *found;
}

List& Call::list(std::string_view id) const {
  if (!is_digits(id)) refuse("List ID invalid", "INPUT_003");
  List* found = world.lists.find(id);
  if (found == nullptr) refuse_unknown();
  space(found->space_id);
  return *found;
}

Task& Call::task(std::string_view id) const {
  Task* found = nullptr;
  if (query_flag("custom_task_ids")) {
    const auto team_id = query("team_id");
    if (!team_id) refuse("'team_id' is required with custom_task_ids");
    found = world.task_by_custom_id(team(*team_id).id, id);
  } else {
    found = world.tasks.find(id);
  }
  if (found == nullptr || !may_use(world.team_of(*found))) refuse_unknown();
  if (found->deleted) throw Refusal(404, "Task not found, deleted", "ITEM_013");
  return *found;
}

Team& Call::workspace() const {
  return team(path("workspace_id"));
}
Team& Call::team() const {
  return team(path("team_id"));
}
Space& Call::space() const {
  return space(path("space_id"));
}
Folder& Call::folder() const {
  return folder(path("folder_id"));
}
List& Call::list() const {
  return list(path("list_id"));
}
Task& Call::task() const {
  return task(path("task_id"));
}
SavedView& Call::view() const {
  SavedView* found = world.views.live(path("view_id"));
  if (found == nullptr) refuse_unknown();
  team(found->team_id);
  return *found;
}

UserId Call::member(const Team& team, View id) const {
  const auto number = id.is_string() ? parse_integer(id.as_string()) : id.as_integer();
  for (const Membership& one : team.members) {
    if (number && one.user == *number) return one.user;
  }
  refuse("User " + to_text(id) + " is not in this Workspace");
}

std::vector<UserId> Call::members(const Team& team, View ids) const {
  std::vector<UserId> found;
  for (const View id : ids.elements()) {
    const UserId user = member(team, id);
    if (std::find(found.begin(), found.end(), user) == found.end()) found.push_back(user);
  }
  return found;
}

void require_enterprise(const Team& team) {
  if (!team.enterprise()) throw Refusal(403, "Team must be on enterprise plan", "TEAM_110");
}

Answer done() {
  return reply([](Writer&) {});
}

Answer no_content() {
  Answer answer;
  answer.status = 204;
  return answer;
}

}  // namespace engine::clickup::sandbox
