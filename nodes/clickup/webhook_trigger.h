// clickup.trigger with `mode: webhook`.
#pragma once

#include <atomic>

#include "core/node/trigger.h"

namespace engine::clickup {

/// Its state: {id, secret, team} of the webhook; {user} with `ignore_own`; with `catch_up` the
/// dates (ms) of the last event {seen}, of the downtime {down_from, down_until}, until when it was
/// caught up {caught_up}, and of events that came before the activation {early}, by task.
///
/// One for each node and start of the server: that tells the downtime from what is delivered as
/// soon as the server listens.
class HookTrigger final : public ServiceWebhookTrigger {
 public:
  Route route(const TriggerContext& context) const override;
  Received receive(TriggerContext& context, const Delivery& delivery) const override;
  Value activate(TriggerContext& context) const override;
  void deactivate(TriggerContext& context) const override;
  Starts catch_up(TriggerContext& context) const override;
  Milliseconds check_every(const TriggerContext& context) const override;

 private:
  mutable std::atomic<bool> active_{false};
};

}  // namespace engine::clickup
