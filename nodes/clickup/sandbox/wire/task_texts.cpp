#include "nodes/clickup/sandbox/wire/task_texts.h"

#include "core/value/json.h"
#include "nodes/clickup/sandbox/wire/task_writer.h"

namespace engine::clickup::sandbox {

void TaskTexts::append(std::string& out, World& world, const Task& task, bool markdown) {
  constexpr std::size_t kMost = 2000;  // some 10 MB
  const std::int64_t key = markdown ? -task.number : task.number;
  const auto known = texts_.find(key);
  if (known != texts_.end()) {
    out += known->second;
    return;
  }
  if (texts_.size() >= kMost) texts_.clear();
  const std::string& text =
      texts_.emplace(key, print_json(task_value(world, task, {markdown, false, false})))
          .first->second;
  out += text;
}

}  // namespace engine::clickup::sandbox
