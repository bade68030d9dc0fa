// clickup.trigger with `mode: poll`.
#pragma once

#include "core/node/trigger.h"

namespace engine::clickup {

/// Its state: {cursor}, the date (ms) of the last change that was seen, {since}, when it began, and
/// {created}, ids of tasks that were new when they were seen last.
class TaskPoll final : public PollTrigger {
 public:
  Milliseconds every(const TriggerContext& context) const override;
  Starts poll(TriggerContext& context) const override;
};

}  // namespace engine::clickup
