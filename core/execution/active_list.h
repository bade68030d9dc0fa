// The executions that this process runs, by id, and whether somebody asks to stop them.
#pragma once

#include <memory>
#include <mutex>
#include <string>
#include <unordered_map>
#include <vector>

#include "core/execution/services.h"

namespace engine::execution {

/// Keeps them alive: one that waits is held by nobody else. While there are any, the store is asked
/// twice a second for requests to cancel: they may come from another process, unless this one has
/// no name as an owner. Thread-safe.
class ActiveList : public std::enable_shared_from_this<ActiveList> {
 public:
  explicit ActiveList(const Services& services) : services_(services) {}

  void add(const std::string& id, const std::shared_ptr<ActiveExecution>& execution);
  void remove(const std::string& id);
  /// Null when it is not run here.
  std::shared_ptr<ActiveExecution> find(const std::string& id) const;
  std::vector<std::shared_ptr<ActiveExecution>> all() const;
  /// Ends the asking; what asks at this moment is waited for.
  void close();

 private:
  void ask_later();
  void ask();

  const Services& services_;
  mutable std::mutex mutex_;
  std::unordered_map<std::string, std::shared_ptr<ActiveExecution>> executions_;
  bool asking_ = false;
  std::mutex closing_;  // held while the store is asked
  bool closed_ = false;
};

}  // namespace engine::execution
