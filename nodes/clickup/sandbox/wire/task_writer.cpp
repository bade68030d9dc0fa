#include "nodes/clickup/sandbox/wire/task_writer.h"

#include "nodes/clickup/sandbox/wire/field_value.h"
#include "nodes/clickup/sandbox/wire/objects.h"

namespace engine::clickup::sandbox {

const TaskWriter::Shared& TaskWriter::shared(const Task& task) {
  const auto found = shared_.find(task.list_id);
  if (found != shared_.end()) return found->second;
  const List& list = world_.list_of(task);
  return shared_
      .emplace(task.list_id, Shared{&list, &world_.folder_of(list), &world_.space_of(list),
                                    world_.fields_of(list)})
      .first->second;
}

void TaskWriter::write(const Task& task) {
  const Shared& around = shared(task);
  const Status& status = world_.status_of(task);
  w_.object([&] {
    w_.text("id", task.id);
    w_.text_or_null("custom_id", task.custom_id);
    w_.integer("custom_item_id", task.type);
    w_.text("name", task.name);
    write_text(task);
    w_.key("status");
    write_status(w_, status, index_of(world_.statuses_of(*around.list), status));
    w_.text("orderindex", std::to_string(task.number) + ".00000000000000000000000000000000");
    write_dates(task);
    w_.flag("archived", task.archived);
    write_people(task);
    w_.array("checklists", [&] {
      std::int64_t index = 0;
      for (const Checklist& one : task.checklists) {
        write_checklist(w_, world_, one, task.id, index++);
      }
    });
    write_tags(task, *around.space);
    write_family(task);
    w_.value("priority", priority_value(task.priority));
    w_.date("due_date", task.due_date);
    w_.date("start_date", task.start_date);
    write_effort(task);
    write_fields(task, around.fields);
    write_relations(task);
    write_place(task, around);
    if (detail_.subtasks) {
      w_.array("subtasks", [&] {
        for (const Task* child : world_.subtasks_of(task)) write(*child);
      });
    }
  });
}

void TaskWriter::write_text(const Task& task) {
  w_.text("text_content", task.text);
  w_.text("description", task.text);
  if (detail_.markdown) w_.text("markdown_description", task.markdown);
}

void TaskWriter::write_dates(const Task& task) {
  w_.date("date_created", task.date_created);
  w_.date("date_updated", task.date_updated);
  w_.date("date_closed", task.date_closed);
  w_.date("date_done", task.date_done);
}

void TaskWriter::write_people(const Task& task) {
  write_user(w_, "creator", world_, task.creator);
  write_users(w_, "assignees", world_, task.assignees);
  w_.array("group_assignees", [&] {
    for (const std::string& id : task.groups) {
      const Group* group = world_.groups.live(id);
      if (group == nullptr) continue;
      w_.object([&] {
        w_.text("id", id);
        w_.text("name", group->name);
        w_.text("handle", group->handle);
      });
    }
  });
  write_users(w_, "watchers", world_, task.watchers);
}

void TaskWriter::write_tags(const Task& task, Space& space) {
  w_.array("tags", [&] {
    for (const std::string& name : task.tags) {
      if (const Tag* tag = world_.tag(space, name)) write_tag(w_, *tag);
    }
  });
}

void TaskWriter::write_family(const Task& task) {
  std::string top = task.parent;
  for (const Task* above = world_.tasks.find(top); above != nullptr && !above->parent.empty();) {
    top = above->parent;
    above = world_.tasks.find(top);
  }
  w_.text_or_null("parent", task.parent);
  w_.text_or_null("top_level_parent", top);
}

void TaskWriter::write_effort(const Task& task) {
  task.points ? w_.real("points", *task.points) : w_.null("points");
  w_.integer_or_null("time_estimate", task.time_estimate);
  w_.integer("time_spent", task.time_spent);
}

void TaskWriter::write_fields(const Task& task, const std::vector<CustomField*>& fields) {
  w_.array("custom_fields", [&] {
    for (const CustomField* field : fields) {
      w_.object([&] {
        w_.text("id", field->id);
        w_.text("name", field->name);
        w_.text("type", field->type);
        w_.value("type_config", field->type_config);
        w_.date("date_created", field->date_created);
        w_.flag("hide_from_guests", field->hide_from_guests);
        const auto stored = task.fields.find(field->id);
        if (stored != task.fields.end()) {
          w_.key("value");
          write_field_value(w_, world_, *field, stored->second);
        }
        w_.flag("required", field->required);
      });
    }
  });
}

void TaskWriter::write_relations(const Task& task) {
  w_.array("dependencies", [&] {
    for (const Dependency& one : task.dependencies) {
      const bool waits = one.task_id == task.id;
      if (world_.tasks.live(waits ? one.depends_on : one.task_id) == nullptr) continue;
      w_.object([&] {
        w_.text("task_id", one.task_id);
        w_.text("depends_on", one.depends_on);
        w_.integer("type", 1);
        w_.date("date_created", one.date_created);
        w_.digits("userid", one.user);
      });
    }
  });
  w_.array("linked_tasks", [&] {
    for (const Link& one : task.links) {
      if (world_.tasks.live(one.other) == nullptr) continue;
      w_.object([&] {
        w_.text("task_id", task.id);
        w_.text("link_id", one.other);
        w_.date("date_created", one.date_created);
        w_.digits("userid", one.user);
      });
    }
  });
}

void TaskWriter::write_place(const Task& task, const Shared& around) {
  w_.array("locations", [&] {
    for (const std::string& id : task.other_lists) {
      const List* list = world_.lists.live(id);
      if (list == nullptr) continue;
      w_.object([&] {
        w_.text("id", id);
        w_.text("name", list->name);
      });
    }
  });
  w_.text("team_id", around.space->team_id);
  w_.text("url", "https://app.clickup.com/t/" + task.id);
  w_.object("sharing", [&] {
    w_.flag("public", false);
    w_.null("public_share_expires_on");
    w_.array("public_fields", [&] {
      for (const char* name : {"assignees", "priority", "due_date", "content"}) w_.text(name);
    });
    w_.null("token");
    w_.flag("seo_optimized", false);
  });
  w_.text("permission_level", "create");
  w_.object("list", [&] {
    w_.text("id", around.list->id);
    w_.text("name", around.list->name);
    w_.flag("access", true);
  });
  for (const char* key : {"project", "folder"}) {  // "project" is the old name of the folder
    w_.object(key, [&] {
      w_.text("id", around.folder->id);
      w_.text("name", around.folder->name);
      w_.flag("hidden", around.folder->hidden);
      w_.flag("access", true);
    });
  }
  w_.object("space", [&] { w_.text("id", around.space->id); });
  if (!detail_.attachments) return;
  w_.array("attachments", [&] {
    for (const Attachment& one : world_.attachments) {
      const bool here = one.parent_type == "tasks" && one.parent_id == task.id && !one.deleted;
      if (here) write_attachment(w_, one, world_.base_url);
    }
  });
}

Value task_value(World& world, const Task& task, TaskDetail detail) {
  Writer writer(4096);
  TaskWriter(writer, world, detail).write(task);
  return writer.finish();
}

}  // namespace engine::clickup::sandbox
