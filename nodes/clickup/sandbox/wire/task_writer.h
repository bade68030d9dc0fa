// Tasks as the service writes them.
#pragma once

#include <string>
#include <unordered_map>
#include <vector>

#include "nodes/clickup/sandbox/world/world.h"

namespace engine::clickup::sandbox {

/// What a task is shown with.
struct TaskDetail {
  bool markdown = false;     ///< include_markdown_description
  bool subtasks = false;     ///< include_subtasks
  bool attachments = false;  ///< only where a single task is read
};

/// Writes many tasks of few lists: what a list's tasks share is looked up once.
class TaskWriter {
 public:
  TaskWriter(Writer& writer, World& world, TaskDetail detail = {})
      : w_(writer), world_(world), detail_(detail) {}

  void write(const Task& task);

 private:
  struct Shared {
    const List* list;
    const Folder* folder;
    Space* space;
    std::vector<CustomField*> fields;
  };
  const Shared& shared(const Task& task);
  void write_text(const Task& task);
  void write_dates(const Task& task);
  void write_people(const Task& task);
  void write_tags(const Task& task, Space& space);
  void write_family(const Task& task);
  void write_effort(const Task& task);
  void write_fields(const Task& task, const std::vector<CustomField*>& fields);
  void write_relations(const Task& task);
  void write_place(const Task& task, const Shared& shared);

  Writer& w_;
  World& world_;
  TaskDetail detail_;
  std::unordered_map<std::string, Shared> shared_;
};

/// The whole task as an answer's JSON.
Value task_value(World& world, const Task& task, TaskDetail detail = {});

/// {id, name, …, items: […]}
void write_checklist(Writer& w, World& world, const Checklist& checklist, std::string_view task_id,
                     std::int64_t orderindex);
void write_attachment(Writer& w, const Attachment& attachment, const std::string& base_url);

}  // namespace engine::clickup::sandbox
