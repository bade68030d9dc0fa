#include <CLI/App.hpp>
#include <condition_variable>
#include <iostream>
#include <mutex>

#include "core/base/error.h"
#include "core/cli/commands.h"
#include "core/cli/session.h"
#include "core/cli/signals.h"
#include "core/http/pooled_client.h"
#include "core/http/server.h"
#include "nodes/clickup/sandbox/sandbox.h"

namespace engine::cli {
namespace {

struct SandboxOptions {
  std::uint16_t port = 8790;
  std::string seed;
  std::uint32_t rate_limit = 0;
  std::vector<std::string> faults;
  std::string webhook_retry = "5s";
};

Milliseconds duration_of(const std::string& text) {
  const auto duration = parse_duration(text);
  if (duration) return *duration;
  throw Error(ErrorCause::user, "bad_duration",
              "--webhook-retry is '" + text + "', which is no duration. Write 10ms, 5s or 1m.");
}

int serve_clickup(Session& session, const SandboxOptions& options) {
  clickup::sandbox::SandboxOptions settings;
  if (!options.seed.empty()) settings.seed = read_file(options.seed);
  settings.rate_limit = options.rate_limit;
  settings.faults = options.faults;
  settings.webhook_retry = duration_of(options.webhook_retry);
  http::ClientOptions no_waiting;  // an address that answers 429 has failed
  no_waiting.longest_pause = Milliseconds(0);
  http::PooledClient client(session.clock(), session.random(), no_waiting);
  settings.client = &client;

  std::mutex mutex;
  std::condition_variable ended;
  bool stop = false;
  const SignalWatch watch([&] {
    const std::lock_guard lock(mutex);
    stop = true;
    ended.notify_all();
  });
  clickup::sandbox::Sandbox sandbox(settings, session.clock(), session.random());
  http::ServerOptions server_options;
  server_options.port = options.port;
  http::Server server(server_options,
                      [&](const http::ServerRequest& request) { return sandbox.handle(request); });
  // One line for people and scripts: the port may have been chosen by the system.
  std::cout << "ClickUp sandbox on http://127.0.0.1:" << server.port() << "/api (token "
            << clickup::sandbox::kDefaultToken << ")" << std::endl;
  std::unique_lock lock(mutex);
  ended.wait(lock, [&] { return stop; });
  server.stop();
  return kDone;
}

}  // namespace

void add_sandbox(CLI::App& app, Session& session) {
  CLI::App* command = app.add_subcommand(
      "sandbox", "Run a local stand-in for a service, to build and try automations");
  command->require_subcommand(1);
  auto options = std::make_shared<SandboxOptions>();
  CLI::App* clickup =
      command->add_subcommand("clickup", "ClickUp: spaces, lists, 1,000 tasks, no account needed");
  clickup->add_option("--port", options->port, "Port on 127.0.0.1; 0 takes a free one")
      ->capture_default_str();
  clickup->add_option("--seed", options->seed, "JSON file with the data to start with")
      ->type_name("FILE");
  clickup
      ->add_option("--rate-limit", options->rate_limit,
                   "Requests per minute and token, then 429; 0 refuses nothing")
      ->capture_default_str();
  clickup
      ->add_option("--fault", options->faults,
                   "Make requests fail: 'METHOD PATH:WHAT:PROBABILITY', WHAT a status, latency, "
                   "truncate or garbage")
      ->type_name("FAULT");
  clickup
      ->add_option("--webhook-retry", options->webhook_retry,
                   "Time between the five tries to deliver a webhook")
      ->type_name("DURATION")
      ->capture_default_str();
  clickup->footer(R"(Examples:
  engine sandbox clickup
  engine sandbox clickup --port 9000 --rate-limit 100
  engine sandbox clickup --fault 'POST /v2/list/*/task:500:0.1'
  engine sandbox clickup --seed small.json

A seed holds workspaces; most may be left out, and dates may be distances from now:
  {"workspaces": [{"name": "Acme",
    "users": [{"id": 101, "username": "Ada", "email": "ada@example.com", "token": "pk_ada"}],
    "spaces": [{"name": "Product", "lists": [{"id": "901", "name": "Bugs",
      "tasks": [{"name": "Crash", "status": "to do", "tags": ["bug"], "due_date": "5d"}]}]}]}]}

Then, in another terminal:
  engine credentials add acme --type clickup --field auth=token --field token=pk_sandbox \
    --field api_url=http://127.0.0.1:8790/api)");
  command->footer("Examples:\n  engine sandbox clickup");
  clickup->callback([options, &session] { session.exit_code = serve_clickup(session, *options); });
}

}  // namespace engine::cli
