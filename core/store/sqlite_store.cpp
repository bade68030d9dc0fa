#include "core/store/sqlite_store.h"

#include <mutex>

#include "core/base/error.h"
#include "core/store/binary_ids.h"
#include "core/store/connection.h"
#include "core/store/credential_rows.h"
#include "core/store/execution_rows.h"
#include "core/store/group_writer.h"
#include "core/store/prune.h"

namespace engine::store {
namespace {

class SqliteStore final : public Store {
 public:
  explicit SqliteStore(std::filesystem::path file) : file_(std::move(file)), writer_(file_) {}

  TicketPtr create_execution(const Execution& execution, const WorkflowText& workflow,
                             std::vector<Event> events) override {
    return writer_.enqueue(
        [execution, workflow, events = std::move(events)](Connection& c) {
          write_workflow(c, workflow);
          const std::int64_t number = write_execution(c, execution);
          for (const Event& event : events) write_event(c, number, event);
        },
        0, execution.id);
  }

  TicketPtr append(const std::string& execution, std::vector<Event> events,
                   std::vector<NodeMemory> memory, std::optional<Execution> state) override {
    std::size_t bytes = 0;
    for (const Event& event : events) bytes += event.data.size();
    return writer_.enqueue(
        [execution, events = std::move(events), memory = std::move(memory),
         state = std::move(state)](Connection& c) {
          const std::int64_t number = number_of(c, execution);
          for (const Event& event : events) write_event(c, number, event);
          for (const NodeMemory& entry : memory) write_memory(c, entry);
          if (state) write_state(c, number, *state);
        },
        bytes, execution);
  }

  void append_piece(const std::string& execution, std::uint32_t sequence, std::uint32_t piece,
                    std::string data) override {
    const std::size_t bytes = data.size();
    writer_.enqueue(
        [execution, sequence, piece, data = std::move(data)](Connection& c) {
          write_piece(c, event_id(number_of(c, execution), sequence), piece, data);
        },
        bytes, execution);
  }

  std::optional<Execution> find_execution(std::string_view id) override {
    return read([&](Connection& c) -> std::optional<Execution> {
      SQLite::Statement& find = c.statement(
          "SELECT id, workflow, workflow_hash, mode, status, created, finished, due, error, "
          "parent, "
          "parent_run, retry_of, owner FROM executions WHERE id = ?");
      const Reset reset(find);
      find.bind(1, std::string(id));
      if (!find.executeStep()) return std::nullopt;
      return read_execution(find);
    });
  }

  std::vector<std::string> matching_executions(std::string_view prefix,
                                               std::size_t limit) override {
    return read([&](Connection& c) {
      SQLite::Statement& find =
          c.statement("SELECT id FROM executions WHERE id >= ?1 AND id < ?2 ORDER BY id LIMIT ?3");
      const Reset reset(find);
      find.bind(1, std::string(prefix));
      find.bind(2, std::string(prefix) + '\x7f');
      find.bind(3, static_cast<std::int64_t>(limit));
      std::vector<std::string> ids;
      while (find.executeStep()) ids.push_back(text_at(find, 0));
      return ids;
    });
  }

  std::vector<Execution> list_executions(const ExecutionFilter& filter) override {
    return read([&](Connection& c) {
      std::string sql = std::string("SELECT ") + kExecutionColumns + " FROM executions WHERE 1";
      if (!filter.workflow.empty()) sql += " AND workflow = :workflow";
      if (filter.status) sql += " AND status = :status";
      if (filter.before) sql += " AND created < :before";
      sql += " ORDER BY created DESC, number DESC LIMIT :limit";
      SQLite::Statement find(c.database(), sql);
      if (!filter.workflow.empty()) find.bind(":workflow", filter.workflow);
      if (filter.status) find.bind(":status", std::string(to_string(*filter.status)));
      if (filter.before) find.bind(":before", static_cast<std::int64_t>(to_ms(*filter.before)));
      find.bind(":limit", static_cast<std::int64_t>(filter.limit));
      std::vector<Execution> found;
      while (find.executeStep()) found.push_back(read_execution(find));
      return found;
    });
  }

