// What the expressions of one node run see.
#pragma once

#include <functional>
#include <map>
#include <mutex>
#include <string>

#include "core/execution/services.h"
#include "core/execution/state.h"
#include "core/expression/environment.h"

namespace engine::execution {

/// A copy of what a run may need of the state, taken under the execution's lock: runs are immutable
/// once finished, but the lists that hold them grow meanwhile.
struct RunView {
  std::vector<RunInput> inputs;
  /// When inputs[0].items is only a part of what flows in: their places there. Empty: all of it.
  std::vector<std::uint32_t> places;
  ScopeIndex scope = 0;
  std::size_t round = 0;
  std::string execution_id;
  std::string mode;
  std::size_t resumes = 0;  ///< of State
};

class RunEnvironment final : public expression::Environment {
 public:
  /// Runs `work` with the state locked.
  using WithState = std::function<void(const std::function<void(const State&)>& work)>;

  RunEnvironment(const workflow::Workflow& workflow, const Services& services, RunView view,
                 WithState with_state);

  /// The same with the items of another list and further globals (an object).
  RunEnvironment with(const Value& extra) const;

  const Items& items() const override { return *view_.inputs[0].items; }
  const Items* output_of(std::string_view id) const override;
  expression::Link linked(std::string_view id, std::size_t item) const override;
  Value global(std::string_view name) const override;
  TimePoint now() const override { return now_; }
  std::string_view timezone() const override { return workflow_.settings.timezone; }

 private:
  Value execution_global() const;
  Value env_global() const;

  const workflow::Workflow& workflow_;
  const Services& services_;
  RunView view_;
  WithState with_state_;
  TimePoint now_;
  Value extra_;
  struct Cache;
  std::shared_ptr<Cache> cache_;
};

}  // namespace engine::execution
