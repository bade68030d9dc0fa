#include "core/store/execution_rows.h"
#include "core/store/sqlite_store_class.h"

namespace engine::store {

std::vector<bool> SqliteStore::accept(const Intake& intake) {
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

std::vector<TriggerRecord> SqliteStore::list_triggers() {
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

void SqliteStore::save_trigger(const TriggerRecord& record) {
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

void SqliteStore::remove_trigger(std::string_view workflow, std::string_view node) {
  changed([&](Connection& c) {
    SQLite::Statement& remove = c.statement("DELETE FROM triggers WHERE workflow = ? AND node = ?");
    remove.bind(1, std::string(workflow));
    remove.bind(2, std::string(node));
    return remove.exec() == 1;
  });
}

std::size_t SqliteStore::prune_deliveries(TimePoint before) {
  std::size_t removed = 0;
  changed([&](Connection& c) {
    SQLite::Statement& remove = c.statement("DELETE FROM deliveries WHERE at < ?");
    remove.bind(1, static_cast<std::int64_t>(to_ms(before)));
    removed = static_cast<std::size_t>(remove.exec());
    return true;
  });
  return removed;
}

}  // namespace engine::store