  std::optional<Execution> find_child(std::string_view parent,
                                      std::string_view parent_run) override {
    return read([&](Connection& c) -> std::optional<Execution> {
      SQLite::Statement& find = c.statement(
          "SELECT id, workflow, workflow_hash, mode, status, created, finished, due, error, "
          "parent, "
          "parent_run, retry_of, owner FROM executions "
          "WHERE parent = ? AND parent_run = ? ORDER BY number DESC LIMIT 1");
      const Reset reset(find);
      find.bind(1, std::string(parent));
      find.bind(2, std::string(parent_run));
      if (!find.executeStep()) return std::nullopt;
      return read_execution(find);
    });
  }

  void read_events(std::string_view execution, const std::function<void(Event&&)>& each) override {
    read([&](Connection& c) {
      const std::int64_t number = number_of(c, std::string(execution));
      SQLite::Statement find(c.database(),
                             "SELECT id, at, kind, data FROM events WHERE id > ? AND id < ? "
                             "ORDER BY id");
      find.bind(1, event_id(number, 0));
      find.bind(2, event_id(number + 1, 0));
      while (find.executeStep()) {
        each({static_cast<std::uint32_t>(find.getColumn(0).getInt64() % kEventsPerExecution),
              from_ms(find.getColumn(1).getInt64()), text_at(find, 2), text_at(find, 3)});
      }
    });
  }

  void read_pieces(std::string_view execution, std::uint32_t sequence,
                   const std::function<void(std::string&&)>& each) override {
    read([&](Connection& c) {
      const std::int64_t number = number_of(c, std::string(execution));
      SQLite::Statement find(c.database(),
                             "SELECT data FROM pieces WHERE event = ? ORDER BY piece");
      find.bind(1, event_id(number, sequence));
      while (find.executeStep()) each(text_at(find, 0));
    });
  }

  std::optional<WorkflowText> find_workflow(std::string_view hash) override {
    return read([&](Connection& c) -> std::optional<WorkflowText> {
      SQLite::Statement& find =
          c.statement("SELECT hash, name, file, text FROM workflows WHERE hash = ?");
      const Reset reset(find);
      find.bind(1, std::string(hash));
      if (!find.executeStep()) return std::nullopt;
      return WorkflowText{text_at(find, 0), text_at(find, 1), text_at(find, 2), text_at(find, 3)};
    });
  }

  bool claim_execution(const std::string& id, std::int64_t expected, std::int64_t owner) override {
    bool claimed = false;
    const auto write = [&](Connection& c) {
      SQLite::Statement& claim = c.statement(
          "UPDATE executions SET owner = ?, cancel = 0 WHERE id = ? AND owner = ? AND status IN "
          "('running', 'waiting')");
      claim.bind(1, owner);
      claim.bindNoCopy(2, id);
      claim.bind(3, expected);
      claimed = claim.exec() == 1;
    };
    writer_.enqueue_anew(write, id)->wait();
    return claimed;
  }

  bool request_cancel(const std::string& id) override {
    return changed([&](Connection& c) {
      SQLite::Statement& cancel = c.statement(
          "UPDATE executions SET cancel = 1 WHERE id = ? AND status IN ('running', 'waiting')");
      cancel.bindNoCopy(1, id);
      return cancel.exec() == 1;
    });
  }

  bool cancel_requested(std::string_view id) override {
    return read([&](Connection& c) {
      SQLite::Statement& find = c.statement("SELECT cancel FROM executions WHERE id = ?");
      const Reset reset(find);
      find.bind(1, std::string(id));
      return find.executeStep() && find.getColumn(0).getInt() != 0;
    });
  }

