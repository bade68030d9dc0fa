#include "core/store/prune.h"

#include <limits>
#include <set>
#include <string>
#include <utility>
#include <vector>

#include "core/store/execution_rows.h"

namespace engine::store {
namespace {

constexpr int kBatch = 500;
constexpr int kPagesAtOnce = 2000;  // given back before waiting writes have their turn
constexpr const char* kFinished = "status NOT IN ('running', 'waiting')";

// One rule in SQL; its places are bound by name.
struct Pass {
  std::string rule;
  std::vector<std::pair<std::string, std::int64_t>> numbers;
  std::string workflow;  // empty: all
};

std::vector<std::string> workflows_of(Connection& connection, const PruneRules& rules) {
  if (!rules.workflow.empty()) return {rules.workflow};
  std::vector<std::string> names;
  SQLite::Statement find(connection.database(), "SELECT DISTINCT workflow FROM executions");
  while (find.executeStep()) names.push_back(find.getColumn(0).getString());
  return names;
}

// Of each workflow all that are not among its newest.
void add_keep_passes(Connection& connection, const PruneRules& rules, std::vector<Pass>& passes) {
  SQLite::Statement find(connection.database(),
                         std::string("SELECT created, number FROM executions WHERE workflow = ? "
                                     "AND ") +
                             kFinished + " ORDER BY created DESC, number DESC LIMIT 1 OFFSET ?");
  for (const std::string& workflow : workflows_of(connection, rules)) {
    find.reset();
    find.bind(1, workflow);
    find.bind(2, static_cast<std::int64_t>(*rules.keep_newest));
    if (!find.executeStep()) continue;
    passes.push_back(
        {"(created, number) <= (:created, :number)",
         {{":created", find.getColumn(0).getInt64()}, {":number", find.getColumn(1).getInt64()}},
         workflow});
  }
}

std::vector<Pass> passes_of(Connection& connection, const PruneRules& rules) {
  std::vector<Pass> passes;
  const auto add_age = [&](const std::optional<TimePoint>& before, const char* status) {
    if (!before) return;
    passes.push_back({std::string(status) + " AND created < :before AND finished < :before",
                      {{":before", static_cast<std::int64_t>(to_ms(*before))}},
                      rules.workflow});
  };
  add_age(rules.success_before, "status = 'success'");
  add_age(rules.error_before, "status IN ('failed', 'cancelled', 'crashed')");
  if (rules.keep_newest) add_keep_passes(connection, rules, passes);
  return passes;
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

// Removes up to kBatch executions; notes the workflow texts they ran with.
std::size_t remove_batch(Connection& connection, const Pass& pass, std::set<std::string>& hashes) {
  std::string sql = std::string("SELECT number, workflow_hash FROM executions WHERE ") + kFinished +
                    " AND " + pass.rule;
  if (!pass.workflow.empty()) sql += " AND workflow = :workflow";
  sql += " ORDER BY created LIMIT " + std::to_string(kBatch);
  SQLite::Statement find(connection.database(), sql);
  for (const auto& [place, number] : pass.numbers) find.bind(place, number);
  if (!pass.workflow.empty()) find.bind(":workflow", pass.workflow);
  std::vector<std::int64_t> numbers;
  while (find.executeStep()) {
    numbers.push_back(find.getColumn(0).getInt64());
    hashes.insert(find.getColumn(1).getString());
  }
  for (const std::int64_t number : numbers) remove(connection, number);
  return numbers.size();
}

void remove_unused(Connection& connection, const std::set<std::string>& hashes) {
  SQLite::Statement remove(
      connection.database(),
      "DELETE FROM workflows WHERE hash = ? AND NOT EXISTS (SELECT 1 FROM executions WHERE "
      "executions.workflow = workflows.name AND workflow_hash = hash)");
  for (const std::string& hash : hashes) {
    remove.reset();
    remove.bind(1, hash);
    remove.exec();
  }
}

void give_space_back(GroupWriter& writer) {
  int left = std::numeric_limits<int>::max();
  bool all_given = false;
  while (!all_given) {
    writer
        .enqueue_maintenance([&](Connection& connection) {
          SQLite::Database& database = connection.database();
          const int free = database.execAndGet("PRAGMA freelist_count").getInt();
          all_given = free <= kPagesAtOnce || free >= left;
          left = free;
          database.exec("PRAGMA incremental_vacuum(" + std::to_string(kPagesAtOnce) + ")");
          if (all_given) database.exec("PRAGMA wal_checkpoint(TRUNCATE)");
        })
        ->wait();
  }
}

}  // namespace

std::size_t prune_executions(GroupWriter& writer, const PruneRules& rules) {
  std::vector<Pass> passes;
  writer.enqueue([&](Connection& connection) { passes = passes_of(connection, rules); })->wait();
  std::size_t removed = 0;
  std::set<std::string> hashes;
  for (const Pass& pass : passes) {
    std::size_t last = 0;
    do {
      writer
          .enqueue([&](Connection& connection) { last = remove_batch(connection, pass, hashes); })
          ->wait();
      removed += last;
      if (rules.progress) rules.progress(removed);
    } while (last == kBatch);
  }
  if (removed == 0) return 0;
  writer.enqueue([&](Connection& connection) { remove_unused(connection, hashes); })->wait();
  give_space_back(writer);
  return removed;
}

}  // namespace engine::store
