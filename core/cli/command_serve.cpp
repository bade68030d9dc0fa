#include <unistd.h>

#include <CLI/App.hpp>
#include <CLI/Validators.hpp>
#include <algorithm>
#include <atomic>
#include <condition_variable>
#include <iostream>
#include <map>
#include <mutex>
#include <thread>

#include "core/api/api.h"
#include "core/cli/commands.h"
#include "core/cli/service_manager.h"
#include "core/cli/session.h"
#include "core/cli/signals.h"
#include "core/credential/connect_page.h"
#include "core/http/server.h"
#include "core/trigger/serving.h"

namespace engine::cli {
namespace {

constexpr Milliseconds kStopLimit{30'000};
constexpr std::string_view kResumePurpose = "resume urls";

// Waits for Ctrl-C or SIGTERM.
class StopSignal {
 public:
  StopSignal()
      : watch_([this] {
          const std::lock_guard lock(mutex_);
          stop_ = true;
          changed_.notify_all();
        }) {}
  void wait() {
    std::unique_lock lock(mutex_);
    changed_.wait(lock, [this] { return stop_; });
  }

 private:
  std::mutex mutex_;
  std::condition_variable changed_;
  bool stop_ = false;
  SignalWatch watch_;
};

struct ServeOptions {
  std::vector<std::string> places;
  std::string host = "127.0.0.1";
  std::uint16_t port = 5678;
  std::string public_url;
  bool allow_private = false;
  std::vector<std::string> allow_hosts;
  std::size_t connections = 1024;
  trigger::DispatcherOptions queues;
  std::string answer_limit = "60s";
  bool trust_proxy = false;
  bool new_api_key = false;
  bool systemd_unit = false;
  StopSignal* stop = nullptr;
};

Milliseconds answer_limit(const std::string& text) {
  const auto limit = parse_duration(text);
  if (limit && limit->count() > 0) return *limit;
  throw Error(ErrorCause::user, "bad_option",
              "--answer-limit takes a duration such as 60s or 2m, not '" + text + "'.");
}

trigger::Folder::Compile compiler(Session& session) {
  return [&session, checker = std::make_shared<expression::Evaluator>()](
             const std::string& text, const std::string& file, Diagnostics& faults) {
    workflow::CheckContext context = session.check_context();
    context.script_checker = checker;
    context.script_found = [&session] { session.scripts().prepare(); };
    // What is in the database was found good by whoever ran it.
    context.known_good = [&session](const std::string& hash) {
      return session.store().find_workflow(hash).has_value();
    };
    return workflow::compile_workflow(text, file, context, faults);
  };
}

// The last address of X-Forwarded-For is the one that our own proxy has seen.
std::string caller_behind_proxy(const http::ServerRequest& request) {
  const auto forwarded = request.headers.find("X-Forwarded-For");
  if (!forwarded) return request.peer;
  const std::size_t comma = forwarded->rfind(',');
  std::string_view last =
      comma == std::string_view::npos ? *forwarded : forwarded->substr(comma + 1);
  while (last.starts_with(' ')) last.remove_prefix(1);
  while (last.ends_with(' ')) last.remove_suffix(1);
  return std::string(last);
}

/// Versions that are not served any more, for the executions that began with them.
class OlderVersions {
 public:
  using Compiled = std::shared_ptr<const workflow::Workflow>;
  Compiled get(const std::string& text, const std::function<Compiled()>& compile) {
    const std::lock_guard lock(mutex_);
    std::weak_ptr<const workflow::Workflow>& known = known_[text];
    Compiled found = known.lock();
    if (!found) known = found = compile();
    std::erase_if(known_, [](const auto& entry) { return entry.second.expired(); });
    return found;
  }

 private:
  std::mutex mutex_;
  std::map<std::string, std::weak_ptr<const workflow::Workflow>> known_;
};

/// The parts of a server, in the order in which they need each other.
class ServeCommand {
 public:
  ServeCommand(Session& session, const ServeOptions& options)
      : session_(session),
        options_(options),
        timers_(session.clock()),
        tokens_(session.vault().server_secret(kResumePurpose)),
        executor_(services()),
        serving_(executor_, session.registry(), compiler(session), serving_options()),
        key_(api::api_key(session.store(), options.new_api_key)),
        api_(serving_, metrics_, key_.hash) {}

  [[noreturn]] void run() {
    session_.http_waited = [this](Milliseconds time) { metrics_.waited(time); };
    http::Server server(server_options(), [this](const http::ServerRequest& request) {
      http::ServerResponse answer = handle(request);
      metrics_.answered(answer.status);
      return answer;
    });
    const std::string address = "http://" + options_.host + ":" + std::to_string(server.port());
    if (base_url_.empty()) base_url_ = address;
    connect_ = std::make_unique<ConnectPage>(session_.vault(), session_.http(), session_.clock(),
                                             base_url_);
    listening_ = true;
    serving_.start();
    tell_packages();
    if (!key_.shown.empty()) {
      std::cerr << "The key of the API, shown this once: " << key_.shown << '\n';
    }
    const auto workflows = serving_.workflows();
    if (std::none_of(workflows.begin(), workflows.end(),
                     [](const auto& view) { return view.workflow != nullptr; })) {
      std::cerr << "No workflow is served yet. One that is added or mended is served at once.\n";
    }
    // One line for people and scripts: the port may have been chosen by the system.
    std::cout << "engine serves on " << address << std::endl;
    notify_service_manager("READY=1");
    options_.stop->wait();
    notify_service_manager("STOPPING=1");
    end(server);
  }

 private:
  // What does not end in time is left as a crash would leave it, and goes on at the next start.
  [[noreturn]] void end(http::Server& server) {
    std::mutex mutex;
    std::condition_variable changed;
    bool ended = false;
    std::thread([&] {
      server.stop();
      serving_.stop(kStopLimit);
      const std::lock_guard lock(mutex);
      ended = true;
      changed.notify_all();
    }).detach();
    std::unique_lock lock(mutex);
    changed.wait_for(lock, kStopLimit, [&] { return ended; });
    session_.store().flush();
    std::cout.flush();
    _exit(kDone);
  }

  // A changed workflow counts at once; who works on a package has to be told that it does not.
  void tell_packages() {
    std::string names;
    for (const plugin::StagedPackage& package : session_.packages().loaded()) {
      names += (names.empty() ? "" : ", ") + package.name + " " + package.version;
    }
    if (names.empty()) return;
    std::cerr << "Packages as they are now: " << names
              << ". What changes in them counts after the next start.\n";
  }

  http::ServerResponse handle(const http::ServerRequest& request) {
    const bool hook = request.path.starts_with("/webhook/") ||
                      request.path.starts_with("/hooks/") || request.path.starts_with("/resume/");
    if (ConnectPage::serves(request.path) && listening_) return connect_->handle(request);
    if (!hook) return api_.handle(request);
    if (!serving_.ready()) {
      http::ServerResponse answer = trigger::plain_error(503, "The server is starting.");
      answer.headers.set("Retry-After", "1");
      return answer;
    }
    if (!options_.trust_proxy) return serving_.handle(request);
    http::ServerRequest forwarded = request;
    forwarded.peer = caller_behind_proxy(request);
    return serving_.handle(forwarded);
  }

  execution::Services services() {
    execution::Services services = session_.services(true, timers_);
    services.private_addresses = options_.allow_private;
    services.private_hosts = options_.allow_hosts;
    services.workflows = [this, load = services.workflows](const std::string& name,
                                                           const std::string& from) {
      auto served = serving_.find(name);
      return served ? served : load(name, from);
    };
    services.compile = [this, compile = services.compile](const std::string& text,
                                                          const std::string& file) {
      auto served = serving_.with_text(text);
      return served ? served : older_.get(text, [&] { return compile(text, file); });
    };
    services.resume_url = [this](const std::string& execution, std::size_t resumes) {
      return base_url_ + "/resume/" + tokens_.sign({execution, resumes});
    };
    services.ended = [this](const execution::ActiveExecution& execution) {
      metrics_.ended(execution, session_.clock().now());
      if (execution.outcome() != execution::Outcome::failed || !execution.error()) return;
      const Error& error = *execution.error();
      session_.log().warn("An execution failed.", {{"execution", execution.id()},
                                                   {"workflow", execution.workflow().name},
                                                   {"node", error.where.node},
                                                   {"error", error.what()}});
    };
    return services;
  }

  trigger::ServingOptions serving_options() {
    trigger::ServingOptions options;
    options.places.assign(options_.places.begin(), options_.places.end());
    options.resume_secret = session_.vault().server_secret(kResumePurpose);
    options.state_secret = session_.vault().server_secret("states of triggers");
    options.queues = options_.queues;
    options.front.answer_limit = answer_limit(options_.answer_limit);
    options.public_url = options_.public_url;
    while (options.public_url.ends_with('/')) options.public_url.pop_back();
    base_url_ = options.public_url;
    return options;
  }

  http::ServerOptions server_options() const {
    http::ServerOptions options;
    options.host = options_.host;
    options.port = options_.port;
    options.max_connections = options_.connections;
    options.threads = options_.connections;
    return options;
  }

  Session& session_;
  const ServeOptions& options_;
  std::string base_url_;
  OlderVersions older_;
  std::unique_ptr<ConnectPage> connect_;
  std::atomic<bool> listening_{false};
  api::Metrics metrics_;
  execution::SystemTimers timers_;
  trigger::ResumeTokens tokens_;
  execution::Executor executor_;
  trigger::Serving serving_;
  api::ApiKey key_;
  api::Api api_;
};

void check_places(const std::vector<std::string>& places) {
  for (const std::string& place : places) {
    std::error_code error;
    if (std::filesystem::exists(place, error)) continue;
    throw Error(ErrorCause::user, "file_not_read",
                "There is no file or folder '" + place + "' to serve.");
  }
}

int serve(Session& session, ServeOptions& options) {
  if (options.systemd_unit) {
    std::string arguments = "serve --port " + std::to_string(options.port);
    if (!options.public_url.empty()) arguments += " --public-url " + options.public_url;
    for (const std::string& place : options.places) {
      arguments += " " + std::filesystem::absolute(place).lexically_normal().string();
    }
    std::cout << systemd_unit(arguments);
    return kDone;
  }
  check_places(options.places);
  StopSignal stop;
  options.stop = &stop;
  // A server tells what it does.
  if (session.options.log_level == "warn") session.options.log_level = "info";
  ServeCommand(session, options).run();
}

}  // namespace

void add_serve(CLI::App& app, Session& session) {
  auto options = std::make_shared<ServeOptions>();
  CLI::App* command =
      app.add_subcommand("serve", "Serve workflows: webhooks, schedules, polls, waits");
  command->add_option("places", options->places, "Folders, or workflow files")
      ->required()
      ->type_name("DIR|FILE");
  command->add_option("--host", options->host, "Address to listen on")->capture_default_str();
  command->add_option("--port", options->port, "Port; 0 takes a free one")->capture_default_str();
  command
      ->add_option("--public-url", options->public_url,
                   "Where the outside reaches this server, https://automation.example.com")
      ->type_name("URL");
  command->add_flag("--allow-private", options->allow_private,
                    "Let http_request call private and link-local addresses");
  command
      ->add_option("--allow-host", options->allow_hosts,
                   "A host that http_request may call although its address is private")
      ->type_name("HOST");
  command->add_option("--connections", options->connections, "Connections at once")
      ->capture_default_str();
  command
      ->add_option("--running", options->queues.most_running,
                   "Executions at work at once; those that wait do not count")
      ->check(CLI::PositiveNumber)
      ->capture_default_str();
  command
      ->add_option("--queued", options->queues.most_queued,
                   "Executions waiting for their turn; a delivery beyond is answered 503")
      ->capture_default_str();
  command
      ->add_option("--queued-per-workflow", options->queues.most_queued_per_workflow,
                   "The same, of one workflow")
      ->capture_default_str();
  command
      ->add_option("--answer-limit", options->answer_limit,
                   "How long a caller waits for 'last_node' and 'respond'; the execution goes on")
      ->type_name("DURATION")
      ->capture_default_str();
  command->add_flag("--trust-proxy", options->trust_proxy,
                    "Behind a proxy of your own: take the caller from X-Forwarded-For");
  command->add_flag("--new-api-key", options->new_api_key,
                    "Make a new key for the API and show it; the old one is void");
  command->add_flag("--systemd-unit", options->systemd_unit,
                    "Print a systemd unit that serves this, and end");
  command->footer(R"(Examples:
  engine serve workflows
  engine serve workflows --port 8080 --public-url https://automation.example.com
  engine serve workflows --systemd-unit > /etc/systemd/system/engine.service
  engine serve order.yaml --allow-host billing.internal

Ctrl-C (or SIGTERM) stops gracefully: what runs gets 30 seconds, what is left goes on at the next
start. A second one stops at once.)");
  command->callback([options, &session] { session.exit_code = serve(session, *options); });
}

}  // namespace engine::cli
