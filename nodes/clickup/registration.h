// Keeping a webhook registered with ClickUp (facts: developer.clickup.com, "Webhooks").
#pragma once

#include <string>

#include "nodes/clickup/service.h"
#include "nodes/clickup/trigger_settings.h"

namespace engine::clickup {

struct Registration {
  std::string id;
  std::string secret;
};

/// Looks at the webhooks that are there: takes the one with this endpoint, these events and this
/// place, wakes it when it is failing or suspended, changes the known one (`known_id`, may be
/// empty) when its endpoint or events differ, and makes a new one only when none fits. A known one
/// at another place is removed once the new one is there. Throws what Service throws, and
/// Error{user, "webhook_taken"} when ClickUp says that it exists but does not list it.
Registration register_webhook(Service& service, const TriggerSettings& settings,
                              const std::string& endpoint, const std::string& known_id);

/// One that is gone already is no error.
void remove_webhook(Service& service, const std::string& id);

}  // namespace engine::clickup
