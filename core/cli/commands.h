// The commands. Each adds itself to the command line; its result goes to Session::exit_code.
#pragma once

namespace CLI {
class App;
}

namespace engine::cli {

class Session;

void add_run(CLI::App& app, Session& session);
void add_validate(CLI::App& app, Session& session);
void add_test(CLI::App& app, Session& session);
void add_nodes(CLI::App& app, Session& session);
void add_credentials(CLI::App& app, Session& session);
/// Below `credentials`.
void add_connect(CLI::App& credentials, Session& session);
void add_profiles(CLI::App& app, Session& session);
void add_executions(CLI::App& app, Session& session);
void add_plugin(CLI::App& app, Session& session);
void add_schema(CLI::App& app, Session& session);
void add_serve(CLI::App& app, Session& session);
void add_sandbox(CLI::App& app, Session& session);
/// `completions` and `man`.
void add_completions(CLI::App& app, Session& session);
void add_version(CLI::App& app, Session& session);

}  // namespace engine::cli
