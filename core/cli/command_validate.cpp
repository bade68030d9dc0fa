#include <unistd.h>

#include <CLI/App.hpp>
#include <CLI/Validators.hpp>
#include <iostream>

#include "core/cli/commands.h"
#include "core/cli/report.h"
#include "core/cli/session.h"
#include "core/value/json.h"

namespace engine::cli {
namespace {

struct ValidateOptions {
  std::vector<std::string> files;
  std::string format = "text";
};

struct CheckedFile {
  std::string file;
  std::vector<Diagnostic> faults;
};

CheckedFile check(const workflow::CheckContext& context, const std::string& file) {
  Diagnostics diagnostics;
  try {
    workflow::compile_workflow(read_file(file), file, context, diagnostics);
  } catch (const Error& error) {
    diagnostics.add({file, 0, 0}, error.code(), error.message());
  }
  return {file, diagnostics.sorted()};
}

Value as_json(const std::vector<CheckedFile>& results) {
  std::vector<Value> files;
  for (const CheckedFile& result : results) {
    files.push_back(Value::object({{"file", result.file},
                                   {"valid", result.faults.empty()},
                                   {"faults", faults_json(result.faults)}}));
  }
  return Value::array(files);
}

void print_as_text(Session& session, const std::vector<CheckedFile>& results) {
  std::vector<Diagnostic> faults;
  for (const CheckedFile& result : results) {
    if (result.faults.empty()) std::cout << result.file << ": valid\n";
    faults.insert(faults.end(), result.faults.begin(), result.faults.end());
  }
  if (!faults.empty()) print_diagnostics(faults, session.colours(STDERR_FILENO));
}

void validate(Session& session, const ValidateOptions& options) {
  const workflow::CheckContext context = session.file_context();
  std::vector<CheckedFile> results;
  for (const std::string& file : options.files) {
    results.push_back(check(context, file));
    if (!results.back().faults.empty()) session.exit_code = kInvalid;
  }
  if (options.format == "json") {
    std::cout << print_json_pretty(as_json(results)) << '\n';
  } else {
    print_as_text(session, results);
  }
}

}  // namespace

void add_validate(CLI::App& app, Session& session) {
  CLI::App* command =
      app.add_subcommand("validate", "Checks workflow files and reports every fault at once");
  const auto options = std::make_shared<ValidateOptions>();
  command->add_option("FILE", options->files, "Workflow files")->required();
  command->add_option("--format", options->format, "text or json")
      ->check(CLI::IsMember({"text", "json"}))
      ->type_name("FORMAT");
  command->footer(R"(Examples:
  engine validate flow.yaml
  engine validate workflows/*.yaml --format json)");
  command->callback([&session, options] { validate(session, *options); });
}

}  // namespace engine::cli