  std::vector<std::string> cancel_requests(std::int64_t owner) override {
    return read([&](Connection& c) {
      SQLite::Statement& find = c.statement(
          "SELECT id FROM executions WHERE owner = ? AND cancel = 1 AND status IN "
          "('running', 'waiting')");
      const Reset reset(find);
      find.bind(1, owner);
      std::vector<std::string> ids;
      while (find.executeStep()) ids.push_back(text_at(find, 0));
      return ids;
    });
  }

  std::size_t prune(const PruneRules& rules) override { return prune_executions(writer_, rules); }

  std::optional<std::string> find_memory(std::string_view workflow, std::string_view node,
                                         std::string_view key) override {
    return read([&](Connection& c) -> std::optional<std::string> {
      SQLite::Statement& find =
          c.statement("SELECT value FROM node_memory WHERE workflow = ? AND node = ? AND key = ?");
      const Reset reset(find);
      find.bind(1, std::string(workflow));
      find.bind(2, std::string(node));
      find.bind(3, std::string(key));
      if (!find.executeStep()) return std::nullopt;
      return text_at(find, 0);
    });
  }

  std::vector<bool> accept(const Intake& intake) override {
    std::vector<bool> made;
    writer_
        .enqueue([&](Connection& c) {
          made.clear();  // a group that failed is written again, one by one
          for (const NewExecution& start : intake.executions) {
            made.push_back(write_delivery(c, intake, start.dedupe_key));
            if (!made.back() || start.execution.id.empty()) continue;
            write_workflow(c, intake.text);
            const std::int64_t number = write_execution(c, start.execution);
            for (std::uint32_t i = 0; i < start.pieces.size(); ++i) {
              write_piece(c, event_id(number, start.events.at(0).sequence), i, start.pieces[i]);
            }
            for (const Event& event : start.events) write_event(c, number, event);
          }
          if (intake.state) write_trigger_state(c, intake);
        })
        ->wait();
    return made;
  }

  std::vector<TriggerRecord> list_triggers() override {
    return read([&](Connection& c) {
      SQLite::Statement& find = c.statement(
          "SELECT workflow, node, type, activation, state FROM triggers ORDER BY workflow, node");
      const Reset reset(find);
      std::vector<TriggerRecord> found;
      while (find.executeStep()) {
        found.push_back({text_at(find, 0), text_at(find, 1), text_at(find, 2), text_at(find, 3),
                         text_at(find, 4)});
      }
      return found;
    });
  }

  void save_trigger(const TriggerRecord& record) override {
    changed([&](Connection& c) {
      SQLite::Statement& put = c.statement(
          "INSERT INTO triggers (workflow, node, type, activation, state) VALUES (?, ?, ?, ?, ?) "
          "ON CONFLICT DO UPDATE SET type = excluded.type, activation = excluded.activation, "
          "state = excluded.state");
      put.bindNoCopy(1, record.workflow);
      put.bindNoCopy(2, record.node);
      put.bindNoCopy(3, record.type);
      put.bindNoCopy(4, record.activation);
      put.bindNoCopy(5, record.state);
      return put.exec() == 1;
    });
  }

  void remove_trigger(std::string_view workflow, std::string_view node) override {
    changed([&](Connection& c) {
      SQLite::Statement& remove =
          c.statement("DELETE FROM triggers WHERE workflow = ? AND node = ?");
      remove.bind(1, std::string(workflow));
      remove.bind(2, std::string(node));
      return remove.exec() == 1;
    });
  }

  std::size_t prune_deliveries(TimePoint before) override {
    std::size_t removed = 0;
    changed([&](Connection& c) {
      SQLite::Statement& remove = c.statement("DELETE FROM deliveries WHERE at < ?");
      remove.bind(1, static_cast<std::int64_t>(to_ms(before)));
      removed = static_cast<std::size_t>(remove.exec());
      return true;
    });
    return removed;
  }

