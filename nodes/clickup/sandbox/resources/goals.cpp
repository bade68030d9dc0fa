// Goals and their key results, which the service also calls targets.
#include <algorithm>

#include "nodes/clickup/sandbox/changes.h"
#include "nodes/clickup/sandbox/resources/resources.h"
#include "nodes/clickup/sandbox/wire/objects.h"

namespace engine::clickup::sandbox {
namespace {

double part_done(const KeyResult& result) {
  const double whole = result.steps_end - result.steps_start;
  if (whole == 0) return result.completed() ? 1 : 0;
  return std::clamp((result.steps_current - result.steps_start) / whole, 0.0, 1.0);
}

void write_key_result(Writer& w, World& world, const KeyResult& result) {
  w.text("id", result.id);
  w.text("goal_id", result.goal_id);
  w.text("name", result.name);
  w.text("type", result.type);
  w.text_or_null("unit", result.unit);
  w.integer("creator", result.creator);
  w.date("date_created", result.date_created);
  w.digits("goal_pretty_id", world.goals.find(result.goal_id)->pretty_id);
  w.real("percent_completed", part_done(result));
  w.flag("completed", result.completed());
  w.real("steps_start", result.steps_start);
  w.real("steps_end", result.steps_end);
  w.real("steps_current", result.steps_current);
  const auto ids = [&](const char* key, const std::vector<std::string>& values) {
    w.array(key, [&] {
      for (const std::string& id : values) w.text(id);
    });
  };
  ids("task_ids", result.task_ids);
  ids("subcategory_ids", result.list_ids);
  write_users(w, "owners", world, result.owners);
  w.value("last_action", result.last_action);
}

std::vector<const KeyResult*> results_of(const World& world, const Goal& goal) {
  std::vector<const KeyResult*> found;
  for (const KeyResult& one : world.key_results) {
    if (one.goal_id == goal.id && !one.deleted) found.push_back(&one);
  }
  return found;
}

double percent_of(const World& world, const Goal& goal) {
  const auto results = results_of(world, goal);
  double sum = 0;
  for (const KeyResult* one : results) sum += part_done(*one);
  return results.empty() ? 0 : sum / static_cast<double>(results.size());
}

void write_goal(Writer& w, World& world, const Goal& goal) {
  const auto results = results_of(world, goal);
  w.text("id", goal.id);
  w.text("name", goal.name);
  w.text("team_id", goal.team_id);
  w.date("date_created", goal.date_created);
  w.date("date_updated", goal.date_updated);
  w.null("start_date");
  w.date("due_date", goal.due_date);
  w.text("description", goal.description);
  w.flag("private", false);
  w.flag("archived", false);
  w.integer("creator", goal.creator);
  w.text_or_null("color", goal.color);
  w.digits("pretty_id", goal.pretty_id);
  w.flag("multiple_owners", goal.multiple_owners);
  w.null("folder_id");
  w.empty_array("members");
  write_users(w, "owners", world, goal.owners);
  w.integer("key_result_count", static_cast<std::int64_t>(results.size()));
  w.array("key_results", [&] {
    for (const KeyResult* one : results) w.object([&] { write_key_result(w, world, *one); });
  });
  w.real("percent_completed", percent_of(world, goal));
  w.empty_array("history");
  w.text("pretty_url",
         "https://app.clickup.com/" + goal.team_id + "/goals/" + std::to_string(goal.pretty_id));
}

Answer one_goal(Call& call, const Goal& goal) {
  return reply([&](Writer& w) { w.object("goal", [&] { write_goal(w, call.world, goal); }); });
}

Answer one_result(Call& call, const KeyResult& result) {
  return reply(
      [&](Writer& w) { w.object("key_result", [&] { write_key_result(w, call.world, result); }); });
}

Answer list_goals(Call& call) {
  const Team& team = call.team();
  const bool completed = call.query_flag("include_completed", true);
  return reply([&](Writer& w) {
    w.array("goals", [&] {
      for (const Goal& goal : call.world.goals) {
        if (goal.deleted || goal.team_id != team.id) continue;
        if (!completed && percent_of(call.world, goal) >= 1) continue;
        w.object([&] { write_goal(w, call.world, goal); });
      }
    });
    w.empty_array("folders");
  });
}

void read(const Call& call, const Team& team, Goal& goal) {
  const Value& body = call.body;
  if (body["name"].is_string()) goal.name = body["name"].as_string();
  if (goal.name.empty()) refuse("Goal name is required");
  if (!body["due_date"].missing()) goal.due_date = body["due_date"].as_integer();
  if (body["description"].is_string()) goal.description = body["description"].as_string();
  if (body["multiple_owners"].is_boolean())
    goal.multiple_owners = body["multiple_owners"].as_bool();
  if (body["color"].is_string()) goal.color = body["color"].as_string();
  if (body["owners"].is_array()) goal.owners = call.members(team, body["owners"]);
  goal.date_updated = call.now();
}

Answer create_goal(Call& call) {
  const Team& team = call.team();
  Goal goal;
  read(call, team, goal);
  goal.id = call.world.new_uuid();
  goal.team_id = team.id;
  goal.pretty_id = static_cast<std::int64_t>(call.world.goals.size()) + 1;
  goal.creator = call.user_id();
  goal.date_created = call.now();
  const Goal& added = call.world.goals.add(std::move(goal));
  tell_goal(call, added, "goalCreated");
  return one_goal(call, added);
}

Goal& goal_of(const Call& call, std::string_view id) {
  Goal* goal = call.world.goals.live(id);
  if (goal == nullptr) refuse_unknown();
  call.team(goal->team_id);
  return *goal;
}

Answer read_goal(Call& call) {
  return one_goal(call, goal_of(call, call.path("goal_id")));
}

Answer update_goal(Call& call) {
  Goal& goal = goal_of(call, call.path("goal_id"));
  const Team& team = call.team(goal.team_id);
  const auto added = call.members(team, call.body["add_owners"]);
  const auto removed = call.members(team, call.body["rem_owners"]);
  read(call, team, goal);
  for (const UserId user : removed) std::erase(goal.owners, user);
  for (const UserId user : added) {
    if (std::find(goal.owners.begin(), goal.owners.end(), user) == goal.owners.end()) {
      goal.owners.push_back(user);
    }
  }
  tell_goal(call, goal, "goalUpdated");
  return one_goal(call, goal);
}

Answer delete_goal(Call& call) {
  Goal& goal = goal_of(call, call.path("goal_id"));
  goal.deleted = true;
  for (KeyResult& one : call.world.key_results) {
    if (one.goal_id == goal.id) one.deleted = true;
  }
  tell_goal(call, goal, "goalDeleted");
  return done();
}

Value action(Call& call, const KeyResult& result, double before, std::string_view note) {
  return make_object([&](Writer& w) {
    w.text("id", call.world.new_uuid());
    w.text("key_result_id", result.id);
    w.integer("userid", call.user_id());
    w.date("date_modified", call.now());
    w.real("steps_taken", result.steps_current - before);
    w.text("note", note);
    w.real("steps_before", before);
    w.real("steps_current", result.steps_current);
  });
}

std::string type_of(const Value& body) {
  std::string type(body.View::operator[]("type").as_string());
  for (const char* known : {"number", "currency", "boolean", "percentage", "automatic"}) {
    if (type == known) return type;
  }
  refuse("type must be number, currency, boolean, percentage or automatic");
}

std::vector<std::string> texts(View elements) {
  std::vector<std::string> found;
  for (const View one : elements.elements()) found.emplace_back(one.as_string());
  return found;
}

Answer create_result(Call& call) {
  const Goal& goal = goal_of(call, call.path("goal_id"));
  const Value& body = call.body;
  KeyResult result;
  result.name = body["name"].as_string();
  if (result.name.empty()) refuse("Key result name is required");
  result.type = type_of(body);
  result.owners = call.members(call.team(goal.team_id), body["owners"]);
  result.unit = body["unit"].as_string();
  result.steps_start = body["steps_start"].as_number().value_or(0);
  result.steps_end = body["steps_end"].as_number().value_or(result.type == "boolean" ? 1 : 0);
  result.steps_current = result.steps_start;
  result.task_ids = texts(body["task_ids"]);
  result.list_ids = texts(body["list_ids"]);
  result.id = call.world.new_uuid();
  result.goal_id = goal.id;
  result.creator = call.user_id();
  result.date_created = call.now();
  result.last_action = action(call, result, result.steps_start, "Created Key Result");
  const KeyResult& added = call.world.key_results.add(std::move(result));
  tell_goal(call, goal, "keyResultCreated", added.id);
  return one_result(call, added);
}

KeyResult& result_of(const Call& call) {
  KeyResult* result = call.world.key_results.live(call.path("key_result_id"));
  if (result == nullptr) refuse_unknown();
  goal_of(call, result->goal_id);
  return *result;
}

Answer update_result(Call& call) {
  KeyResult& result = result_of(call);
  const double before = result.steps_current;
  const View steps = call.body.View::operator[]("steps_current");
  if (steps.is_number()) result.steps_current = *steps.as_number();
  if (steps.is_boolean())
    result.steps_current = steps.as_bool() ? result.steps_end : result.steps_start;
  if (call.body["name"].is_string()) result.name = call.body["name"].as_string();
  result.last_action = action(call, result, before, call.body["note"].as_string());
  tell_goal(call, *call.world.goals.find(result.goal_id), "keyResultUpdated", result.id);
  return one_result(call, result);
}

Answer delete_result(Call& call) {
  KeyResult& result = result_of(call);
  result.deleted = true;
  tell_goal(call, *call.world.goals.find(result.goal_id), "keyResultDeleted", result.id);
  return done();
}

}  // namespace

void add_goal_routes(Router& router) {
  router.add("GET", "/v2/team/{team_id}/goal", list_goals).query("include_completed");
  router.add("POST", "/v2/team/{team_id}/goal", create_goal)
      .body(
          "name*: text, due_date: date?, description: text, multiple_owners: boolean, "
          "owners: [id], color: text?");
  router.add("GET", "/v2/goal/{goal_id}", read_goal);
  router.add("PUT", "/v2/goal/{goal_id}", update_goal)
      .body(
          "name: text, due_date: date?, description: text, rem_owners: [id], add_owners: [id], "
          "color: text?");
  router.add("DELETE", "/v2/goal/{goal_id}", delete_goal);
  router.add("POST", "/v2/goal/{goal_id}/key_result", create_result)
      .body(
          "name*: text, owners: [id], type*: text, steps_start: number, steps_end: number, "
          "unit: text?, task_ids: [text], list_ids: [text]");
  router.add("PUT", "/v2/key_result/{key_result_id}", update_result)
      .body("steps_current: number|boolean, note: text, name: text");
  router.add("DELETE", "/v2/key_result/{key_result_id}", delete_result);
}

}  // namespace engine::clickup::sandbox
