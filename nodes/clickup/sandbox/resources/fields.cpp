// Custom fields: which there are, and their values on tasks.
#include <algorithm>

#include "nodes/clickup/sandbox/resources/resources.h"
#include "nodes/clickup/sandbox/task_edit.h"
#include "nodes/clickup/sandbox/wire/objects.h"

namespace engine::clickup::sandbox {
namespace {

/// Of one level alone, as the service does for everything but lists.
Answer fields_at(Call& call, FieldLevel level, const std::string& parent_id) {
  return reply([&](Writer& w) {
    w.array("fields", [&] {
      for (const CustomField& field : call.world.fields) {
        if (!field.deleted && field.level == level && field.parent_id == parent_id) {
          write_field(w, field);
        }
      }
    });
  });
}

Answer team_fields(Call& call) {
  return fields_at(call, FieldLevel::team, call.team().id);
}
Answer space_fields(Call& call) {
  return fields_at(call, FieldLevel::space, call.space().id);
}
Answer folder_fields(Call& call) {
  return fields_at(call, FieldLevel::folder, call.folder().id);
}

Answer list_fields(Call& call) {
  const List& list = call.list();
  return reply([&](Writer& w) {
    w.array("fields", [&] {
      for (const CustomField* field : call.world.fields_of(list)) write_field(w, *field);
    });
  });
}

const CustomField& field_of(const Call& call, const Task& task) {
  const auto fields = call.world.fields_of(call.world.list_of(task));
  const auto found = std::find_if(fields.begin(), fields.end(), [&](const CustomField* field) {
    return field->id == call.path("field_id");
  });
  if (found == fields.end()) refuse("Custom field is not one of the task's List");
  return **found;
}

Answer set_field(Call& call) {
  Task& task = call.task();
  TaskEdit edit(call, task);
  edit.field(field_of(call, task), call.body["value"]);
  edit.finish(task);
  return done();
}

Answer clear_field(Call& call) {
  Task& task = call.task();
  TaskEdit edit(call, task);
  edit.field(field_of(call, task), nullptr);
  edit.finish(task);
  return done();
}

}  // namespace

void add_field_routes(Router& router) {
  constexpr std::string_view kQuery = "include_applied_objects";
  router.add("GET", "/v2/list/{list_id}/field", list_fields).query(kQuery);
  router.add("GET", "/v2/folder/{folder_id}/field", folder_fields).query(kQuery);
  router.add("GET", "/v2/space/{space_id}/field", space_fields).query(kQuery);
  router.add("GET", "/v2/team/{team_id}/field", team_fields).query(kQuery);
  router.add("POST", "/v2/task/{task_id}/field/{field_id}", set_field)
      .query(kTaskId)
      .body("value*: any, value_options: object");
  router.add("DELETE", "/v2/task/{task_id}/field/{field_id}", clear_field).query(kTaskId);
}

}  // namespace engine::clickup::sandbox
