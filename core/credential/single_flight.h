// One at a time per name, within the process.
#pragma once

#include <condition_variable>
#include <mutex>
#include <set>
#include <string>

#include "core/base/cancellation.h"

namespace engine {

/// Thread-safe.
class SingleFlight {
 public:
  /// Holds a name while it lives.
  class Turn {
   public:
    Turn(SingleFlight& flights, std::string name) : flights_(flights), name_(std::move(name)) {}
    ~Turn() { flights_.leave(name_); }
    Turn(const Turn&) = delete;
    Turn& operator=(const Turn&) = delete;

   private:
    SingleFlight& flights_;
    std::string name_;
  };

  /// Waits for its turn. Throws the cancellation's error.
  Turn enter(const std::string& name, const Cancellation& cancellation);

 private:
  void leave(const std::string& name);

  std::mutex mutex_;
  std::condition_variable changed_;
  std::set<std::string> busy_;
};

}  // namespace engine
