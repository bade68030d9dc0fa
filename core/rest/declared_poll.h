// A declared trigger with `poll`.
#pragma once

#include <memory>

#include "core/node/trigger.h"
#include "core/rest/trigger_spec.h"

namespace engine::rest {

/// Its state: {cursor, seen, with}: the greatest cursor of all items so far, the keys of the items
/// of the last answer, and the parameters. The first time nothing starts: what is there already is
/// only remembered.
class DeclaredPoll final : public PollTrigger {
 public:
  explicit DeclaredPoll(std::shared_ptr<const TriggerSpec> spec) : spec_(std::move(spec)) {}

  Milliseconds every(const TriggerContext& context) const override;
  Starts poll(TriggerContext& context) const override;

 private:
  std::shared_ptr<const TriggerSpec> spec_;
};

}  // namespace engine::rest
