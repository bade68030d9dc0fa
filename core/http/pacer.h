// Lets requests out at the pace that a service allows: one budget per key, shared by everything
// that runs in the process, first come first served.
#pragma once

#include <deque>
#include <functional>
#include <map>
#include <memory>
#include <mutex>
#include <optional>
#include <string>

#include "core/base/cancellation.h"
#include "core/base/random.h"
#include "core/http/rate_budget.h"

namespace engine::http {

/// Port: waits; false when cancelled first.
using WaitFunction = std::function<bool(Milliseconds, const Cancellation&)>;

/// Thread-safe.
class Pacer {
 public:
  Pacer(const Clock& clock, Random& random, Milliseconds longest_pause, WaitFunction wait);

  /// A place among the requests in flight. Destroyed without `answered`, it counts as lost.
  class Pass;

  /// Waits for its turn. Throws Error{rate_limited, "rate_limited"} when the service asks for a
  /// pause longer than the longest, and the cancellation's error.
  Pass start(const std::string& key, const Cancellation& cancellation);

  /// How many requests wait for their turn.
  std::size_t waiting(const std::string& key);

 private:
  struct Line {
    RateBudget budget;
    std::deque<const Cancellation*> waiting;  ///< cancelled to look again; the first may go
  };

  std::optional<Milliseconds> try_start(Line& line, const Cancellation* place);
  void leave(Line& line, const Cancellation* place);
  void finish(Line& line, const std::optional<RateFacts>& facts);
  Milliseconds jitter();

  const Clock& clock_;
  Random& random_;
  const Milliseconds longest_pause_;
  const WaitFunction wait_;
  std::mutex mutex_;
  std::map<std::string, Line> lines_;
};

class Pacer::Pass {
 public:
  Pass(Pacer& pacer, Line& line) : pacer_(&pacer), line_(line) {}
  Pass(Pass&& other) noexcept : pacer_(std::exchange(other.pacer_, nullptr)), line_(other.line_) {}
  Pass& operator=(Pass&&) = delete;
  Pass(const Pass&) = delete;
  Pass& operator=(const Pass&) = delete;
  ~Pass() { end(std::nullopt); }

  void answered(const RateFacts& facts) { end(facts); }

 private:
  void end(const std::optional<RateFacts>& facts) {
    if (Pacer* pacer = std::exchange(pacer_, nullptr)) pacer->finish(line_, facts);
  }

  Pacer* pacer_;
  Line& line_;
};

/// The error that says how long the service asks to wait.
Error too_long_a_pause(Milliseconds pause, int http_status = 0);

}  // namespace engine::http
