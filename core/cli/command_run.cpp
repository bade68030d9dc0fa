#include <CLI/App.hpp>
#include <iostream>

#include "core/base/nearest.h"
#include "core/cli/commands.h"
#include "core/cli/follow.h"
#include "core/execution/fit_inputs.h"
#include "core/workflow/start.h"

namespace engine::cli {
namespace {

struct RunOptions {
  std::string file;
  std::string input;
  std::string trigger;
  std::string until;
  bool dry_run = false;
  bool no_save = false;
  FollowOptions follow;
};

void check_until(const workflow::Workflow& workflow, const std::string& until) {
  if (until.empty()) return;
  std::vector<std::string> ids;
  for (const workflow::WorkflowNode& node : workflow.graph.nodes) {
    if (node.id == until) return;
    ids.push_back(node.id);
  }
  throw Error(
      ErrorCause::user, "unknown_node",
      "The workflow has no node '" + until + "' at its top level." + did_you_mean(until, ids));
}

Items input_items(const std::string& input) {
  if (input.empty()) return {{Value::object(), {}, {}}};
  if (input == "-") return parse_items(read_standard_input(), "the standard input");
  return parse_items(read_file(input), input);
}

Items fit(const workflow::Workflow& workflow, Items items, bool nothing_given) try {
  return execution::fit_inputs(workflow, std::move(items));
} catch (const Error& error) {
  if (!nothing_given) throw;
  throw Error(error.cause(), error.code(), error.message() + " Give it with --input.");
}

void run(Session& session, const RunOptions& options) {
  const auto workflow = session.load(session.find_workflow(options.file));
  execution::Launch launch;
  launch.workflow = workflow;
  launch.save = !options.no_save && !options.dry_run;
  launch.dry_run = options.dry_run;
  launch.quick = true;
  execution::Started started;
  started.trigger = workflow::choose_trigger(*workflow, options.trigger);
  check_until(*workflow, options.until);
  started.until = options.until;
  started.items = input_items(options.input);
  if (execution::takes_inputs(*workflow, started.trigger))
    started.items = fit(*workflow, std::move(started.items), options.input.empty());
  FollowOptions follow_options = options.follow;
  follow_options.save = launch.save;
  follow_options.dry_run = launch.dry_run;
  follow(session, *workflow, follow_options,
         [&](execution::Executor& executor, execution::Observer* observer) {
           launch.hooks.observer = observer;
           return executor.start(launch, std::move(started));
         });
}

}  // namespace

void add_run(CLI::App& app, Session& session) {
  auto options = std::make_shared<RunOptions>();
  CLI::App* command =
      app.add_subcommand("run", "Run a workflow and print what its last nodes give");
  command->add_option("workflow", options->file, "Workflow file, or its name")->required();
  command
      ->add_option(
          "--input", options->input,
          "Items to start with: JSON (a list, an object, or one object per line); - is the "
          "standard input")
      ->type_name("FILE");
  command->add_option("--trigger", options->trigger, "Trigger to start from")->type_name("ID");
  command->add_option("--until", options->until, "Stop after this node and print what it gives")
      ->type_name("NODE");
  command->add_option("--output", options->follow.output, "json, pretty, table or none")
      ->check(CLI::IsMember({"json", "pretty", "table", "none"}))
      ->type_name("FORMAT");
  command->add_flag("--dry-run", options->dry_run,
                    "Show what writing nodes would do, and do none of it; nothing is stored");
  command->add_flag("--no-save", options->no_save, "Store nothing");
  command->add_flag("--quiet,-q", options->follow.quiet, "No progress");
  command->footer(R"(Examples:
  engine run workflows/hello.yaml
  engine run import.yaml --input rows.json --output table
  echo '{"name": "Ann"}' | engine run greet.yaml --input -
  engine run triage.yaml --dry-run

Exit codes: 0 done, 1 the execution failed, 2 wrong usage, 3 the workflow is invalid,
4 a credential or configuration problem, 130 interrupted.)");
  command->callback([options, &session] { run(session, *options); });
}

}  // namespace engine::cli
