#include "nodes/clickup/sandbox/world/events.h"

namespace engine::clickup::sandbox {

const std::vector<std::string>& event_names() {
  static const std::vector<std::string> kNames = {"taskCreated",
                                                  "taskUpdated",
                                                  "taskDeleted",
                                                  "taskPriorityUpdated",
                                                  "taskStatusUpdated",
                                                  "taskAssigneeUpdated",
                                                  "taskDueDateUpdated",
                                                  "taskTagUpdated",
                                                  "taskMoved",
                                                  "taskCommentPosted",
                                                  "taskCommentUpdated",
                                                  "taskTimeEstimateUpdated",
                                                  "taskTimeTrackedUpdated",
                                                  "listCreated",
                                                  "listUpdated",
                                                  "listDeleted",
                                                  "folderCreated",
                                                  "folderUpdated",
                                                  "folderDeleted",
                                                  "spaceCreated",
                                                  "spaceUpdated",
                                                  "spaceDeleted",
                                                  "goalCreated",
                                                  "goalUpdated",
                                                  "goalDeleted",
                                                  "keyResultCreated",
                                                  "keyResultUpdated",
                                                  "keyResultDeleted"};
  return kNames;
}

void EventLog::record(Event event) {
  constexpr std::size_t kKept = 1000;
  event.number = ++last_;
  events_.push_back(std::move(event));
  if (events_.size() > kKept) events_.pop_front();
  if (listener_) listener_(events_.back());
}

std::vector<Event> EventLog::since(std::uint64_t number) const {
  std::vector<Event> found;
  for (const Event& event : events_) {
    if (event.number > number) found.push_back(event);
  }
  return found;
}

}  // namespace engine::clickup::sandbox
