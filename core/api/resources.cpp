// What the calls of the interface do.
#include <algorithm>
#include <charconv>

#include "core/api/api.h"
#include "core/api/history_view.h"
#include "core/base/nearest.h"
#include "core/execution/fit_inputs.h"
#include "core/execution/rebuild.h"
#include "core/value/json.h"

namespace engine::api {
namespace {

http::ServerResponse answer_json(const Value& body, int status = 200) {
  http::ServerResponse answer;
  answer.status = status;
  answer.headers.set("Content-Type", "application/json");
  answer.body = print_json(body);
  return answer;
}

Error not_found(const std::string& what, const std::string& name) {
  return {ErrorCause::user, what + "_not_found", "There is no " + what + " '" + name + "'."};
}

Value texts(const std::vector<std::string>& list) {
  std::vector<Value> values(list.begin(), list.end());
  return Value::array(values);
}

Value view_json(const trigger::ServedView& view, bool with_text) {
  std::vector<Value> triggers;
  for (const auto& each : view.triggers) {
    triggers.push_back(
        Value::object({{"node", each.node},
                       {"type", each.type},
                       {"url", each.url.empty() ? Value() : Value(each.url)},
                       {"active", each.fault.empty()},
                       {"fault", each.fault.empty() ? Value() : Value(each.fault)}}));
  }
  return Value::object(
      {{"name", view.workflow ? Value(view.workflow->name) : Value()},
       {"file", view.file},
       {"served", view.workflow != nullptr},
       {"hash", view.workflow ? Value(view.workflow->hash) : Value()},
       {"triggers", Value::array(triggers)},
       {"faults", texts(view.faults)},
       {"text", with_text && view.workflow ? Value(view.workflow->text) : Value()}});
}

// A list of objects, or one object.
std::optional<Items> read_items(const Value& given) {
  if (!given.given()) return std::nullopt;
  Items items;
  const auto add = [&](const Value& json) {
    if (!json.is_object()) {
      throw Error(ErrorCause::user, "bad_items", "'items' is a list of objects.");
    }
    items.push_back({json, {}, {}});
  };
  if (given.is_array()) {
    for (std::size_t i = 0; i < given.size(); ++i) add(given[i]);
  } else {
    add(given);
  }
  return items;
}

std::string trigger_of(const workflow::Workflow& workflow, const std::string& wanted) {
  std::vector<std::string> names;
  for (const workflow::WorkflowNode& node : workflow.graph.nodes) {
    if (node.type->kind == NodeKind::trigger) names.push_back(node.id);
  }
  if (wanted.empty()) {
    for (const std::string& name : names) {
      if (workflow.find(name)->type->description.id == "manual") return name;
    }
    return names.empty() ? "" : names.front();
  }
  if (std::find(names.begin(), names.end(), wanted) != names.end()) return wanted;
  throw Error(ErrorCause::user, "unknown_trigger",
              "The workflow has no trigger '" + wanted + "'." + did_you_mean(wanted, names));
}

Value started_json(const execution::ActiveExecution& execution) {
  return Value::object({{"execution", execution.id()}});
}

}  // namespace

http::ServerResponse Api::list_workflows(const Call& /*call*/) {
  std::vector<Value> all;
  for (const trigger::ServedView& view : serving_.workflows())
    all.push_back(view_json(view, false));
  return answer_json(Value::object({{"workflows", Value::array(all)}}));
}

http::ServerResponse Api::show_workflow(const Call& call) {
  const auto workflow = serving_.find(call.arguments[0]);
  for (const trigger::ServedView& view : serving_.workflows()) {
    if (view.file == call.arguments[0] || (workflow && view.workflow == workflow)) {
      return answer_json(view_json(view, true));
    }
  }
  throw not_found("workflow", call.arguments[0]);
}

http::ServerResponse Api::run_workflow(const Call& call) {
  const auto workflow = serving_.find(call.arguments[0]);
  if (!workflow) throw not_found("workflow", call.arguments[0]);
  const std::string trigger =
      trigger_of(*workflow, std::string(call.body.view()["trigger"].as_string()));
  Items items = read_items(call.body["items"]).value_or(Items{{Value::object(), {}, {}}});
  if (execution::takes_inputs(*workflow, trigger)) {
    items = execution::fit_inputs(*workflow, std::move(items));
  }
  const auto result = serving_.run_now(workflow, trigger, std::move(items));
  if (result.refused) {
    throw Error(ErrorCause::rate_limited, "queue_full",
                "There is too much to do. Try again later.");
  }
  if (!result.started) {
    throw Error(ErrorCause::user, "execution_running",
                "The workflow runs already, and its 'concurrency' says to skip what comes then.");
  }
  return answer_json(Value::object({{"execution", result.execution}}), 202);
}

http::ServerResponse Api::list_executions(const Call& call) {
  store::ExecutionFilter filter;
  filter.workflow = call.query("workflow");
  const std::string status = call.query("status");
  if (!status.empty()) {
    filter.status = store::parse_status(status);
    if (!filter.status) {
      throw Error(ErrorCause::user, "bad_status",
                  "The status is running, waiting, success, failed, cancelled or crashed.");
    }
  }
  const std::string before = call.query("before");
  if (!before.empty()) {
    filter.before = parse_time(before);
    if (!filter.before) {
      throw Error(ErrorCause::user, "bad_time", "'before' is a time such as 2026-01-31T12:00:00Z.");
    }
  }
  const std::string limit = call.query("limit");
  if (!limit.empty()) {
    std::size_t number = 0;
    const auto [end, error] = std::from_chars(limit.data(), limit.data() + limit.size(), number);
    if (error != std::errc() || end != limit.data() + limit.size() || number == 0 ||
        number > 1000) {
      throw Error(ErrorCause::user, "bad_limit", "'limit' is a number from 1 to 1000.");
    }
    filter.limit = number;
  }
  std::vector<Value> all;
  for (const store::Execution& each : store().list_executions(filter)) {
    all.push_back(describe_execution(each));
  }
  return answer_json(Value::object({{"executions", Value::array(all)}}));
}

http::ServerResponse Api::show_execution(const Call& call) {
  const store::Execution record = find_execution(store(), call.arguments[0]);
  return answer_json(describe_execution(record, read_runs(store(), record.id)));
}

http::ServerResponse Api::show_items(const Call& call) {
  const store::Execution record = find_execution(store(), call.arguments[0]);
  const auto workflow = serving_.executor().workflow_of(record);
  if (workflow->find(call.arguments[1]) == nullptr) throw not_found("node", call.arguments[1]);
  const auto rebuilt = execution::rebuild(*workflow, store(), record);
  std::vector<Value> items;
  for (const execution::NodeRun& run : rebuilt.state.runs) {
    if (run.node == nullptr || run.node->id != call.arguments[1]) continue;
    for (std::size_t output = 0; output < run.outputs.size(); ++output) {
      for (const Item& item : *run.outputs[output]) {
        items.push_back(Value::object(
            {{"output", run.node->outputs.size() > output ? Value(run.node->outputs[output].name)
                                                          : Value("main")},
             {"json", item.json},
             {"binary", item.binary}}));
      }
    }
  }
  return answer_json(Value::object({{"items", Value::array(items)}}));
}

http::ServerResponse Api::cancel(const Call& call) {
  const store::Execution record = find_execution(store(), call.arguments[0]);
  if (record.finished || !store().request_cancel(record.id)) {
    throw Error(
        ErrorCause::user, "execution_finished",
        "Execution " + record.id + " has ended (" + std::string(to_string(record.status)) + ").");
  }
  if (const auto running = serving_.executor().find(record.id)) {
    running->cancel(CancelReason::cancelled);
  } else {
    // It waits for its turn, or in the store: it is taken up to be ended.
    serving_.dispatcher().remove(record.id);
    serving_.starter().take_up(record)->cancel(CancelReason::cancelled);
  }
  return answer_json(Value::object({{"execution", record.id}}), 202);
}

http::ServerResponse Api::retry(const Call& call) {
  const store::Execution record = find_execution(store(), call.arguments[0]);
  return answer_json(started_json(*serving_.executor().retry(record, {})), 202);
}

http::ServerResponse Api::replay(const Call& call) {
  const store::Execution record = find_execution(store(), call.arguments[0]);
  const std::string from(call.body.view()["from"].as_string());
  if (from.empty()) {
    throw Error(ErrorCause::user, "bad_body", "Say which node to begin with: {\"from\": NODE}.");
  }
  return answer_json(
      started_json(*serving_.executor().replay(record, from, read_items(call.body["items"]), {})),
      202);
}

http::ServerResponse Api::list_credentials(const Call& /*call*/) {
  std::vector<Value> all;
  for (const CredentialSummary& each : serving_.executor().services().vault().list()) {
    all.push_back(Value::object({{"name", each.name},
                                 {"type", each.type},
                                 {"created", format_time(each.created)},
                                 {"updated", format_time(each.updated)}}));
  }
  return answer_json(Value::object({{"credentials", Value::array(all)}}));
}

}  // namespace engine::api
