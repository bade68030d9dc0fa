#include <malloc.h>
#include <unistd.h>

#include <CLI/App.hpp>
#include <CLI/Config.hpp>
#include <CLI/Formatter.hpp>
#include <algorithm>
#include <iostream>
#include <string_view>

#include "core/cli/commands.h"
#include "core/cli/report.h"
#include "core/cli/session.h"
#include "core/expression/apart_scripts.h"
#include "core/plugin/native_child.h"

namespace engine::cli {
namespace {

constexpr const char* kExamples = R"(Examples:
  engine run workflows/hello.yaml
  engine run report.yaml --input items.json --output table
  engine validate workflows/*.yaml
  engine test workflows
  engine nodes show clickup.task.create
  engine credentials add acme --type clickup --field auth=token --field token=-
  engine executions list
  engine sandbox clickup --port 8790)";

void add_global_options(CLI::App& app, GlobalOptions& options) {
  app.add_option("--db", options.db, "Database file ($ENGINE_DB)")->type_name("FILE");
  app.add_option("--plugins", options.plugins,
                 "Folder of packages, or one package ($ENGINE_PLUGINS); may be repeated")
      ->type_name("DIR")
      ->delimiter(':')
      ->allow_extra_args(false);
  app.add_option("--files", options.files,
                 "Folder that read_file and write_file stay below (default: here)")
      ->type_name("DIR");
  app.add_option("--log-level", options.log_level, "debug, info, warn, error or off")
      ->check(CLI::IsMember({"debug", "info", "warn", "error", "off"}))
      ->type_name("LEVEL");
  app.add_option("--log-format", options.log_format, "text or json")
      ->check(CLI::IsMember({"text", "json"}))
      ->type_name("FORMAT");
  app.add_flag("--no-color", options.no_color, "No colours ($NO_COLOR)");
}

// 4 for what has to be set up first, 1 for the rest.
int exit_code_for(const Error& error) {
  switch (error.cause()) {
    case ErrorCause::credential:
    case ErrorCause::storage: return kConfiguration;
    case ErrorCause::user: return kUsage;
    default: return kFailed;
  }
}

// The file is good; a credential that it names is not there, or may not be used for this.
bool only_set_up_is_missing(const std::vector<Diagnostic>& diagnostics) {
  return std::all_of(diagnostics.begin(), diagnostics.end(), [](const Diagnostic& diagnostic) {
    return diagnostic.code == "unknown_credential" || diagnostic.code == "credential_not_allowed";
  });
}

int parse(CLI::App& app, int count, char** arguments) {
  try {
    app.parse(count, arguments);
    return -1;
  } catch (const CLI::CallForHelp&) {
    const auto chosen = app.get_subcommands();
    std::cout << (chosen.empty() ? app.help() : app.help("", CLI::AppFormatMode::Normal));
    return kDone;
  } catch (const CLI::ParseError& error) {
    const std::string unknown = unknown_word(app, count, arguments);
    std::cerr << "engine: " << (unknown.empty() ? error.what() : unknown)
              << "\nRun with --help for more information.\n";
    return kUsage;
  }
}

int run_main(int count, char** arguments) {
  Session session;
  CLI::App app("engine runs workflow automations written as YAML files.", "engine");
  app.require_subcommand(1);
  app.fallthrough();
  add_global_options(app, session.options);
  for (const auto add :
       {add_run, add_validate, add_test, add_nodes, add_credentials, add_profiles, add_executions,
        add_plugin, add_schema, add_serve, add_sandbox, add_completions, add_version}) {
    add(app, session);
  }
  app.footer(kExamples);  // last: commands inherit it when they are made
  try {
    const int parsed = parse(app, count, arguments);
    return parsed >= 0 ? parsed : session.exit_code;
  } catch (const InvalidWorkflow& invalid) {
    print_diagnostics(invalid.diagnostics, session.colours(STDERR_FILENO));
    return only_set_up_is_missing(invalid.diagnostics) ? kConfiguration : kInvalid;
  } catch (const Error& error) {
    print_error(error, session.colours(STDERR_FILENO));
    return exit_code_for(error);
  } catch (const std::exception& exception) {
    print_error(Error(ErrorCause::bug, "unexpected_exception", exception.what()),
                session.colours(STDERR_FILENO));
    return kFailed;
  }
}

}  // namespace
}  // namespace engine::cli

int main(int count, char** arguments) {
  // Processes that the engine starts for itself.
  if (count == 2 && std::string_view(arguments[1]) == engine::plugin::kNativeChildArgument) {
    return engine::plugin::run_native_child();
  }
  if (count == 2 && std::string_view(arguments[1]) == engine::expression::kScriptChildArgument) {
    return engine::expression::serve_scripts();
  }
  std::ios::sync_with_stdio(false);
  // Large buffers go back to the system as soon as they are free. By default glibc keeps more of
  // them the larger they get, and a million items peak 3 % higher.
  mallopt(M_MMAP_THRESHOLD, 1'000'000);
  const int code = engine::cli::run_main(count, arguments);
  std::cout.flush();
  return code;
}
