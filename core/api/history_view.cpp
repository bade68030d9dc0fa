#include "core/api/history_view.h"

#include "core/base/error.h"
#include "core/base/process.h"
#include "core/value/json.h"

namespace engine::api {
namespace {

RunRow row_of(const store::Event& event) {
  const Value data = parse_json(event.data, "a stored event");
  const View view = data;
  RunRow row;
  row.run = view["run"].as_string();
  row.attempt = view["attempt"].as_integer().value_or(1);
  row.started = from_ms(view["started"].as_integer().value_or(to_ms(event.at)));
  row.ended = event.at;
  for (const View count : view["outputs"]["counts"].elements()) {
    row.items += static_cast<std::size_t>(count.as_integer().value_or(0));
  }
  if (event.kind == "run_failed") {
    row.error = data["error"];
    row.status = view["retry_at"].missing() ? "failed" : "retried";
  } else {
    row.status = view["ready_at"].missing() ? "success" : "waiting";
  }
  return row;
}

void write_execution(ValueBuilder& builder, const store::Execution& execution) {
  const auto text = [&](const char* key, const std::string& value) {
    if (value.empty()) return;
    builder.key(key);
    builder.string(value);
  };
  text("id", execution.id);
  text("workflow", execution.workflow);
  text("mode", execution.mode);
  text("status", std::string(to_string(execution.status)));
  text("created", format_time(execution.created));
  if (execution.finished) text("finished", format_time(*execution.finished));
  if (execution.due) text("due", format_time(*execution.due));
  text("parent", execution.parent);
  text("retry_of", execution.retry_of);
  if (!execution.error.empty()) {
    builder.key("error");
    builder.copy(parse_json(execution.error, "a stored error"));
  }
}

void write_run(ValueBuilder& builder, const RunRow& run) {
  builder.begin_object();
  builder.key("run");
  builder.string(run.run);
  builder.key("attempt");
  builder.integer(run.attempt);
  builder.key("status");
  builder.string(run.status);
  builder.key("started");
  builder.string(format_time(run.started));
  builder.key("duration_ms");
  builder.integer((run.ended - run.started).count());
  builder.key("items");
  builder.integer(static_cast<std::int64_t>(run.items));
  builder.key("error");
  builder.value(run.error);
  builder.end_object();
}

}  // namespace

std::vector<RunRow> read_runs(store::Store& store, const std::string& execution) {
  std::vector<RunRow> rows;
  store.read_events(execution, [&](store::Event&& event) {
    if (event.kind == "run_finished" || event.kind == "run_failed") rows.push_back(row_of(event));
  });
  return rows;
}

Value describe_execution(const store::Execution& execution, const std::vector<RunRow>& runs) {
  ValueBuilder builder;
  builder.begin_object();
  write_execution(builder, execution);
  builder.key("runs");
  builder.begin_array();
  for (const RunRow& run : runs) write_run(builder, run);
  builder.end_array();
  builder.end_object();
  return builder.finish();
}

Value describe_execution(const store::Execution& execution) {
  ValueBuilder builder;
  builder.begin_object();
  write_execution(builder, execution);
  builder.end_object();
  return builder.finish();
}

store::Execution find_execution(store::Store& store, const std::string& id) {
  const auto matches = store.matching_executions(id, 2);
  if (id.empty() || matches.empty()) {
    throw Error(ErrorCause::user, "execution_not_found",
                "There is no execution '" + id + "'. See: engine executions list");
  }
  if (matches.size() > 1 && matches[0] != id) {
    throw Error(ErrorCause::user, "execution_ambiguous",
                "Several executions begin with '" + id + "'; give more of the id.");
  }
  return *store.find_execution(matches[0]);
}

}  // namespace engine::api
