// What expressions see before an execution has begun: `$env`, `$vars`, `$workflow`, and the items
// of a start, if there are any.
#pragma once

#include "core/execution/services.h"
#include "core/expression/environment.h"

namespace engine::trigger {

/// Borrows all that it is given.
class StartEnvironment final : public expression::Environment {
 public:
  StartEnvironment(const workflow::Workflow& workflow, const execution::Services& services,
                   const Items& items)
      : workflow_(workflow), services_(services), items_(items), now_(services.clock.now()) {}

  const Items& items() const override { return items_; }
  const Items* output_of(std::string_view /*id*/) const override { return nullptr; }
  expression::Link linked(std::string_view /*id*/, std::size_t /*item*/) const override {
    return {-1, "no node has run yet"};
  }
  Value global(std::string_view name) const override;
  TimePoint now() const override { return now_; }
  std::string_view timezone() const override { return workflow_.settings.timezone; }

 private:
  const workflow::Workflow& workflow_;
  const execution::Services& services_;
  const Items& items_;
  TimePoint now_;
};

}  // namespace engine::trigger
