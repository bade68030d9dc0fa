// An execution that is being carried out: events in, commands out, everything stored on the way.
#pragma once

#include <condition_variable>
#include <map>
#include <memory>
#include <mutex>
#include <optional>
#include <string>
#include <vector>

#include "core/execution/advance.h"
#include "core/execution/node_runner.h"
#include "core/execution/observer.h"
#include "core/execution/services.h"
#include "core/execution/thread_pool.h"

namespace engine::execution {

class ActiveExecution;
class Executor;

/// Who wants to hear of an execution; each may be empty. Called from any thread, sometimes with the
/// execution locked: they are short and do not call back.
struct Hooks {
  Observer* observer = nullptr;  ///< outlives the execution
  /// It has ended, durably.
  std::function<void(const ActiveExecution& ended)> on_end{};
  /// It begins to wait for a point in time, or goes on.
  std::function<void(bool waits)> on_wait{};
  std::function<bool(http::ServerResponse response)> respond{};  ///< as RunOptions
};

struct Launch {
  std::shared_ptr<const workflow::Workflow> workflow;
  std::string id;  ///< empty: a new one
  std::string mode = "cli";
  bool save = true;
  bool dry_run = false;
  std::string parent;
  std::string parent_run;
  std::string retry_of;
  std::size_t depth = 0;  ///< how many workflows called each other to get here
  /// The calling thread runs quick pure nodes itself, before anything is written: a short execution
  /// is stored by one write. `begin` returns when the start is on its way to the disk.
  bool quick = false;
  bool stored = false;  ///< its row and its `started` are in the store already
  Hooks hooks;
};

/// There is no thread of its own: whoever reports an event carries the consequences out, under a
/// lock, and goes on with the next node. Thread-safe.
class ActiveExecution : public std::enable_shared_from_this<ActiveExecution> {
 public:
  ActiveExecution(Executor& executor, Launch launch);

  /// A new execution.
  void begin(Started start);
  /// One whose state was rebuilt: goes on with what was in flight. `record` is its stored row, or
  /// null for one that create() made.
  void resume(State state, std::uint32_t sequence, const store::Execution* record);

  /// For an execution that takes over events of another one: makes its row, and copies an event
  /// into it; `state` is the one that the event meets. Then resume() goes on.
  void create();
  void copy_event(const State& state, const Event& event);
  std::uint32_t sequence() const { return sequence_; }

  /// Ends one whose process is gone as crashed (`on_crash: fail`).
  void fail_crashed(State state, std::uint32_t sequence, const store::Execution& record);

  /// Asks it to stop; what runs is cancelled at once.
  void cancel(CancelReason reason);
  /// Goes on with a node that waits for its resume URL; `resumes` says which wait is meant. False
  /// when it does not wait (any more). Returns when that is durable.
  bool wake(std::size_t resumes, const Value& with);
  /// The write that holds its start; null when nothing is kept.
  store::TicketPtr start_ticket() const;
  /// Waits for the end. Throws only Error{storage} when the history could not be written.
  void wait();
  /// False when it has not ended in time.
  bool wait_for(Milliseconds limit);
  /// It waits for a point in time now.
  bool waits() const;
  bool ended() const;

  const std::string& id() const { return launch_.id; }
  TimePoint created() const { return record_.created; }
  const workflow::Workflow& workflow() const { return *launch_.workflow; }
  /// After the end:
  Outcome outcome() const { return state_.outcome; }
  const std::optional<Error>& error() const { return state_.error; }
  /// Of one that has ended: why it could not be stored to its end. Its status there is older then.
  const std::optional<Error>& storage_error() const { return storage_error_; }
  Items result() const { return result_items(state_); }
  const State& state() const { return state_; }

 private:
  struct Running {
    int attempt = 0;
    Cancellation cancellation;
    Timers::Id limit = 0;
  };

  std::optional<RunKey> post(Event event, std::vector<store::NodeMemory> memory = {});
  void adopt(State state, std::uint32_t sequence, const store::Execution* record);
  void record(const State& state, const Event& event);
  std::vector<Command> absorb(Event event, std::vector<store::NodeMemory> memory);
  std::optional<RunKey> carry_out(const std::vector<Command>& commands);
  void submit(RunKey key);
  void work(RunKey key);
  AttemptResult attempt(RunKey key);
  Event enter_loop(RunKey key);
  Event check_round(RunKey key);
  RunOptions run_options(RunKey key, int attempt);
  RunView view_of(RunKey key) const;
  Running& start_running(RunKey key, int attempt);
  void end_running(RunKey key, int attempt);
  Attempt attempt_of(RunKey key);
  void give_up(RunKey key, int attempt);
  void report(const Event& event);
  void start_timer(RunKey key, TimePoint due);
  void watch_time();
  bool quick(RunKey key) const;
  void run_quick(std::optional<RunKey> next);
  bool holds_back(bool remembers) const;
  void write(std::vector<store::NodeMemory> memory, std::optional<store::Execution> changed);
  std::optional<store::Execution> changed_record();
  void end();
  void stored_end(const std::exception_ptr& failure);
  void mark_done();
  void storage_failed(const Error& error);
  RunEnvironment::WithState with_state();

  Executor& executor_;
  Launch launch_;
  const Services& services_;
  store::Store* store_;  // null: nothing is kept
  Cancellation cancellation_;

  mutable std::recursive_mutex mutex_;
  State state_;
  std::uint32_t sequence_ = 0;
  store::Execution record_;
  bool created_ = false;              // the row is written, or on its way
  std::vector<store::Event> buffer_;  // not on its way yet
  store::TicketPtr first_;            // of the write that holds the start
  store::TicketPtr ticket_;           // of the newest write
  std::map<RunKey, Running> running_;
  std::map<RunKey, Timers::Id> timers_;
  Timers::Id time_limit_ = 0;
  Milliseconds time_used_{0};
  std::optional<TimePoint> time_since_;

  std::condition_variable_any ended_;
  bool done_ = false;
  std::optional<Error> storage_error_;
};

}  // namespace engine::execution
