#include "nodes/clickup/events.h"

#include <algorithm>
#include <array>

namespace engine::clickup {
namespace {

constexpr std::array<EventKind, 28> kEvents = {{
    {"taskCreated", "task_id", "A task was created.", true},
    {"taskUpdated", "task_id", "Anything about a task changed; comes with every other task event."},
    {"taskDeleted", "task_id", "A task was deleted.", true},
    {"taskPriorityUpdated", "task_id", "A task's priority changed."},
    {"taskStatusUpdated", "task_id", "A task's status changed; also sent for a new task."},
    {"taskAssigneeUpdated", "task_id", "Somebody was assigned or unassigned."},
    {"taskDueDateUpdated", "task_id", "A task's due date changed."},
    {"taskTagUpdated", "task_id", "A tag was added or removed."},
    {"taskMoved", "task_id", "A task moved to another List."},
    {"taskCommentPosted", "task_id", "A comment was added to a task."},
    {"taskCommentUpdated", "task_id", "A comment of a task changed."},
    {"taskTimeEstimateUpdated", "task_id", "A task's time estimate changed."},
    {"taskTimeTrackedUpdated", "task_id", "Time was tracked on a task."},
    {"listCreated", "list_id", "A List was created.", true},
    {"listUpdated", "list_id", "A List changed."},
    {"listDeleted", "list_id", "A List was deleted.", true},
    {"folderCreated", "folder_id", "A Folder was created.", true},
    {"folderUpdated", "folder_id", "A Folder changed."},
    {"folderDeleted", "folder_id", "A Folder was deleted.", true},
    {"spaceCreated", "space_id", "A Space was created.", true},
    {"spaceUpdated", "space_id", "A Space changed."},
    {"spaceDeleted", "space_id", "A Space was deleted.", true},
    {"goalCreated", "goal_id", "A goal was created.", true},
    {"goalUpdated", "goal_id", "A goal changed."},
    {"goalDeleted", "goal_id", "A goal was deleted.", true},
    {"keyResultCreated", "key_result_id", "A goal got a target.", true},
    {"keyResultUpdated", "key_result_id", "A target changed."},
    {"keyResultDeleted", "key_result_id", "A target was deleted.", true},
}};

}  // namespace

std::span<const EventKind> event_kinds() {
  return kEvents;
}

const EventKind* find_event(std::string_view name) {
  const auto* found = std::find_if(kEvents.begin(), kEvents.end(),
                                   [&](const EventKind& event) { return event.name == name; });
  return found == kEvents.end() ? nullptr : found;
}

}  // namespace engine::clickup
