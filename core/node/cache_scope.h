// For contexts whose executions share no caches with others of the same process: flow tests.
#pragma once

#include <string>

namespace engine {

/// Beside NodeContext; whoever keeps something for all executions of the process asks for it by
/// dynamic_cast.
class CacheScope {
 public:
  virtual ~CacheScope() = default;
  /// In front of the keys of caches. Empty: those that everybody shares.
  virtual const std::string& cache_scope() const = 0;
};

}  // namespace engine
