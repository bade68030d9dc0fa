#include "core/store/execution_rows.h"

#include "core/base/error.h"

namespace engine::store {
namespace {

std::optional<TimePoint> time_at(SQLite::Statement& statement, int column) {
  if (statement.isColumnNull(column)) return std::nullopt;
  return from_ms(statement.getColumn(column).getInt64());
}

}  // namespace

std::int64_t event_id(std::int64_t execution, std::uint32_t sequence) {
  return execution * kEventsPerExecution + sequence;
}

std::int64_t number_of(Connection& connection, const std::string& id) {
  SQLite::Statement& find = connection.statement("SELECT number FROM executions WHERE id = ?");
  const Reset reset(find);
  find.bindNoCopy(1, id);
  if (!find.executeStep()) {
    throw Error(ErrorCause::storage, "execution_not_found",
                "There is no execution '" + id + "' any more; was it pruned?");
  }
  return find.getColumn(0).getInt64();
}

void bind(SQLite::Statement& statement, int index, const std::optional<TimePoint>& time) {
  if (time) {
    statement.bind(index, static_cast<std::int64_t>(to_ms(*time)));
  } else {
    statement.bind(index);
  }
}

std::string text_at(SQLite::Statement& statement, int column) {
  const SQLite::Column value = statement.getColumn(column);
  return {static_cast<const char*>(value.getBlob()), static_cast<std::size_t>(value.getBytes())};
}

void write_event(Connection& connection, std::int64_t execution, const Event& event) {
  SQLite::Statement& insert =
      connection.statement("INSERT INTO events (id, at, kind, data) VALUES (?, ?, ?, ?)");
  insert.bind(1, event_id(execution, event.sequence));
  insert.bind(2, static_cast<std::int64_t>(to_ms(event.at)));
  insert.bindNoCopy(3, event.kind);
  insert.bindNoCopy(4, event.data);
  insert.exec();
}

void write_piece(Connection& connection, std::int64_t event, std::uint32_t piece,
                 const std::string& data) {
  if (piece == 0) {
    SQLite::Statement& old = connection.statement("DELETE FROM pieces WHERE event = ?");
    old.bind(1, event);
    old.exec();
  }
  SQLite::Statement& put =
      connection.statement("INSERT INTO pieces (event, piece, data) VALUES (?, ?, ?)");
  put.bind(1, event);
  put.bind(2, static_cast<std::int64_t>(piece));
  put.bindNoCopy(3, data);
  put.exec();
}

void write_memory(Connection& connection, const NodeMemory& memory) {
  SQLite::Statement& put = connection.statement(
      "INSERT INTO node_memory (workflow, node, key, value) VALUES (?, ?, ?, ?) "
      "ON CONFLICT DO UPDATE SET value = excluded.value");
  put.bindNoCopy(1, memory.workflow);
  put.bindNoCopy(2, memory.node);
  put.bindNoCopy(3, memory.key);
  put.bindNoCopy(4, memory.value);
  put.exec();
}

void write_state(Connection& connection, std::int64_t number, const Execution& execution) {
  SQLite::Statement& update = connection.statement(
      "UPDATE executions SET status = ?, finished = ?, due = ?, error = ?, owner = ? "
      "WHERE number = ?");
  update.bind(1, std::string(to_string(execution.status)));
  bind(update, 2, execution.finished);
  bind(update, 3, execution.due);
  update.bindNoCopy(4, execution.error);
  update.bind(5, execution.finished ? std::int64_t{0} : execution.owner);
  update.bind(6, number);
  update.exec();
}

void write_workflow(Connection& connection, const WorkflowText& workflow) {
  SQLite::Statement& known = connection.statement("SELECT 1 FROM workflows WHERE hash = ?");
  const Reset reset(known);
  known.bindNoCopy(1, workflow.hash);
  if (known.executeStep()) return;
  SQLite::Statement& insert =
      connection.statement("INSERT INTO workflows (hash, name, file, text) VALUES (?, ?, ?, ?)");
  insert.bindNoCopy(1, workflow.hash);
  insert.bindNoCopy(2, workflow.name);
  insert.bindNoCopy(3, workflow.file);
  insert.bindNoCopy(4, workflow.text);
  insert.exec();
}

std::int64_t write_execution(Connection& connection, const Execution& execution) {
  SQLite::Statement& insert = connection.statement(
      "INSERT INTO executions (id, workflow, workflow_hash, mode, status, created, finished, due, "
      "error, parent, parent_run, retry_of, owner) VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)");
  insert.bindNoCopy(1, execution.id);
  insert.bindNoCopy(2, execution.workflow);
  insert.bindNoCopy(3, execution.workflow_hash);
  insert.bindNoCopy(4, execution.mode);
  insert.bind(5, std::string(to_string(execution.status)));
  insert.bind(6, static_cast<std::int64_t>(to_ms(execution.created)));
  bind(insert, 7, execution.finished);
  bind(insert, 8, execution.due);
  insert.bindNoCopy(9, execution.error);
  insert.bindNoCopy(10, execution.parent);
  insert.bindNoCopy(11, execution.parent_run);
  insert.bindNoCopy(12, execution.retry_of);
  insert.bind(13, execution.owner);
  insert.exec();
  return connection.database().getLastInsertRowid();
}

bool write_delivery(Connection& connection, const Intake& intake, const std::string& key) {
  if (key.empty()) return true;
  SQLite::Statement& insert = connection.statement(
      "INSERT INTO deliveries (workflow, node, key, at) VALUES (?, ?, ?, ?) ON CONFLICT DO "
      "NOTHING");
  insert.bindNoCopy(1, intake.workflow);
  insert.bindNoCopy(2, intake.node);
  insert.bindNoCopy(3, key);
  insert.bind(4, static_cast<std::int64_t>(to_ms(intake.at)));
  return insert.exec() == 1;
}

void write_trigger_state(Connection& connection, const Intake& intake) {
  SQLite::Statement& put = connection.statement(
      "INSERT INTO triggers (workflow, node, type, activation, state) VALUES (?, ?, '', '', ?) "
      "ON CONFLICT DO UPDATE SET state = excluded.state");
  put.bindNoCopy(1, intake.workflow);
  put.bindNoCopy(2, intake.node);
  put.bindNoCopy(3, *intake.state);
  put.exec();
}

Execution read_execution(SQLite::Statement& row) {
  Execution execution;
  execution.id = text_at(row, 0);
  execution.workflow = text_at(row, 1);
  execution.workflow_hash = text_at(row, 2);
  execution.mode = text_at(row, 3);
  execution.status = parse_status(text_at(row, 4)).value_or(Status::crashed);
  execution.created = from_ms(row.getColumn(5).getInt64());
  execution.finished = time_at(row, 6);
  execution.due = time_at(row, 7);
  execution.error = text_at(row, 8);
  execution.parent = text_at(row, 9);
  execution.parent_run = text_at(row, 10);
  execution.retry_of = text_at(row, 11);
  execution.owner = row.getColumn(12).getInt64();
  return execution;
}

}  // namespace engine::store