  std::optional<std::string> find_setting(std::string_view name) override {
    return read([&](Connection& c) -> std::optional<std::string> {
      SQLite::Statement& find = c.statement("SELECT value FROM settings WHERE name = ?");
      const Reset reset(find);
      find.bind(1, std::string(name));
      if (!find.executeStep()) return std::nullopt;
      return text_at(find, 0);
    });
  }

  void set_setting(std::string_view name, std::string_view value) override {
    changed([&](Connection& c) { return put_setting(c, std::string(name), std::string(value)); });
  }

  bool add_setting(std::string_view name, std::string_view value) override {
    return changed([&](Connection& c) {
      SQLite::Statement& put =
          c.statement("INSERT INTO settings (name, value) VALUES (?, ?) ON CONFLICT DO NOTHING");
      put.bind(1, std::string(name));
      put.bind(2, std::string(value));
      return put.exec() == 1;
    });
  }

  std::vector<CredentialRecord> list_credentials() override {
    return read([&](Connection& c) {
      SQLite::Statement& find = c.statement(
          "SELECT name, type, key_id, sealed, revision, created, updated, profile FROM credentials "
          "ORDER BY name");
      const Reset reset(find);
      std::vector<CredentialRecord> found;
      while (find.executeStep()) found.push_back(read_credential(find));
      return found;
    });
  }

  std::optional<CredentialRecord> find_credential(std::string_view name) override {
    return read([&](Connection& c) -> std::optional<CredentialRecord> {
      SQLite::Statement& find = c.statement(
          "SELECT name, type, key_id, sealed, revision, created, updated, profile FROM credentials "
          "WHERE name = ?");
      const Reset reset(find);
      find.bind(1, std::string(name));
      if (!find.executeStep()) return std::nullopt;
      return read_credential(find);
    });
  }

  bool add_credential(const CredentialRecord& record) override {
    return changed([&](Connection& c) {
      SQLite::Statement& insert = c.statement(
          "INSERT INTO credentials (name, type, key_id, sealed, revision, created, updated, "
          "profile) VALUES (?, ?, ?, ?, ?, ?, ?, ?) ON CONFLICT DO NOTHING");
      bind_credential(insert, record);
      return insert.exec() == 1;
    });
  }

  bool update_credential(const CredentialRecord& record) override {
    return changed([&](Connection& c) { return swap_credential(c, record); });
  }

  bool remove_credential(std::string_view name) override {
    return changed([&](Connection& c) {
      SQLite::Statement& remove = c.statement("DELETE FROM credentials WHERE name = ?");
      remove.bind(1, std::string(name));
      return remove.exec() == 1;
    });
  }

  bool update_credentials(const std::vector<CredentialRecord>& records,
                          const std::vector<ProfileRecord>& profiles,
                          const std::vector<Setting>& settings) override {
    // Thrown so that the transaction rolls back.
    const auto check = [](bool swapped) {
      if (!swapped) {
        throw Error(ErrorCause::storage, "credential_changed", "A credential was changed.");
      }
    };
    try {
      return changed([&](Connection& c) {
        for (const CredentialRecord& record : records) check(swap_credential(c, record));
        for (const ProfileRecord& record : profiles) check(swap_profile(c, record));
        for (const Setting& setting : settings) put_setting(c, setting.name, setting.value);
        return true;
      });
    } catch (const Error& error) {
      if (error.code() == "credential_changed") return false;
      throw;
    }
  }

  Lease credential_lease(std::string_view name) override {
    return read([&](Connection& c) -> Lease {
      SQLite::Statement& find =
          c.statement("SELECT lease_owner, lease_until FROM credentials WHERE name = ?");
      const Reset reset(find);
      find.bind(1, std::string(name));
      if (!find.executeStep()) return {};
      return {find.getColumn(0).getInt64(), from_ms(find.getColumn(1).getInt64())};
    });
  }

