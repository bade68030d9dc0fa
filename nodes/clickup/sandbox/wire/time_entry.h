// Time entries as the service writes them, and the event that tells of them.
#pragma once

#include "nodes/clickup/sandbox/call.h"

namespace engine::clickup::sandbox {

/// Dates and durations are texts; the duration of a running timer is negative.
void write_time_entry(Writer& w, World& world, const TimeEntry& entry, bool task_tags,
                      bool location_names);

/// Adds up the time of its task and tells taskTimeTrackedUpdated. `what` is Created, Updated or
/// Deleted.
void time_changed(Call& call, const TimeEntry& entry, std::string_view what);

}  // namespace engine::clickup::sandbox
