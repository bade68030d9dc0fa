#include <unistd.h>

#include <CLI/App.hpp>
#include <CLI/Validators.hpp>
#include <algorithm>
#include <filesystem>
#include <iostream>

#include "core/cli/commands.h"
#include "core/cli/report.h"
#include "core/cli/session.h"
#include "core/flow_test/run_file.h"

namespace engine::cli {
namespace {

namespace fs = std::filesystem;

struct TestOptions {
  std::vector<std::string> files;
  std::string format = "text";
  bool update = false;
};

// All test files of a folder, those in folders inside of it too, in order.
std::vector<std::string> files_below(const fs::path& folder) {
  std::vector<std::string> files;
  fs::recursive_directory_iterator entry(folder, fs::directory_options::skip_permission_denied);
  for (; entry != fs::recursive_directory_iterator(); ++entry) {
    const bool hidden = entry->path().filename().string().starts_with('.');
    if (hidden && entry->is_directory()) entry.disable_recursion_pending();
    if (!hidden && entry->is_regular_file() && flow_test::is_test_file(entry->path())) {
      files.push_back(entry->path().string());
    }
  }
  std::sort(files.begin(), files.end());
  if (files.empty()) {
    throw Error(ErrorCause::user, "no_tests",
                "There is no file *.test.yaml in " + folder.string() +
                    ". The tests of flow.yaml are in flow.test.yaml beside it.");
  }
  return files;
}

std::vector<std::string> test_files(const Session& session, const std::string& place) {
  std::error_code ignored;
  if (fs::is_directory(place, ignored)) return files_below(place);
  if (flow_test::is_test_file(place)) {
    read_file(place);
    return {place};
  }
  const fs::path tests = flow_test::tests_beside(session.find_workflow(place));
  if (fs::is_regular_file(tests, ignored)) return {tests.string()};
  throw Error(ErrorCause::user, "no_tests",
              "The workflow has no tests: there is no " + tests.string() +
                  ". Begin it with:\n\ncases:\n  - name: What it shows\n    expect:\n\nand let "
                  "'engine test " +
                  place + " --update' write what the workflow gives.");
}

std::shared_ptr<const workflow::Workflow> compile(Session& session, const std::string& file,
                                                  Diagnostics& diagnostics) {
  workflow::CheckContext context = session.file_context(false);
  context.script_found = [&session] { session.scripts().prepare(); };
  std::string text;
  try {
    text = read_file(file);
  } catch (const Error&) {
    diagnostics.add({file, 0, 0}, "workflow_not_found",
                    "There is no workflow file '" + file +
                        "'. The tests of flow.yaml are in flow.test.yaml beside it; another place "
                        "is named by 'workflow' in the test file.");
    return nullptr;
  }
  return workflow::compile_workflow(text, file, context, diagnostics);
}

flow_test::Surroundings surroundings(Session& session) {
  flow_test::Surroundings result{session.credential_types(), session.log(), {}, {}, {}, {}, {}};
  result.scripts = [&session]() -> expression::ScriptRunner& { return session.scripts(); };
  result.workflows = [&session](const std::string& name, const std::string& from) {
    const fs::path file = session.find_workflow(name, fs::path(from).parent_path());
    return session.compile(read_file(file), file.string(), session.file_context(false));
  };
  result.http = [&session]() -> http::Client& { return session.http(); };
  result.vault = [&session]() -> Vault& { return session.vault(); };
  result.tokens = [&session]() -> TokenKeeper& { return session.tokens(); };
  return result;
}

flow_test::FileReport run(Session& session, const std::string& file, bool update) {
  Diagnostics diagnostics;
  const flow_test::TestFile tests = flow_test::read_test_file(
      read_file(file), file,
      [&](const std::string& workflow, Diagnostics& faults) {
        return compile(session, workflow, faults);
      },
      diagnostics);
  if (!diagnostics.empty() || !tests.workflow) {
    return {file, tests.workflow_file, diagnostics.sorted(), {}};
  }
  return flow_test::run_file(tests, surroundings(session), update);
}

void print(const Session& session, const std::vector<flow_test::FileReport>& reports,
           const std::string& format) {
  if (format == "json") {
    std::cout << flow_test::json_report(reports);
  } else if (format == "junit") {
    std::cout << flow_test::junit_report(reports);
  } else {
    std::vector<Diagnostic> faults;
    for (const flow_test::FileReport& report : reports) {
      faults.insert(faults.end(), report.faults.begin(), report.faults.end());
    }
    if (!faults.empty()) print_diagnostics(faults, session.colours(STDERR_FILENO));
    std::cout << flow_test::text_report(reports);
  }
}

void test(Session& session, const TestOptions& options) {
  std::vector<std::string> files;
  for (const std::string& place : options.files) {
    for (std::string& file : test_files(session, place)) {
      if (std::find(files.begin(), files.end(), file) == files.end()) {
        files.push_back(std::move(file));
      }
    }
  }
  std::vector<flow_test::FileReport> reports;
  for (const std::string& file : files) reports.push_back(run(session, file, options.update));
  print(session, reports, options.format);
  const flow_test::Counts counts = flow_test::count(reports);
  if (counts.failed > 0) session.exit_code = kFailed;
  if (counts.invalid > 0) session.exit_code = kInvalid;
}

}  // namespace

void add_test(CLI::App& app, Session& session) {
  const auto options = std::make_shared<TestOptions>();
  CLI::App* command = app.add_subcommand(
      "test", "Runs the tests of workflows: no network, no credentials, no wait");
  command
      ->add_option("FILE", options->files,
                   "Test files (flow.test.yaml), workflows with one beside them, or folders")
      ->required();
  command->add_option("--format", options->format, "text, json or junit")
      ->check(CLI::IsMember({"text", "json", "junit"}))
      ->type_name("FORMAT");
  command->add_flag("--update", options->update,
                    "Write what was given over what was expected; the rest of the file stays");
  command->footer(R"(Examples:
  engine test workflows
  engine test workflows/hello.yaml
  engine test flow.test.yaml --update
  engine test workflows --format junit > results.xml

A test file, flow.test.yaml beside flow.yaml:
  cases:
    - name: A bug gets a priority
      clock: 2026-11-26T09:00:00Z
      items: [{ task_id: "86a" }]
      http:
        - request: GET https://api.clickup.com/api/v2/task/86a
          response: { json: { id: "86a", tags: [{ name: bug }] } }
      expect:
        nodes: { priority: [{ priority: high }] }
        not_run: [problems]
Everything it may say: engine schema --test

Exit codes: 0 all pass, 1 a case fails, 2 wrong usage, 3 a test file or its workflow is invalid.)");
  command->callback([options, &session] { test(session, *options); });
}

}  // namespace engine::cli
