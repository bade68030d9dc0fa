// Deliveries under load, and the proof that none of them was lost or doubled.
#pragma once

#include <atomic>
#include <chrono>
#include <functional>
#include <mutex>
#include <set>
#include <string>
#include <vector>

#include "core/http/server.h"
#include "tests/e2e/served.h"

namespace engine::e2e {

/// What the node runs asked for, in order.
class Witness {
 public:
  Witness();
  std::string url() const { return "http://127.0.0.1:" + std::to_string(server_.port()); }
  std::vector<std::string> asked() const;

 private:
  mutable std::mutex mutex_;
  std::vector<std::string> asked_;
  http::Server server_;
};

/// Sends deliveries from four threads, each delivery once; a lost connection is not tried again.
class Callers {
 public:
  /// For this long; `on_time_up` is called while they still send.
  void run(const Served& server, std::chrono::milliseconds time,
           const std::function<void()>& on_time_up);
  const std::set<int>& acknowledged() const { return acknowledged_; }

 private:
  void call_until(const Served& server, const std::atomic<bool>& stop);

  std::atomic<int> next_{0};
  std::mutex mutex_;
  std::set<int> acknowledged_;
};

/// The workflows that the callers call: one that asks the witness twice, and one that asks nobody.
void write_flows(const Place& place, const Witness& witness);
/// Waits until no execution of the place runs.
void wait_until_idle(const Place& place);
/// The times of all ticks that executions were started by.
std::vector<std::string> started_ticks(const Place& place);
/// Every acknowledged delivery ended in exactly one execution, and no node run finished twice.
void check_history(const Place& place, const std::set<int>& acknowledged);
/// `second` runs only when `first` has finished, durably; from then on `first` is never run again.
void check_witness(const Witness& witness);

}  // namespace engine::e2e
