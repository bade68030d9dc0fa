#include "core/store/prune.h"

#include <string>
#include <vector>

namespace engine::store {
namespace {

constexpr int kBatch = 500;
constexpr std::int64_t kEventsPerExecution = std::int64_t{1} << 24U;

// Numbers of up to kBatch executions that the rules let go.
std::vector<std::int64_t> find_prunable(Connection& connection, const PruneRules& rules) {
  std::string rule = "0";
  if (rules.success_before)
    rule += " OR (status = 'success' AND created < :success AND finished < :success)";
  if (rules.error_before) {
    rule +=
        " OR (status IN ('failed', 'cancelled', 'crashed') AND created < :error AND finished < "
        ":error)";
  }
  if (rules.keep_newest) {
    rule +=
        " OR number IN (SELECT number FROM (SELECT number, row_number() OVER (PARTITION BY "
        "workflow ORDER BY created DESC, number DESC) AS place FROM executions WHERE status NOT IN "
        "('running', 'waiting')) WHERE place > :keep)";
  }
  std::string sql =
      "SELECT number FROM executions WHERE status NOT IN ('running', 'waiting') AND (" + rule + ")";
  if (!rules.workflow.empty()) sql += " AND workflow = :workflow";
  sql += " ORDER BY created LIMIT " + std::to_string(kBatch);
  SQLite::Statement find(connection.database(), sql);
  if (rules.success_before) {
    find.bind(":success", static_cast<std::int64_t>(to_ms(*rules.success_before)));
  }
  if (rules.error_before) {
    find.bind(":error", static_cast<std::int64_t>(to_ms(*rules.error_before)));
  }
  if (rules.keep_newest) find.bind(":keep", static_cast<std::int64_t>(*rules.keep_newest));
  if (!rules.workflow.empty()) find.bind(":workflow", rules.workflow);
  std::vector<std::int64_t> numbers;
  while (find.executeStep()) numbers.push_back(find.getColumn(0).getInt64());
  return numbers;
}

void remove(Connection& connection, std::int64_t number) {
  for (const char* sql : {"DELETE FROM pieces WHERE event >= ? AND event < ?",
                          "DELETE FROM events WHERE id >= ? AND id < ?"}) {
    SQLite::Statement& rows = connection.statement(sql);
    rows.bind(1, number * kEventsPerExecution);
    rows.bind(2, (number + 1) * kEventsPerExecution);
    rows.exec();
  }
  SQLite::Statement& row = connection.statement("DELETE FROM executions WHERE number = ?");
  row.bind(1, number);
  row.exec();
}

}  // namespace

std::size_t prune_executions(GroupWriter& writer, const PruneRules& rules) {
  std::size_t removed = 0;
  std::size_t last = 0;
  do {
    writer
        .enqueue([&](Connection& connection) {
          const std::vector<std::int64_t> numbers = find_prunable(connection, rules);
          for (const std::int64_t number : numbers) remove(connection, number);
          last = numbers.size();
        })
        ->wait();
    removed += last;
  } while (last == kBatch);
  if (removed == 0) return 0;
  writer
      .enqueue([](Connection& connection) {
        connection.database().exec(
            "DELETE FROM workflows WHERE hash NOT IN (SELECT workflow_hash FROM executions)");
      })
      ->wait();
  writer
      .enqueue_maintenance([](Connection& connection) {
        connection.database().exec("PRAGMA incremental_vacuum");
        connection.database().exec("PRAGMA wal_checkpoint(TRUNCATE)");
      })
      ->wait();
  return removed;
}

}  // namespace engine::store
