#include <CLI/App.hpp>
#include <CLI/Formatter.hpp>
#include <algorithm>
#include <iostream>

#include "core/base/nearest.h"
#include "core/cli/commands.h"
#include "core/cli/session.h"

namespace engine::cli {
namespace {

// The command that `words` name, e.g. {"executions", "retry"}.
const CLI::App& find_command(const CLI::App& app, const std::vector<std::string>& words) {
  const CLI::App* command = &app;
  for (const std::string& word : words) {
    const auto all = command->get_subcommands([](const CLI::App*) { return true; });
    const auto found = std::find_if(all.begin(), all.end(),
                                    [&](const CLI::App* each) { return each->get_name() == word; });
    if (found == all.end()) {
      std::vector<std::string> names;
      for (const CLI::App* each : all) names.push_back(each->get_name());
      throw Error(ErrorCause::user, "unknown_command",
                  "There is no command '" + word + "'." + did_you_mean(word, names));
    }
    command = *found;
  }
  return *command;
}

}  // namespace

void add_version(CLI::App& app, Session& /*session*/) {
  CLI::App* version = app.add_subcommand("version", "Print the version");
  version->callback([] { std::cout << "engine " << ENGINE_VERSION << '\n'; });
  version->footer("Examples:\n  engine version");
  CLI::App* help = app.add_subcommand("help", "Print this help, or that of a command");
  help->footer(R"(Examples:
  engine help
  engine help executions retry)");
  const auto words = std::make_shared<std::vector<std::string>>();
  help->add_option("command", *words, "A command, e.g. 'executions retry'");
  help->callback([&app, words] {
    const CLI::App& command = find_command(app, *words);
    std::string name = app.get_name();
    for (const std::string& word : *words) name += ' ' + word;
    // App::help() would print the help of `help`: the command that was called.
    std::cout << command.get_formatter()->make_help(&command, name, CLI::AppFormatMode::Normal);
  });
}

}  // namespace engine::cli
