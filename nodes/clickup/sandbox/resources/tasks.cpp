// Reading tasks.
#include <algorithm>

#include "nodes/clickup/sandbox/resources/resources.h"
#include "nodes/clickup/sandbox/task_query.h"
#include "nodes/clickup/sandbox/wire/task_writer.h"

namespace engine::clickup::sandbox {
namespace {

Answer page_of(Call& call, const std::vector<const Task*>& candidates) {
  const TaskQuery query(call);
  const TaskQuery::Page page = query.page_of(candidates);
  Answer answer;
  answer.content_type = kJsonType;
  constexpr std::size_t kUsualTask = 4500;
  answer.text.reserve(page.tasks.size() * kUsualTask);
  answer.text = "{\"tasks\":[";
  for (const Task* task : page.tasks) {
    if (answer.text.back() == '}') answer.text += ',';
    call.world.task_texts.append(answer.text, call.world, *task, query.markdown());
  }
  answer.text += page.last ? "],\"last_page\":true}" : "],\"last_page\":false}";
  return answer;
}

Answer list_tasks(Call& call) {
  const List& list = call.list();
  std::vector<const Task*> candidates(list.tasks.begin(), list.tasks.end());
  if (call.query_flag("include_timl")) {
    candidates.insert(candidates.end(), list.guests.begin(), list.guests.end());
    std::sort(candidates.begin(), candidates.end(),
              [](const Task* a, const Task* b) { return a->number < b->number; });
  }
  return page_of(call, candidates);
}

Answer team_tasks(Call& call) {
  const Team& team = call.team();
  std::vector<const Task*> candidates;
  for (const Task& task : call.world.tasks) {
    if (call.world.team_of(task).id == team.id) candidates.push_back(&task);
  }
  return page_of(call, candidates);
}

Answer read_task(Call& call) {
  const TaskDetail detail{call.query_flag("include_markdown_description"),
                          call.query_flag("include_subtasks"), true};
  Answer answer;
  answer.json = task_value(call.world, call.task(), detail);
  return answer;
}

}  // namespace

void add_task_routes(Router& router) {
  router.add("GET", "/v2/list/{list_id}/task", list_tasks)
      .query(kTaskQuery)
      .query("archived, include_timl, watchers[]");
  router.add("GET", "/v2/team/{team_id}/task", team_tasks)
      .query(kTaskQuery)
      .query("space_ids[], project_ids[], list_ids[], parent, archived, watchers[]");
  router.add("GET", "/v2/task/{task_id}", read_task)
      .query(kTaskId)
      .query("include_subtasks, include_markdown_description, custom_fields[]");
}

}  // namespace engine::clickup::sandbox
