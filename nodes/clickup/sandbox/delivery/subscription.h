// Which webhooks hear of an event (facts: section 4).
#pragma once

#include "nodes/clickup/sandbox/world/world.h"

namespace engine::clickup::sandbox {

/// Of several locations of a webhook the narrowest counts. Suspended webhooks hear nothing, nor do
/// those of people who left the workspace.
bool hears(World& world, const Webhook& hook, const Event& event);

/// Live and not suspended, and its maker is still there.
bool is_awake(World& world, const Webhook& hook);

}  // namespace engine::clickup::sandbox
