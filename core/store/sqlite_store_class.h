// The store in one SQLite file: the class, whose functions lie in one file for each kind of row.
// Private to core/store.
#pragma once

#include <mutex>

#include "core/store/connection.h"
#include "core/store/group_writer.h"
#include "core/store/store.h"

namespace engine::store {

class SqliteStore final : public Store {
 public:
  explicit SqliteStore(std::filesystem::path file) : file_(std::move(file)), writer_(file_) {}

  // ---- executions (sqlite_executions.cpp)
  TicketPtr create_execution(const Execution& execution, const WorkflowText& workflow,
                             std::vector<Event> events) override;
  TicketPtr append(const std::string& execution, std::vector<Event> events,
                   std::vector<NodeMemory> memory, std::optional<Execution> state) override;
  void append_piece(const std::string& execution, std::uint32_t sequence, std::uint32_t piece,
                    std::string data) override;
  std::optional<Execution> find_execution(std::string_view id) override;
  std::vector<std::string> matching_executions(std::string_view prefix, std::size_t limit) override;
  std::vector<Execution> list_executions(const ExecutionFilter& filter) override;
  std::optional<Execution> find_child(std::string_view parent,
                                      std::string_view parent_run) override;
  void read_events(std::string_view execution, const std::function<void(Event&&)>& each) override;
  void read_pieces(std::string_view execution, std::uint32_t sequence,
                   const std::function<void(std::string&&)>& each) override;
  std::optional<WorkflowText> find_workflow(std::string_view hash) override;
  bool claim_execution(const std::string& id, std::int64_t expected, std::int64_t owner) override;
  bool request_cancel(const std::string& id) override;
  bool cancel_requested(std::string_view id) override;
  std::vector<std::string> cancel_requests(std::int64_t owner) override;
  std::size_t prune(const PruneRules& rules) override;
  std::optional<std::string> find_memory(std::string_view workflow, std::string_view node,
                                         std::string_view key) override;

  // ---- triggers and deliveries (sqlite_triggers.cpp)
  std::vector<bool> accept(const Intake& intake) override;
  std::vector<TriggerRecord> list_triggers() override;
  void save_trigger(const TriggerRecord& record) override;
  void remove_trigger(std::string_view workflow, std::string_view node) override;
  std::size_t prune_deliveries(TimePoint before) override;

  // ---- credentials (sqlite_credentials.cpp)
  std::vector<CredentialRecord> list_credentials() override;
  std::optional<CredentialRecord> find_credential(std::string_view name) override;
  bool add_credential(const CredentialRecord& record) override;
  bool update_credential(const CredentialRecord& record) override;
  bool remove_credential(std::string_view name) override;
  bool update_credentials(const std::vector<CredentialRecord>& records,
                          const std::vector<ProfileRecord>& profiles,
                          const std::vector<Setting>& settings) override;
  Lease credential_lease(std::string_view name) override;
  bool swap_lease(const std::string& name, const Lease& expected, const Lease& next) override;

  // ---- profiles (sqlite_profiles.cpp)
  std::vector<ProfileRecord> list_profiles() override;
  std::optional<ProfileRecord> find_profile(std::string_view name) override;
  bool add_profile(const ProfileRecord& record) override;
  bool update_profile(const ProfileRecord& record) override;
  bool remove_profile(std::string_view name) override;

  // ---- settings, binary data and the whole
  std::optional<std::string> find_setting(std::string_view name) override;
  void set_setting(std::string_view name, std::string_view value) override;
  bool add_setting(std::string_view name, std::string_view value) override;
  std::set<std::string, std::less<>> binary_references() override;
  CommitCounts commit_counts() const override;
  void flush() override;

 private:
  // Runs a write in the writer thread and waits until it is durable.
  bool changed(const std::function<bool(Connection&)>& write) {
    bool result = false;
    writer_.enqueue([&](Connection& c) { result = write(c); })->wait();
    return result;
  }

  template <typename Work>
  auto read(const Work& work) -> decltype(work(std::declval<Connection&>())) {
    const std::lock_guard lock(readers_mutex_);
    try {
      if (!reader_) reader_ = std::make_unique<Connection>(file_, Connection::Access::read);
      return work(*reader_);
    } catch (const SQLite::Exception&) {
      throw_storage_error(file_.string());
    }
  }

  std::filesystem::path file_;
  GroupWriter writer_;
  std::recursive_mutex readers_mutex_;
  std::unique_ptr<Connection> reader_;  // opened on the first read
};

}  // namespace engine::store
