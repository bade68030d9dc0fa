// A store in memory: durable at once, gone with its object. For flow tests, and for tests of what
// stands on the store port.
#pragma once

#include <map>
#include <mutex>
#include <string>
#include <utility>
#include <vector>

#include "core/store/store.h"

namespace engine::store {

/// Thread-safe.
class MemoryStore final : public Store {
 public:
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
  std::set<std::string, std::less<>> binary_references() override;
  CommitCounts commit_counts() const override { return {}; }
  std::optional<std::string> find_memory(std::string_view workflow, std::string_view node,
                                         std::string_view key) override;

  std::vector<bool> accept(const Intake& intake) override;
  std::vector<TriggerRecord> list_triggers() override;
  void save_trigger(const TriggerRecord& record) override;
  void remove_trigger(std::string_view workflow, std::string_view node) override;
  std::size_t prune_deliveries(TimePoint before) override;
  std::optional<std::string> find_setting(std::string_view name) override;
  void set_setting(std::string_view name, std::string_view value) override;
  bool add_setting(std::string_view name, std::string_view value) override;

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

  std::vector<ProfileRecord> list_profiles() override;
  std::optional<ProfileRecord> find_profile(std::string_view name) override;
  bool add_profile(const ProfileRecord& record) override;
  bool update_profile(const ProfileRecord& record) override;
  bool remove_profile(std::string_view name) override;

  void flush() override {}

 private:
  struct Run {
    Execution execution;
    std::size_t number = 0;  ///< in order of creation
    std::vector<Event> events;
    std::map<std::pair<std::uint32_t, std::uint32_t>, std::string> pieces;
    bool cancel = false;

    bool open() const;
  };

  std::vector<const Run*> newest_first() const;

  std::mutex mutex_;
  std::size_t created_ = 0;
  std::map<std::string, Run, std::less<>> runs_;
  std::map<std::string, WorkflowText, std::less<>> workflows_;
  std::map<std::vector<std::string>, std::string> memory_;
  std::map<std::pair<std::string, std::string>, TriggerRecord> triggers_;
  std::map<std::vector<std::string>, TimePoint> deliveries_;  ///< by workflow, node, key
  std::map<std::string, std::string, std::less<>> settings_;
  std::map<std::string, CredentialRecord, std::less<>> credentials_;
  std::map<std::string, Lease, std::less<>> leases_;
  std::map<std::string, ProfileRecord, std::less<>> profiles_;
};

}  // namespace engine::store
