#include "core/store/execution_rows.h"
#include "core/store/prune.h"
#include "core/store/sqlite_store_class.h"

namespace engine::store {

TicketPtr SqliteStore::create_execution(const Execution& execution, const WorkflowText& workflow,
                                        std::vector<Event> events) {
  return writer_.enqueue(
      [execution, workflow, events = std::move(events)](Connection& c) {
        write_workflow(c, workflow);
        const std::int64_t number = write_execution(c, execution);
        for (const Event& event : events) write_event(c, number, event);
      },
      0, execution.id);
}

TicketPtr SqliteStore::append(const std::string& execution, std::vector<Event> events,
                              std::vector<NodeMemory> memory, std::optional<Execution> state) {
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

void SqliteStore::append_piece(const std::string& execution, std::uint32_t sequence,
                               std::uint32_t piece, std::string data) {
  const std::size_t bytes = data.size();
  writer_.enqueue(
      [execution, sequence, piece, data = std::move(data)](Connection& c) {
        write_piece(c, event_id(number_of(c, execution), sequence), piece, data);
      },
      bytes, execution);
}

std::optional<Execution> SqliteStore::find_execution(std::string_view id) {
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

std::vector<std::string> SqliteStore::matching_executions(std::string_view prefix,
                                                          std::size_t limit) {
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

std::vector<Execution> SqliteStore::list_executions(const ExecutionFilter& filter) {
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

std::optional<Execution> SqliteStore::find_child(std::string_view parent,
                                                 std::string_view parent_run) {
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

void SqliteStore::read_events(std::string_view execution,
                              const std::function<void(Event&&)>& each) {
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

void SqliteStore::read_pieces(std::string_view execution, std::uint32_t sequence,
                              const std::function<void(std::string&&)>& each) {
  read([&](Connection& c) {
    const std::int64_t number = number_of(c, std::string(execution));
    SQLite::Statement find(c.database(), "SELECT data FROM pieces WHERE event = ? ORDER BY piece");
    find.bind(1, event_id(number, sequence));
    while (find.executeStep()) each(text_at(find, 0));
  });
}

std::optional<WorkflowText> SqliteStore::find_workflow(std::string_view hash) {
  return read([&](Connection& c) -> std::optional<WorkflowText> {
    SQLite::Statement& find =
        c.statement("SELECT hash, name, file, text FROM workflows WHERE hash = ?");
    const Reset reset(find);
    find.bind(1, std::string(hash));
    if (!find.executeStep()) return std::nullopt;
    return WorkflowText{text_at(find, 0), text_at(find, 1), text_at(find, 2), text_at(find, 3)};
  });
}

bool SqliteStore::claim_execution(const std::string& id, std::int64_t expected,
                                  std::int64_t owner) {
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

bool SqliteStore::request_cancel(const std::string& id) {
  return changed([&](Connection& c) {
    SQLite::Statement& cancel = c.statement(
        "UPDATE executions SET cancel = 1 WHERE id = ? AND status IN ('running', 'waiting')");
    cancel.bindNoCopy(1, id);
    return cancel.exec() == 1;
  });
}

bool SqliteStore::cancel_requested(std::string_view id) {
  return read([&](Connection& c) {
    SQLite::Statement& find = c.statement("SELECT cancel FROM executions WHERE id = ?");
    const Reset reset(find);
    find.bind(1, std::string(id));
    return find.executeStep() && find.getColumn(0).getInt() != 0;
  });
}

std::vector<std::string> SqliteStore::cancel_requests(std::int64_t owner) {
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

std::size_t SqliteStore::prune(const PruneRules& rules) {
  return prune_executions(writer_, rules);
}

std::optional<std::string> SqliteStore::find_memory(std::string_view workflow,
                                                    std::string_view node, std::string_view key) {
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

}  // namespace engine::store
