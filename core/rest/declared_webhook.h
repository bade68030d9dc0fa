// A declared trigger with `webhook`.
#pragma once

#include <memory>

#include "core/node/trigger.h"
#include "core/rest/trigger_spec.h"
#include "core/rest/trigger_values.h"

namespace engine::rest {

/// Its state: {url, with, kept}: the address that was registered, the parameters it was registered
/// with, and what is kept of the registration. Changed parameters or another address: the old
/// registration is undone before the new one is made, because many services know one per address.
class DeclaredWebhook final : public ServiceWebhookTrigger {
 public:
  explicit DeclaredWebhook(std::shared_ptr<const TriggerSpec> spec) : spec_(std::move(spec)) {}

  Route route(const TriggerContext& context) const override;
  Received receive(TriggerContext& context, const Delivery& delivery) const override;
  Value activate(TriggerContext& context) const override;
  void deactivate(TriggerContext& context) const override;
  Starts catch_up(TriggerContext& context) const override;
  Milliseconds check_every(const TriggerContext& context) const override;

 private:
  const WebhookSpec& webhook() const { return *spec_->webhook; }
  Received starts_of(TriggerContext& context, TriggerValues& values, const Value& body) const;
  bool is_wanted(TriggerContext& context, const TriggerValues& values) const;

  std::shared_ptr<const TriggerSpec> spec_;
};

}  // namespace engine::rest
