#include <CLI/App.hpp>
#include <iostream>

#include "core/cli/commands.h"
#include "core/cli/session.h"

namespace engine::cli {

void add_version(CLI::App& app, Session& /*session*/) {
  CLI::App* version = app.add_subcommand("version", "Print the version");
  version->callback([] { std::cout << "engine " << ENGINE_VERSION << '\n'; });
  CLI::App* help = app.add_subcommand("help", "Print this help");
  help->callback([&app] { std::cout << app.help(); });
}

}  // namespace engine::cli
