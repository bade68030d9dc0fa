// Dependencies and links between tasks.
#include <algorithm>

#include "nodes/clickup/sandbox/resources/resources.h"
#include "nodes/clickup/sandbox/wire/task_writer.h"

namespace engine::clickup::sandbox {
namespace {

/// Who waits for whom.
struct Pair {
  Task& waiting;
  Task& first;
};

Pair pair_of(const Call& call, View depends_on, View dependency_of) {
  if (depends_on.given() == dependency_of.given()) {
    refuse("Give either 'depends_on' or 'dependency_of'");
  }
  Task& task = call.task();
  Task* other =
      call.world.tasks.live((depends_on.given() ? depends_on : dependency_of).as_string());
  if (other == nullptr || !call.may_use(call.world.team_of(*other))) refuse_unknown();
  if (other == &task) refuse("A task cannot depend on itself");
  return depends_on.given() ? Pair{task, *other} : Pair{*other, task};
}

bool is_between(const Dependency& one, const Pair& pair) {
  return one.task_id == pair.waiting.id && one.depends_on == pair.first.id;
}

Answer add_dependency(Call& call) {
  const Pair pair = pair_of(call, call.body["depends_on"], call.body["dependency_of"]);
  const auto& known = pair.waiting.dependencies;
  if (std::any_of(known.begin(), known.end(), [&](const auto& d) { return is_between(d, pair); })) {
    return done();
  }
  const Dependency dependency{pair.waiting.id, pair.first.id, call.now(), call.user_id()};
  for (Task* task : {&pair.waiting, &pair.first}) {
    task->dependencies.push_back(dependency);
    task->date_updated = call.now();
  }
  return done();
}

Answer remove_dependency(Call& call) {
  const auto given = [&](std::string_view name) {
    const auto value = call.query(name);
    return value ? Value(*value) : Value();
  };
  const Value depends_on = given("depends_on");
  const Value dependency_of = given("dependency_of");
  const Pair pair = pair_of(call, depends_on, dependency_of);
  for (Task* task : {&pair.waiting, &pair.first}) {
    std::erase_if(task->dependencies, [&](const Dependency& d) { return is_between(d, pair); });
    task->date_updated = call.now();
  }
  return done();
}

Answer with_task(Call& call, const Task& task) {
  return reply([&](Writer& w) { w.value("task", task_value(call.world, task)); });
}

Task& other_of(const Call& call, const Task& task) {
  Task* other = call.world.tasks.live(call.path("links_to"));
  if (other == nullptr || !call.may_use(call.world.team_of(*other))) refuse_unknown();
  if (other == &task) refuse("A task cannot be linked to itself");
  return *other;
}

void unlink(Task& task, const std::string& other) {
  std::erase_if(task.links, [&](const Link& link) { return link.other == other; });
}

Answer add_link(Call& call) {
  Task& task = call.task();
  Task& other = other_of(call, task);
  unlink(task, other.id);
  unlink(other, task.id);
  task.links.push_back({other.id, call.now(), call.user_id()});
  other.links.push_back({task.id, call.now(), call.user_id()});
  return with_task(call, task);
}

Answer remove_link(Call& call) {
  Task& task = call.task();
  Task& other = other_of(call, task);
  unlink(task, other.id);
  unlink(other, task.id);
  return with_task(call, task);
}

}  // namespace

void add_relation_routes(Router& router) {
  router.add("POST", "/v2/task/{task_id}/dependency", add_dependency)
      .query(kTaskId)
      .body("depends_on: text, dependency_of: text");
  router.add("DELETE", "/v2/task/{task_id}/dependency", remove_dependency)
      .query(kTaskId)
      .query("depends_on, dependency_of");
  router.add("POST", "/v2/task/{task_id}/link/{links_to}", add_link).query(kTaskId);
  router.add("DELETE", "/v2/task/{task_id}/link/{links_to}", remove_link).query(kTaskId);
}

}  // namespace engine::clickup::sandbox