  bool swap_lease(const std::string& name, const Lease& expected, const Lease& next) override {
    return changed([&](Connection& c) {
      SQLite::Statement& swap = c.statement(
          "UPDATE credentials SET lease_owner = ?, lease_until = ? "
          "WHERE name = ? AND lease_owner = ? AND lease_until = ?");
      swap.bind(1, next.owner);
      swap.bind(2, static_cast<std::int64_t>(to_ms(next.until)));
      swap.bindNoCopy(3, name);
      swap.bind(4, expected.owner);
      swap.bind(5, static_cast<std::int64_t>(to_ms(expected.until)));
      return swap.exec() == 1;
    });
  }

  std::vector<ProfileRecord> list_profiles() override {
    return read([&](Connection& c) {
      SQLite::Statement& find = c.statement(
          "SELECT name, type, allow, key_id, sealed, revision, created, updated FROM profiles "
          "ORDER BY name");
      const Reset reset(find);
      std::vector<ProfileRecord> found;
      while (find.executeStep()) found.push_back(read_profile(find));
      return found;
    });
  }

  std::optional<ProfileRecord> find_profile(std::string_view name) override {
    return read([&](Connection& c) -> std::optional<ProfileRecord> {
      SQLite::Statement& find = c.statement(
          "SELECT name, type, allow, key_id, sealed, revision, created, updated FROM profiles "
          "WHERE name = ?");
      const Reset reset(find);
      find.bind(1, std::string(name));
      if (!find.executeStep()) return std::nullopt;
      return read_profile(find);
    });
  }

  bool add_profile(const ProfileRecord& record) override {
    return changed([&](Connection& c) {
      SQLite::Statement& insert = c.statement(
          "INSERT INTO profiles (name, type, allow, key_id, sealed, revision, created, updated) "
          "VALUES (?, ?, ?, ?, ?, ?, ?, ?) ON CONFLICT DO NOTHING");
      bind_profile(insert, record);
      return insert.exec() == 1;
    });
  }

  bool update_profile(const ProfileRecord& record) override {
    return changed([&](Connection& c) { return swap_profile(c, record); });
  }

  bool remove_profile(std::string_view name) override {
    return changed([&](Connection& c) {
      SQLite::Statement& remove = c.statement(
          "DELETE FROM profiles WHERE name = ?1 "
          "AND NOT EXISTS (SELECT 1 FROM credentials WHERE profile = ?1)");
      remove.bind(1, std::string(name));
      return remove.exec() == 1;
    });
  }

  // With a connection of its own: reading everything holds up nobody.
  std::set<std::string, std::less<>> binary_references() override {
    std::set<std::string, std::less<>> ids;
    try {
      Connection scan(file_, Connection::Access::read);
      for (const char* sql : {"SELECT data FROM events", "SELECT data FROM pieces",
                              "SELECT value FROM node_memory"}) {
        SQLite::Statement rows(scan.database(), sql);
        while (rows.executeStep()) collect_binary_ids(rows.getColumn(0).getString(), ids);
      }
    } catch (const SQLite::Exception&) {
      throw_storage_error(file_.string());
    }
    return ids;
  }
  CommitCounts commit_counts() const override { return writer_.counts(); }

  void flush() override {
    writer_.enqueue([](Connection&) {})->wait();
  }

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

}  // namespace

std::unique_ptr<Store> open_sqlite_store(const std::filesystem::path& file) {
  try {
    const std::filesystem::path folder = file.parent_path();
    if (!folder.empty() && !std::filesystem::exists(folder)) {
      std::filesystem::create_directories(folder);
      std::filesystem::permissions(folder, std::filesystem::perms::owner_all);
    }
    return std::make_unique<SqliteStore>(file);
  } catch (const SQLite::Exception&) {
    throw_storage_error(file.string());
  } catch (const std::filesystem::filesystem_error& error) {
    throw Error(ErrorCause::storage, "database_not_opened",
                "The folder of the database " + file.string() + " cannot be made (" +
                    error.code().message() + ").");
  }
}

}  // namespace engine::store
