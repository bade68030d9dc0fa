// The store port. No SQL and no SQLite type leaves core/store.
//
// Writes go to one writer thread that commits them in groups; what was enqueued first is committed
// first. Readers see what is committed. All functions throw Error{storage} with code
// "database_locked", "database_read_only", "database_full", "database_damaged", "database_newer",
// "database_foreign",
// "database_not_opened", "database_failed" or, for an id that is not there (any more),
// "execution_not_found".
#pragma once

#include <cstdint>
#include <exception>
#include <functional>
#include <memory>
#include <optional>
#include <set>
#include <string>
#include <string_view>
#include <vector>

#include "core/base/time.h"

namespace engine::store {

struct WorkflowText {
  std::string hash;  ///< SHA-256 of the text, hex
  std::string name;
  std::string file;  ///< where it was read from, for messages
  std::string text;
};

enum class Status { running, waiting, success, failed, cancelled, crashed };
std::string_view to_string(Status status);
std::optional<Status> parse_status(std::string_view text);

struct Execution {
  std::string id;
  std::string workflow;  ///< its name
  std::string workflow_hash;
  std::string mode;  ///< cli, webhook, schedule, poll, sub_workflow, retry, error, test
  Status status = Status::running;
  TimePoint created;
  std::optional<TimePoint> finished;
  std::optional<TimePoint> due;  ///< when waiting: when it goes on
  std::string error;             ///< JSON of the error that ended it, or empty
  std::string parent;            ///< "" or the execution that called it, and
  std::string parent_run;        ///< the node run there
  std::string retry_of;          ///< "" or the execution whose work this continues
  std::int64_t owner = 0;        ///< process id of who runs it; 0: nobody
};

/// One entry of an execution's history. `data` is JSON. Large item lists are kept beside it, in
/// pieces that are written before the event, so that no list is in memory twice.
struct Event {
  std::uint32_t sequence = 0;  ///< from 1, without gaps
  TimePoint at;
  std::string kind;
  std::string data;
};

/// A write that was enqueued. `wait` returns when it is durable, or throws what the commit threw.
class Ticket {
 public:
  virtual ~Ticket() = default;
  virtual void wait() = 0;
  virtual bool done() const = 0;
  /// Calls back once, with null when it is durable, else with what the commit threw: in the
  /// writer's thread, or at once when it is done. The callback is short and never waits for the
  /// store.
  virtual void then(std::function<void(std::exception_ptr error)> callback) = 0;
};
using TicketPtr = std::shared_ptr<Ticket>;

struct CredentialRecord {
  std::string name;
  std::string type;
  std::string key_id;
  std::string sealed;  ///< nonce, ciphertext and tag
  std::int64_t revision = 0;
  TimePoint created;
  TimePoint updated;
  std::string profile{};  ///< "" or the profile that it was made through
};

/// Who may renew the token of a credential at the moment.
struct Lease {
  std::int64_t owner = 0;  ///< 0: nobody
  TimePoint until{};
  bool operator==(const Lease&) const = default;
};

/// An OAuth app: what the credentials that are made through it share.
struct ProfileRecord {
  std::string name;
  std::string type;   ///< of its credentials
  std::string allow;  ///< JSON
  std::string key_id;
  std::string sealed;
  std::int64_t revision = 0;
  TimePoint created;
  TimePoint updated;
};

struct ExecutionFilter {
  std::string workflow;
  std::optional<Status> status;
  std::optional<TimePoint> before;
  std::size_t limit = 50;
};

struct PruneRules {
  std::optional<TimePoint> success_before;  ///< when it finished
  std::optional<TimePoint> error_before;
  std::optional<std::size_t> keep_newest;       ///< finished executions kept, per workflow
  std::string workflow;                         ///< empty: all
  std::function<void(std::size_t)> progress{};  ///< told how many are gone; may be empty
};

/// A value kept for a node between executions.
struct NodeMemory {
  std::string workflow;
  std::string node;
  std::string key;
  std::string value;  ///< JSON
};

/// An execution that a trigger starts.
struct NewExecution {
  Execution execution;  ///< without an id: only the key is kept
  std::vector<Event> events;
  std::vector<std::string> pieces;  ///< of the first event's item lists
  std::string dedupe_key;  ///< "" or a key that its trigger has not been started with before
};

/// What a delivery, a tick or a poll brought, for one trigger node.
struct Intake {
  std::string workflow;  ///< its name
  std::string node;
  WorkflowText text;
  std::vector<NewExecution> executions;
  std::optional<std::string> state;  ///< JSON that replaces the trigger's; nothing: it stays
  TimePoint at;
};

/// A trigger node that is or was served. What it was activated with lets it be deactivated when its
/// file is gone.
struct TriggerRecord {
  std::string workflow;
  std::string node;
  std::string type;        ///< of the node, "clickup.trigger"
  std::string activation;  ///< JSON of the parameters and credentials that it was activated with
  std::string state;       ///< JSON; empty: none yet
};

struct Setting {
  std::string name;
  std::string value;
};

/// What was committed since the store was opened.
struct CommitCounts {
  std::uint64_t commits = 0;
  std::uint64_t writes = 0;  ///< that went into them
  double seconds = 0;        ///< of all commits together
};

class Store {
 public:
  virtual ~Store() = default;

