#include "core/store/memory_store.h"

#include <algorithm>

#include "core/base/error.h"

namespace engine::store {
namespace {

class Done final : public Ticket {
 public:
  void wait() override {}
  bool done() const override { return true; }
  void then(std::function<void(std::exception_ptr)> callback) override { callback(nullptr); }
};

template <typename Map>
auto& known(Map& runs, std::string_view id) {
  const auto found = runs.find(id);
  if (found == runs.end()) {
    throw Error(ErrorCause::storage, "database_failed", "There is no execution of this id.");
  }
  return found->second;
}

}  // namespace

bool MemoryStore::Run::open() const {
  return execution.status == Status::running || execution.status == Status::waiting;
}

TicketPtr MemoryStore::create_execution(const Execution& execution, const WorkflowText& workflow,
                                        std::vector<Event> events) {
  const std::lock_guard lock(mutex_);
  workflows_.emplace(workflow.hash, workflow);
  runs_[execution.id] = Run{execution, ++created_, std::move(events), {}, false};
  return std::make_shared<Done>();
}

TicketPtr MemoryStore::append(const std::string& execution, std::vector<Event> events,
                              std::vector<NodeMemory> memory, std::optional<Execution> state) {
  const std::lock_guard lock(mutex_);
  Run& run = known(runs_, execution);
  for (Event& event : events) run.events.push_back(std::move(event));
  for (NodeMemory& entry : memory) {
    memory_[{entry.workflow, entry.node, entry.key}] = std::move(entry.value);
  }
  if (state) {
    run.execution.status = state->status;
    run.execution.due = state->due;
    run.execution.finished = state->finished;
    run.execution.error = state->error;
    run.execution.owner = state->owner;
  }
  return std::make_shared<Done>();
}

void MemoryStore::append_piece(const std::string& execution, std::uint32_t sequence,
                               std::uint32_t piece, std::string data) {
  const std::lock_guard lock(mutex_);
  auto& pieces = known(runs_, execution).pieces;
  if (piece == 0) {
    std::erase_if(pieces, [&](const auto& entry) { return entry.first.first == sequence; });
  }
  pieces[{sequence, piece}] = std::move(data);
}

std::optional<Execution> MemoryStore::find_execution(std::string_view id) {
  const std::lock_guard lock(mutex_);
  const auto found = runs_.find(id);
  return found == runs_.end() ? std::nullopt : std::optional(found->second.execution);
}

std::vector<std::string> MemoryStore::matching_executions(std::string_view prefix,
                                                          std::size_t limit) {
  const std::lock_guard lock(mutex_);
  std::vector<std::string> ids;
  for (auto at = runs_.lower_bound(prefix);
       at != runs_.end() && ids.size() < limit && at->first.starts_with(prefix); ++at) {
    ids.push_back(at->first);
  }
  return ids;
}

std::vector<const MemoryStore::Run*> MemoryStore::newest_first() const {
  std::vector<const Run*> runs;
  for (const auto& [id, run] : runs_) runs.push_back(&run);
  std::sort(runs.begin(), runs.end(), [](const Run* a, const Run* b) {
    return std::pair(a->execution.created, a->number) > std::pair(b->execution.created, b->number);
  });
  return runs;
}

std::vector<Execution> MemoryStore::list_executions(const ExecutionFilter& filter) {
  const std::lock_guard lock(mutex_);
  std::vector<Execution> found;
  for (const Run* run : newest_first()) {
    const Execution& each = run->execution;
    const bool fits = (filter.workflow.empty() || each.workflow == filter.workflow) &&
                      (!filter.status || each.status == *filter.status) &&
                      (!filter.before || each.created < *filter.before);
    if (fits && found.size() < filter.limit) found.push_back(each);
  }
  return found;
}

std::optional<Execution> MemoryStore::find_child(std::string_view parent,
                                                 std::string_view parent_run) {
  const std::lock_guard lock(mutex_);
  for (const Run* run : newest_first()) {
    if (run->execution.parent == parent && run->execution.parent_run == parent_run) {
      return run->execution;
    }
  }
  return std::nullopt;
}

void MemoryStore::read_events(std::string_view execution,
                              const std::function<void(Event&&)>& each) {
  std::vector<Event> events;
  {
    const std::lock_guard lock(mutex_);
    events = known(runs_, execution).events;
  }
  for (Event& event : events) each(std::move(event));
}

void MemoryStore::read_pieces(std::string_view execution, std::uint32_t sequence,
                              const std::function<void(std::string&&)>& each) {
  std::vector<std::string> pieces;
  {
    const std::lock_guard lock(mutex_);
    for (const auto& [place, data] : known(runs_, execution).pieces) {
      if (place.first == sequence) pieces.push_back(data);
    }
  }
  for (std::string& piece : pieces) each(std::move(piece));
}

std::optional<WorkflowText> MemoryStore::find_workflow(std::string_view hash) {
  const std::lock_guard lock(mutex_);
  const auto found = workflows_.find(hash);
  return found == workflows_.end() ? std::nullopt : std::optional(found->second);
}

bool MemoryStore::claim_execution(const std::string& id, std::int64_t expected,
                                  std::int64_t owner) {
  const std::lock_guard lock(mutex_);
  const auto found = runs_.find(id);
  if (found == runs_.end() || !found->second.open()) return false;
  if (found->second.execution.owner != expected) return false;
  found->second.execution.owner = owner;
  found->second.cancel = false;
  return true;
}

bool MemoryStore::request_cancel(const std::string& id) {
  const std::lock_guard lock(mutex_);
  const auto found = runs_.find(id);
  if (found == runs_.end() || !found->second.open()) return false;
  found->second.cancel = true;
  return true;
}

bool MemoryStore::cancel_requested(std::string_view id) {
  const std::lock_guard lock(mutex_);
  const auto found = runs_.find(id);
  return found != runs_.end() && found->second.cancel;
}

std::size_t MemoryStore::prune(const PruneRules& rules) {
  const std::lock_guard lock(mutex_);
  std::map<std::string, std::size_t> kept;
  std::vector<std::string> old;
  for (const Run* run : newest_first()) {
    const Execution& each = run->execution;
    if (run->open() || (!rules.workflow.empty() && each.workflow != rules.workflow)) continue;
    const auto& before = each.status == Status::success ? rules.success_before : rules.error_before;
    const bool expired = before && each.finished && *each.finished < *before;
    const bool surplus = rules.keep_newest && ++kept[each.workflow] > *rules.keep_newest;
    if (expired || surplus) old.push_back(each.id);
  }
  for (const std::string& id : old) runs_.erase(id);
  return old.size();
}

std::set<std::string, std::less<>> MemoryStore::binary_references() {
  return {};
}

std::optional<std::string> MemoryStore::find_memory(std::string_view workflow,
                                                    std::string_view node, std::string_view key) {
  const std::lock_guard lock(mutex_);
  const auto found = memory_.find({std::string(workflow), std::string(node), std::string(key)});
  return found == memory_.end() ? std::nullopt : std::optional(found->second);
}

std::vector<std::string> MemoryStore::cancel_requests(std::int64_t owner) {
  const std::lock_guard lock(mutex_);
  std::vector<std::string> ids;
  for (const auto& [id, run] : runs_) {
    if (run.cancel && run.open() && run.execution.owner == owner) ids.push_back(id);
  }
  return ids;
}

std::vector<bool> MemoryStore::accept(const Intake& intake) {
  const std::lock_guard lock(mutex_);
  std::vector<bool> made;
  for (const NewExecution& start : intake.executions) {
    made.push_back(
        start.dedupe_key.empty() ||
        deliveries_.emplace(std::vector{intake.workflow, intake.node, start.dedupe_key}, intake.at)
            .second);
    if (!made.back() || start.execution.id.empty()) continue;
    workflows_.emplace(intake.text.hash, intake.text);
    Run run{start.execution, ++created_, start.events, {}, false};
    for (std::uint32_t i = 0; i < start.pieces.size(); ++i) run.pieces[{1, i}] = start.pieces[i];
    runs_[start.execution.id] = std::move(run);
  }
  if (intake.state) {
    TriggerRecord& record = triggers_[{intake.workflow, intake.node}];
    record.workflow = intake.workflow;
    record.node = intake.node;
    record.state = *intake.state;
  }
  return made;
}

std::vector<TriggerRecord> MemoryStore::list_triggers() {
  const std::lock_guard lock(mutex_);
  std::vector<TriggerRecord> found;
  for (const auto& [key, record] : triggers_) found.push_back(record);
  return found;
}

void MemoryStore::save_trigger(const TriggerRecord& record) {
  const std::lock_guard lock(mutex_);
  triggers_[{record.workflow, record.node}] = record;
}

void MemoryStore::remove_trigger(std::string_view workflow, std::string_view node) {
  const std::lock_guard lock(mutex_);
  triggers_.erase({std::string(workflow), std::string(node)});
}

std::size_t MemoryStore::prune_deliveries(TimePoint before) {
  const std::lock_guard lock(mutex_);
  return std::erase_if(deliveries_, [&](const auto& entry) { return entry.second < before; });
}

std::optional<std::string> MemoryStore::find_setting(std::string_view name) {
  const std::lock_guard lock(mutex_);
  const auto found = settings_.find(name);
  return found == settings_.end() ? std::nullopt : std::optional(found->second);
}

bool MemoryStore::add_setting(std::string_view name, std::string_view value) {
  const std::lock_guard lock(mutex_);
  return settings_.emplace(std::string(name), std::string(value)).second;
}

void MemoryStore::set_setting(std::string_view name, std::string_view value) {
  const std::lock_guard lock(mutex_);
  settings_.insert_or_assign(std::string(name), std::string(value));
}

std::vector<CredentialRecord> MemoryStore::list_credentials() {
  const std::lock_guard lock(mutex_);
  std::vector<CredentialRecord> records;
  for (const auto& [name, record] : credentials_) records.push_back(record);
  return records;
}

std::optional<CredentialRecord> MemoryStore::find_credential(std::string_view name) {
  const std::lock_guard lock(mutex_);
  const auto found = credentials_.find(name);
  return found == credentials_.end() ? std::nullopt : std::optional(found->second);
}

bool MemoryStore::add_credential(const CredentialRecord& record) {
  const std::lock_guard lock(mutex_);
  return credentials_.emplace(record.name, record).second;
}

bool MemoryStore::update_credential(const CredentialRecord& record) {
  return update_credentials({record}, {}, {});
}

bool MemoryStore::remove_credential(std::string_view name) {
  const std::lock_guard lock(mutex_);
  const auto found = credentials_.find(name);
  if (found == credentials_.end()) return false;
  credentials_.erase(found);
  return true;
}

namespace {

template <typename Map, typename Records>
bool all_current(const Map& stored, const Records& records) {
  return std::all_of(records.begin(), records.end(), [&](const auto& record) {
    const auto found = stored.find(record.name);
    return found != stored.end() && found->second.revision == record.revision;
  });
}

template <typename Map, typename Records>
void swap_in(Map& stored, const Records& records) {
  for (const auto& record : records) {
    auto& known = stored[record.name];
    const TimePoint created = known.created;
    known = record;
    known.created = created;
    ++known.revision;
  }
}

}  // namespace

bool MemoryStore::update_credentials(const std::vector<CredentialRecord>& records,
                                     const std::vector<ProfileRecord>& profiles,
                                     const std::vector<Setting>& settings) {
  const std::lock_guard lock(mutex_);
  if (!all_current(credentials_, records) || !all_current(profiles_, profiles)) return false;
  for (const Setting& setting : settings) {
    settings_.insert_or_assign(setting.name, setting.value);
  }
  swap_in(credentials_, records);
  swap_in(profiles_, profiles);
  return true;
}

Lease MemoryStore::credential_lease(std::string_view name) {
  const std::lock_guard lock(mutex_);
  const auto found = leases_.find(name);
  return found == leases_.end() ? Lease{} : found->second;
}

bool MemoryStore::swap_lease(const std::string& name, const Lease& expected, const Lease& next) {
  const std::lock_guard lock(mutex_);
  if (credentials_.count(name) == 0 || leases_[name] != expected) return false;
  leases_[name] = next;
  return true;
}

std::vector<ProfileRecord> MemoryStore::list_profiles() {
  const std::lock_guard lock(mutex_);
  std::vector<ProfileRecord> records;
  for (const auto& [name, record] : profiles_) records.push_back(record);
  return records;
}

std::optional<ProfileRecord> MemoryStore::find_profile(std::string_view name) {
  const std::lock_guard lock(mutex_);
  const auto found = profiles_.find(name);
  return found == profiles_.end() ? std::nullopt : std::optional(found->second);
}

bool MemoryStore::add_profile(const ProfileRecord& record) {
  const std::lock_guard lock(mutex_);
  return profiles_.emplace(record.name, record).second;
}

bool MemoryStore::update_profile(const ProfileRecord& record) {
  return update_credentials({}, {record}, {});
}

bool MemoryStore::remove_profile(std::string_view name) {
  const std::lock_guard lock(mutex_);
  const auto found = profiles_.find(name);
  const bool used = std::any_of(credentials_.begin(), credentials_.end(),
                                [&](const auto& entry) { return entry.second.profile == name; });
  if (found == profiles_.end() || used) return false;
  profiles_.erase(found);
  return true;
}

}  // namespace engine::store
