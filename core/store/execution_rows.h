// Executions, their histories and what triggers keep, as rows. Private to core/store.
#pragma once

#include <SQLiteCpp/Statement.h>

#include "core/store/connection.h"
#include "core/store/store.h"

namespace engine::store {

/// See schema.cpp.
constexpr std::int64_t kEventsPerExecution = std::int64_t{1} << 24U;
/// The row of an event.
std::int64_t event_id(std::int64_t execution, std::uint32_t sequence);
/// The number of an execution. Throws Error{storage, "execution_not_found"}.
std::int64_t number_of(Connection& connection, const std::string& id);

void bind(SQLite::Statement& statement, int index, const std::optional<TimePoint>& time);
std::string text_at(SQLite::Statement& statement, int column);

void write_event(Connection& connection, std::int64_t execution, const Event& event);
/// Pieces that were left by a crash are not mixed with new ones.
void write_piece(Connection& connection, std::int64_t event, std::uint32_t piece,
                 const std::string& data);
void write_memory(Connection& connection, const NodeMemory& memory);
void write_state(Connection& connection, std::int64_t number, const Execution& execution);
void write_workflow(Connection& connection, const WorkflowText& workflow);
/// Gives its number.
std::int64_t write_execution(Connection& connection, const Execution& execution);
/// False when the trigger was started with this key before.
bool write_delivery(Connection& connection, const Intake& intake, const std::string& key);
void write_trigger_state(Connection& connection, const Intake& intake);

/// What read_execution reads, in order.
inline constexpr const char* kExecutionColumns =
    "id, workflow, workflow_hash, mode, status, created, finished, due, error, parent, parent_run, "
    "retry_of, owner";

Execution read_execution(SQLite::Statement& row);

}  // namespace engine::store
