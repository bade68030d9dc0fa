// Who may run now: limits on how many executions of a workflow (or of a key of it) run at once,
// bounded queues, and turns between workflows, so that one that is flooded does not starve the
// rest.
#pragma once

#include <cstdint>
#include <deque>
#include <functional>
#include <map>
#include <mutex>
#include <string>
#include <unordered_map>
#include <vector>

#include "core/workflow/workflow.h"

namespace engine::trigger {

/// At most `most` executions of a group at once.
struct Limit {
  std::string group;
  std::size_t most = 1;
  workflow::WhenFull when_full = workflow::WhenFull::queue;
};

struct DispatcherOptions {
  std::size_t most_running = 256;  ///< executions at work at once; those that wait do not count
  std::size_t most_queued = 10'000;
  std::size_t most_queued_per_workflow = 1'000;
};

/// An execution that was let in. It holds its places until `finished`.
struct Pass {
  std::string execution;
  std::string workflow;
  std::vector<Limit> limits;
};

/// Thread-safe.
class Dispatcher {
 public:
  /// `submit` runs work in another thread, soon.
  Dispatcher(DispatcherOptions options, std::function<void(std::function<void()>)> submit)
      : options_(options), submit_(std::move(submit)) {}

  enum class Verdict {
    run,     ///< at once; it has its places
    queue,   ///< it has a place in the queue, to be filled by `enqueue` or given back by `withdraw`
    skip,    ///< a group is full, and says so
    refuse,  ///< the queue is full
  };
  struct Decision {
    Verdict verdict = Verdict::run;
    std::vector<std::string> cancel;  ///< executions that have to make room (cancel_oldest)
  };
  /// `may_skip` false: what was begun before is queued instead of skipped, and never refused.
  Decision admit(const Pass& pass, bool may_skip = true);

  /// One that waits for a point in time since before this process: it has its places, also when
  /// they are taken.
  void hold(const Pass& pass);
  /// Runs `run` when it is its turn; it has its places then.
  void enqueue(Pass pass, std::function<void()> run);
  void withdraw(const Pass& pass);
  /// It was let in and has ended, or was not started after all.
  void finished(const Pass& pass);
  /// It waits for a point in time, or goes on.
  void waits(bool waiting);
  /// Takes one out of the queue; false when it is not there.
  bool remove(const std::string& execution);

  struct Load {
    std::size_t running = 0;
    std::size_t queued = 0;
  };
  Load load() const;

 private:
  struct Job {
    Pass pass;
    std::function<void()> run;
  };
  struct Lane {
    std::deque<Job> jobs;
    std::size_t promised = 0;  // places that `enqueue` will fill
  };
  bool fits(const Pass& pass) const;
  void take(const Pass& pass);
  void give_turns();

  const DispatcherOptions options_;
  const std::function<void(std::function<void()>)> submit_;
  mutable std::mutex mutex_;
  std::unordered_map<std::string, std::deque<std::string>> groups_;  // executions, oldest first
  std::map<std::string, Lane> lanes_;                                // by workflow
  std::string last_turn_;
  std::size_t running_ = 0;
  std::size_t queued_ = 0;
};

}  // namespace engine::trigger
