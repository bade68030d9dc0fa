// Tasks as JSON text, kept from one page to the next.
#pragma once

#include <cstdint>
#include <string>
#include <unordered_map>

namespace engine::clickup::sandbox {

struct Task;
class World;

/// Printing a task costs far more than copying its text, and automations read the same tasks over
/// and over. Anything but reading forgets all texts. Not thread-safe.
class TaskTexts {
 public:
  /// Appends the task as GET list tasks shows it.
  void append(std::string& out, World& world, const Task& task, bool markdown);
  void forget() { texts_.clear(); }

 private:
  std::unordered_map<std::int64_t, std::string> texts_;  // by number, negative with markdown
};

}  // namespace engine::clickup::sandbox
