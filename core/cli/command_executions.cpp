#include <unistd.h>

#include <CLI/App.hpp>
#include <iostream>

#include "core/api/history_view.h"
#include "core/base/process.h"
#include "core/cli/commands.h"
#include "core/cli/follow.h"
#include "core/cli/report.h"
#include "core/execution/rebuild.h"
#include "core/value/json.h"

namespace engine::cli {
namespace {

using api::describe_execution;
using api::find_execution;
using api::read_runs;
using api::RunRow;

struct ExecutionOptions {
  std::string id;
  std::string node;
  std::string input;
  std::string workflow;
  std::string status;
  std::string format = "text";
  std::string older_than;
  std::string failed_older_than;
  std::int64_t keep = -1;
  std::size_t limit = 20;
  FollowOptions follow;
};

// A running execution whose process is gone: what a crash leaves behind.
bool abandoned(const store::Execution& execution) {
  return !execution.finished && !process_alive(execution.owner);
}

std::string status_text(const store::Execution& execution) {
  if (abandoned(execution)) return "interrupted";
  return std::string(to_string(execution.status));
}

std::string took(const store::Execution& execution) {
  return execution.finished ? format_duration(*execution.finished - execution.created) : "";
}

int list(Session& session, const ExecutionOptions& options) {
  store::ExecutionFilter filter;
  filter.workflow = options.workflow;
  filter.limit = options.limit;
  if (!options.status.empty()) filter.status = store::parse_status(options.status);
  const auto executions = session.store().list_executions(filter);
  if (options.format == "json") {
    std::vector<Value> rows;
    for (const auto& execution : executions) rows.push_back(describe_execution(execution));
    std::cout << print_json_pretty(Value::array(rows)) << '\n';
    return kDone;
  }
  std::vector<std::vector<std::string>> rows{
      {"ID", "WORKFLOW", "STATUS", "MODE", "CREATED", "TOOK"}};
  for (const auto& execution : executions) {
    rows.push_back({execution.id, shortened(execution.workflow, 40), status_text(execution),
                    execution.mode, format_time(execution.created), took(execution)});
  }
  print_table(std::cout, rows);
  return kDone;
}

// What JSON does not hold.
void tell_binary_data(const Items& items) {
  for (std::size_t i = 0; i < items.size(); ++i) {
    for (const auto& [name, data] : items[i].binary.members()) {
      std::cerr << "Item " << i + 1 << " has the binary data '" << name
                << "': " << data["file_name"].as_string("(no name)") << ", "
                << data["mime_type"].as_string() << ", " << to_text(data["size"]) << " bytes.\n";
    }
  }
}

int show_node(Session& session, const store::Execution& record, const ExecutionOptions& options) {
  execution::SystemTimers timers(session.clock());
  execution::Executor executor(session.services(true, timers));
  const auto workflow = executor.workflow_of(record);
  const auto rebuilt = execution::rebuild(*workflow, session.store(), record);
  if (workflow->find(options.node) == nullptr) {
    throw Error(ErrorCause::user, "unknown_node",
                "The workflow of this execution has no node '" + options.node + "'.");
  }
  Items items;
  for (const execution::NodeRun& run : rebuilt.state.runs) {
    if (run.node == nullptr || run.node->id != options.node) continue;
    for (const auto& output : run.outputs)
      items.insert(items.end(), output->begin(), output->end());
  }
  print_items(std::cout, items,
              options.format == "json" ? OutputFormat::json : OutputFormat::pretty);
  if (options.format != "json") tell_binary_data(items);
  return kDone;
}

int show(Session& session, const ExecutionOptions& options) {
  const store::Execution execution = find_execution(session.store(), options.id);
  if (!options.node.empty()) return show_node(session, execution, options);
  const auto runs = read_runs(session.store(), execution.id);
  if (options.format == "json") {
    std::cout << print_json_pretty(describe_execution(execution, runs)) << '\n';
    return kDone;
  }
  std::vector<std::vector<std::string>> head{{"execution", execution.id},
                                             {"workflow", execution.workflow},
                                             {"status", status_text(execution)},
                                             {"mode", execution.mode},
                                             {"created", format_time(execution.created)}};
  if (execution.finished) {
    head.push_back({"finished", format_time(*execution.finished) + " (" + took(execution) + ")"});
  }
  if (execution.due) {
    const bool endless = *execution.due == TimePoint::max();
    head.push_back(
        {"goes on", endless ? "when its resume URL is called" : format_time(*execution.due)});
  }
  if (!execution.retry_of.empty()) head.push_back({"retry of", execution.retry_of});
  if (!execution.parent.empty()) head.push_back({"called by", execution.parent});
  if (!execution.error.empty()) {
    const Value error = parse_json(execution.error, "a stored error");
    head.push_back({"error", std::string(error.view()["message"].as_string())});
  }
  print_table(std::cout, head);
  std::vector<std::vector<std::string>> rows{
      {"NODE RUN", "ATTEMPT", "STATUS", "ITEMS", "TOOK", "ERROR"}};
  for (const RunRow& run : runs) {
    rows.push_back({run.run, std::to_string(run.attempt), run.status, std::to_string(run.items),
                    format_duration(run.ended - run.started),
                    shortened(run.error.view()["message"].as_string(), 60)});
  }
  std::cout << '\n';
  print_table(std::cout, rows);
  if (abandoned(execution)) {
    std::cerr << "Nobody runs it any more. To go on: engine executions retry " << execution.id
              << '\n';
  }
  return kDone;
}

[[noreturn]] void go_on(
    Session& session, const ExecutionOptions& options,
    const std::function<std::shared_ptr<execution::ActiveExecution>(
        execution::Executor&, const store::Execution&, execution::Observer*)>& begin) {
  const store::Execution record = find_execution(session.store(), options.id);
  const auto text = session.store().find_workflow(record.workflow_hash);
  if (!text) {
    throw Error(ErrorCause::storage, "history_damaged",
                "The workflow of execution " + record.id + " is not in the database.");
  }
  const auto workflow = session.compile(text->text, text->file);
  follow(session, *workflow, options.follow,
         [&](execution::Executor& executor, execution::Observer* observer) {
           return begin(executor, record, observer);
         });
}

int retry(Session& session, const ExecutionOptions& options) {
  go_on(session, options,
        [](execution::Executor& executor, const store::Execution& record,
           execution::Observer* observer) { return executor.retry(record, {observer}); });
}

int replay(Session& session, const ExecutionOptions& options) {
  std::optional<Items> edited;
  if (options.input == "-") {
    edited = parse_items(read_standard_input(), "the standard input");
  } else if (!options.input.empty()) {
    edited = parse_items(read_file(options.input), options.input);
  }
  go_on(session, options,
        [&](execution::Executor& executor, const store::Execution& record,
            execution::Observer* observer) {
          return executor.replay(record, options.node, edited, {observer});
        });
}

int cancel(Session& session, const ExecutionOptions& options) {
  store::Execution execution = find_execution(session.store(), options.id);
  if (execution.finished || !session.store().request_cancel(execution.id)) {
    throw Error(ErrorCause::user, "execution_finished",
                "Execution " + execution.id + " has ended (" +
                    std::string(to_string(execution.status)) + ").");
  }
  if (abandoned(execution)) {
    execution.status = store::Status::cancelled;
    execution.finished = session.clock().now();
    execution.due.reset();
    session.store().append(execution.id, {}, {}, execution)->wait();
    std::cerr << "Execution " << execution.id << " is cancelled.\n";
  } else {
    std::cerr << "Execution " << execution.id << " is asked to stop.\n";
  }
  return kDone;
}

TimePoint before(const Session& session, const std::string& age, const char* option) {
  const auto duration = parse_duration(age);
  if (!duration) {
    throw Error(ErrorCause::user, "bad_option",
                std::string(option) + " takes a duration such as 14d or 12h, not '" + age + "'.");
  }
  return session.clock().now() - *duration;
}

int prune(Session& session, const ExecutionOptions& options) {
  store::PruneRules rules;
  rules.workflow = options.workflow;
  if (!options.older_than.empty()) {
    rules.success_before = before(session, options.older_than, "--older-than");
    rules.error_before = rules.success_before;
  }
  if (!options.failed_older_than.empty()) {
    rules.error_before = before(session, options.failed_older_than, "--failed-older-than");
  }
  if (options.keep >= 0) rules.keep_newest = static_cast<std::size_t>(options.keep);
  if (!rules.success_before && !rules.error_before && !rules.keep_newest) {
    throw Error(ErrorCause::user, "bad_option",
                "Say what may go: --older-than 14d, --failed-older-than 90d or --keep 1000.");
  }
  const bool terminal = isatty(STDERR_FILENO) != 0;
  if (terminal) {
    rules.progress = [](std::size_t removed) {
      std::cerr << "\r" << removed << " removed …" << std::flush;
    };
  }
  const std::size_t removed = session.store().prune(rules);
  if (terminal) std::cerr << "\r\033[K";
  std::cerr << removed << (removed == 1 ? " execution" : " executions") << " removed.\n";
  const std::size_t files =
      session.binaries().sweep(session.clock().now() - BinaryStore::kYoung,
                               [&] { return session.store().binary_references(); });
  if (files > 0) {
    std::cerr << files << (files == 1 ? " file" : " files") << " of binary data removed.\n";
  }
  return kDone;
}

using ExecutionAction = int (*)(Session&, const ExecutionOptions&);

CLI::App* add_action(CLI::App& group, Session& session,
                     const std::shared_ptr<ExecutionOptions>& options, const char* name,
                     const char* text, ExecutionAction action, bool with_id) {
  CLI::App* command = group.add_subcommand(name, text);
  if (with_id)
    command->add_option("id", options->id, "Execution, or the beginning of its id")->required();
  command->callback([options, &session, action] { session.exit_code = action(session, *options); });
  return command;
}

void add_format(CLI::App& command, ExecutionOptions& options) {
  command.add_option("--format", options.format, "text or json")
      ->check(CLI::IsMember({"text", "json"}))
      ->type_name("FORMAT");
}

void add_follow(CLI::App& command, ExecutionOptions& options) {
  command.add_option("--output", options.follow.output, "json, pretty, table or none")
      ->check(CLI::IsMember({"json", "pretty", "table", "none"}))
      ->type_name("FORMAT");
  command.add_flag("--quiet,-q", options.follow.quiet, "No progress");
}

}  // namespace

void add_executions(CLI::App& app, Session& session) {
  CLI::App* group = app.add_subcommand("executions", "Look at what ran, and go on with it");
  group->require_subcommand(1);
  auto options = std::make_shared<ExecutionOptions>();
  CLI::App* listing =
      add_action(*group, session, options, "list", "The newest executions", list, false);
  listing->add_option("--workflow", options->workflow, "Only of this workflow")->type_name("NAME");
  listing->add_option("--status", options->status, "Only with this status")
      ->check(CLI::IsMember({"running", "waiting", "success", "failed", "cancelled", "crashed"}))
      ->type_name("STATUS");
  listing->add_option("--limit", options->limit, "How many")->capture_default_str();
  add_format(*listing, *options);
  listing->footer(R"(Examples:
  engine executions list --status failed
  engine executions list --workflow Triage --limit 100 --format json)");
  CLI::App* showing =
      add_action(*group, session, options, "show", "One execution and its node runs", show, true);
  showing->add_option("--node", options->node, "The items that this node gave")->type_name("NODE");
  add_format(*showing, *options);
  showing->footer(R"(Examples:
  engine executions show 01k9
  engine executions show 01k9 --node fetch)");
  CLI::App* retrying = add_action(
      *group, session, options, "retry",
      "Go on with a failed or interrupted execution; finished node runs are not repeated", retry,
      true);
  add_follow(*retrying, *options);
  retrying->footer("Examples:\n  engine executions retry 01k9");
  CLI::App* replaying = add_action(*group, session, options, "replay",
                                   "Run a node and all that follows it again", replay, true);
  replaying->add_option("--from", options->node, "The node to begin with")
      ->required()
      ->type_name("NODE");
  replaying
      ->add_option("--input", options->input,
                   "Items to give it instead of the stored ones (JSON; - reads the standard input)")
      ->type_name("FILE");
  add_follow(*replaying, *options);
  replaying->footer(R"(Examples:
  engine executions replay 01k9 --from fetch
  engine executions replay 01k9 --from fetch --input edited.json)");
  add_action(*group, session, options, "cancel", "Stop a running or waiting execution", cancel,
             true)
      ->footer("Examples:\n  engine executions cancel 01k9");
  CLI::App* pruning = add_action(*group, session, options, "prune",
                                 "Remove old executions and give their space back", prune, false);
  pruning->add_option("--older-than", options->older_than, "Age, e.g. 14d")->type_name("DURATION");
  pruning->add_option("--failed-older-than", options->failed_older_than, "Age of failed ones")
      ->type_name("DURATION");
  pruning->add_option("--keep", options->keep, "Keep the newest N of each workflow")
      ->type_name("N");
  pruning->add_option("--workflow", options->workflow, "Only of this workflow")->type_name("NAME");
  pruning->footer(R"(Examples:
  engine executions prune --older-than 14d --failed-older-than 90d
  engine executions prune --workflow Triage --keep 1000)");
  group->footer(R"(Examples:
  engine executions list --status failed
  engine executions show 01k9 --node fetch
  engine executions retry 01k9
  engine executions replay 01k9 --from fetch --input edited.json
  engine executions prune --older-than 14d --failed-older-than 90d)");
}

}  // namespace engine::cli
