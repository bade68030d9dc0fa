// Deliveries of ClickUp's webhooks: whether they are genuine, wanted, and which they are.
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>

#include "core/value/value.h"
#include "nodes/clickup/trigger_settings.h"

namespace engine::clickup {

/// `X-Signature` is the hex HMAC-SHA256 of the raw body. Constant time.
bool is_genuine(std::string_view signature, std::string_view secret, std::string_view body);

/// Whether the trigger's events, fields and `ignore_own` let it through. `own_user` is the user of
/// the credential. What does not say who did it passes.
bool is_wanted(View delivery, const TriggerSettings& settings,
               std::optional<std::int64_t> own_user);

/// The same for a delivery that is sent again, different for others: webhook, event and history
/// item; or what the event is about where that happens only once. Empty when nothing tells.
std::string dedupe_key(View delivery);

/// When it happened, in ms; nothing without history.
std::optional<std::int64_t> date_of(View delivery);

}  // namespace engine::clickup
