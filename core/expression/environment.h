// What an expression can see: the port between expressions and the run they are evaluated in.
#pragma once

#include <cstddef>
#include <string>
#include <string_view>

#include "core/base/time.h"
#include "core/value/item.h"

namespace engine::expression {

/// Answer to `$('id').item`.
struct Link {
  std::ptrdiff_t index = -1;  ///< into Environment::output_of(id); -1: there is none
  std::string broken;         ///< then: a sentence that says which node broke the link
};

/// The data of one node run. Called from the evaluating thread only; answers stay valid while the
/// environment lives.
class Environment {
 public:
  virtual ~Environment() = default;

  /// The items that parameters are evaluated for, in order.
  virtual const Items& items() const = 0;

  /// What node `id` gave in its newest run that this run can see, all outputs one after the other;
  /// null when it has not run. Only ids that were checked to be upstream are asked for.
  virtual const Items* output_of(std::string_view id) const = 0;
  virtual Link linked(std::string_view id, std::size_t item) const = 0;

  /// `$execution`, `$workflow`, `$env`, `$vars`, `$runIndex`, and what a node adds for its late
  /// parameters (`$response`, `$error`). The name comes with its `$`. Missing when unknown.
  virtual Value global(std::string_view name) const = 0;

  virtual TimePoint now() const = 0;
  virtual std::string_view timezone() const = 0;  ///< IANA name
};

}  // namespace engine::expression