  // ---- executions (enqueue; durable when the ticket says so)
  virtual TicketPtr create_execution(const Execution& execution, const WorkflowText& workflow,
                                     std::vector<Event> events) = 0;
  /// Appends events, and in the same transaction node memory. Updates status, due, finished and
  /// error of the execution when `state` is given.
  virtual TicketPtr append(const std::string& execution, std::vector<Event> events,
                           std::vector<NodeMemory> memory = {},
                           std::optional<Execution> state = std::nullopt) = 0;

  /// Adds one piece of the item lists of an event that is appended later. Pieces count only with
  /// their event; those left by a crash are replaced when the sequence number is used again. Waits
  /// while much is queued.
  virtual void append_piece(const std::string& execution, std::uint32_t sequence,
                            std::uint32_t piece, std::string data) = 0;

  // ---- executions (read)
  virtual std::optional<Execution> find_execution(std::string_view id) = 0;
  /// Ids that begin with `prefix`, at most `limit`.
  virtual std::vector<std::string> matching_executions(std::string_view prefix,
                                                       std::size_t limit) = 0;
  virtual std::vector<Execution> list_executions(const ExecutionFilter& filter) = 0;
  virtual std::optional<Execution> find_child(std::string_view parent,
                                              std::string_view parent_run) = 0;
  /// Calls `each` for every event in order.
  virtual void read_events(std::string_view execution,
                           const std::function<void(Event&&)>& each) = 0;
  virtual void read_pieces(std::string_view execution, std::uint32_t sequence,
                           const std::function<void(std::string&&)>& each) = 0;
  virtual std::optional<WorkflowText> find_workflow(std::string_view hash) = 0;

  /// Takes over an execution that nobody runs: sets its owner if the old one is still `expected`.
  /// False when somebody else was faster. Writes that failed before do not count against it any
  /// more.
  virtual bool claim_execution(const std::string& id, std::int64_t expected,
                               std::int64_t owner) = 0;
  /// Asks whoever runs it to stop it; the executor polls this. False when it is finished.
  virtual bool request_cancel(const std::string& id) = 0;
  virtual bool cancel_requested(std::string_view id) = 0;
  /// The unfinished executions of this owner that are asked to stop.
  virtual std::vector<std::string> cancel_requests(std::int64_t owner) = 0;

  /// Removes finished executions, in small transactions; returns how many. Gives space back.
  virtual std::size_t prune(const PruneRules& rules) = 0;

  /// The ids of all binary data that items of stored executions refer to. Reads everything.
  virtual std::set<std::string, std::less<>> binary_references() = 0;
  virtual CommitCounts commit_counts() const = 0;

  // ---- node memory
  virtual std::optional<std::string> find_memory(std::string_view workflow, std::string_view node,
                                                 std::string_view key) = 0;

  // ---- triggers (durable on return)
  /// Makes the executions whose key is new, and stores the state, in one transaction. Says of each
  /// execution whether it was made.
  virtual std::vector<bool> accept(const Intake& intake) = 0;
  virtual std::vector<TriggerRecord> list_triggers() = 0;
  /// Makes or replaces the row.
  virtual void save_trigger(const TriggerRecord& record) = 0;
  virtual void remove_trigger(std::string_view workflow, std::string_view node) = 0;
  /// Forgets dedupe keys older than this; returns how many.
  virtual std::size_t prune_deliveries(TimePoint before) = 0;

  // ---- settings of the server (durable on return)
  virtual std::optional<std::string> find_setting(std::string_view name) = 0;
  /// Makes or replaces it.
  virtual void set_setting(std::string_view name, std::string_view value) = 0;
  /// False when there is one of this name.
  virtual bool add_setting(std::string_view name, std::string_view value) = 0;

  // ---- credentials (durable on return)
  virtual std::vector<CredentialRecord> list_credentials() = 0;
  virtual std::optional<CredentialRecord> find_credential(std::string_view name) = 0;
  /// False when the name is taken.
  virtual bool add_credential(const CredentialRecord& record) = 0;
  /// Compare and swap on `revision`; false when somebody else changed it meanwhile.
  virtual bool update_credential(const CredentialRecord& record) = 0;
  virtual bool remove_credential(std::string_view name) = 0;
  /// All of them in one transaction, each compared and swapped; false changes nothing. Settings are
  /// set with them.
  virtual bool update_credentials(const std::vector<CredentialRecord>& records,
                                  const std::vector<ProfileRecord>& profiles = {},
                                  const std::vector<Setting>& settings = {}) = 0;
  /// Nobody's when there is no such credential.
  virtual Lease credential_lease(std::string_view name) = 0;
  /// Compare and swap; the revision stays. False when the lease is another than `expected`.
  virtual bool swap_lease(const std::string& name, const Lease& expected, const Lease& next) = 0;

  // ---- profiles (durable on return)
  virtual std::vector<ProfileRecord> list_profiles() = 0;
  virtual std::optional<ProfileRecord> find_profile(std::string_view name) = 0;
  /// False when the name is taken.
  virtual bool add_profile(const ProfileRecord& record) = 0;
  /// Compare and swap on `revision`; false when somebody else changed it meanwhile.
  virtual bool update_profile(const ProfileRecord& record) = 0;
  /// False when there is none, or when credentials were made through it.
  virtual bool remove_profile(std::string_view name) = 0;

  /// Waits until everything enqueued so far is durable.
  virtual void flush() = 0;
};

}  // namespace engine::store
