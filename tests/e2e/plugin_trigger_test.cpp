// Triggers declared in a package, served: the engine as a process, and a small service that it
// registers with, that calls it, and that it asks.
#include <doctest/doctest.h>

#include <mutex>

#include "core/crypto/digest.h"
#include "core/crypto/encoding.h"
#include "core/http/server.h"
#include "core/value/json.h"
#include "tests/e2e/package.h"
#include "tests/e2e/served.h"

namespace engine::e2e {
namespace {

constexpr const char* kHook = R"(trigger: changed
title: An issue changed
parameters:
  project: { type: string, required: true }
  events: { type: list, of: string, list_or_one: true, default: ["*"] }
webhook:
  find:
    request: "GET /projects/{project}/hooks"
    response: { items: hooks }
    match: { id: "{id}", url: "{url}" }
  subscribe:
    request: { call: "POST /projects/{project}/hooks", body: { url: "{url}", events: "{events}" } }
  unsubscribe: { request: "DELETE /hooks/{id}" }
  keep: { id: id, secret: secret }
  check_every: 1s
  verify: { hmac: sha256, header: X-Signature, secret: "{secret}" }
  event: "{body.event}"
  wanted: events
  dedupe: "{body.id}"
)";

constexpr const char* kPoll = R"(trigger: added
title: An issue was added
poll:
  every: 1s
  request: { call: GET /issues, query: { after: "{cursor}" } }
  response: { items: issues }
  cursor: number
  cursor_is: number
  dedupe: "{item.number}"
)";

class Tracker {
 public:
  Tracker() : server_({}, [this](const http::ServerRequest& request) { return answer(request); }) {}
  ~Tracker() { server_.stop(); }

  std::string url() const { return "http://127.0.0.1:" + std::to_string(server_.port()); }
  std::size_t hooks() {
    const std::lock_guard lock(mutex_);
    return hook_url_.empty() ? 0 : 1;
  }
  std::string hook_url() {
    const std::lock_guard lock(mutex_);
    return hook_url_;
  }
  void forget_hook() {
    const std::lock_guard lock(mutex_);
    hook_url_.clear();
  }
  void add_issue() {
    const std::lock_guard lock(mutex_);
    ++issues_;
  }
  int polls() {
    const std::lock_guard lock(mutex_);
    return polls_;
  }

 private:
  http::ServerResponse answer(const http::ServerRequest& request) {
    const std::lock_guard lock(mutex_);
    http::ServerResponse response;
    response.headers.set("Content-Type", "application/json");
    if (request.path == "/issues") {
      ++polls_;
      response.body = R"({"issues":[)";
      for (int i = issues_; i > 0; --i) {
        response.body += R"({"number":)" + std::to_string(i) + "}" + (i > 1 ? "," : "");
      }
      response.body += "]}";
    } else if (request.method == "POST") {
      hook_url_ = parse_json(request.body)["url"].as_string();
      response.body = R"({"id":"h1","secret":"s3cret"})";
    } else if (request.method == "DELETE") {
      hook_url_.clear();
      response.status = 204;
    } else {
      response.body = hook_url_.empty() ? R"({"hooks":[]})"
                                        : R"({"hooks":[{"id":"h1","url":")" + hook_url_ + "\"}]}";
    }
    return response;
  }

  std::mutex mutex_;
  std::string hook_url_;
  int issues_ = 1;
  int polls_ = 0;
  http::Server server_;
};

struct World {
  Place place;
  Tracker tracker;

  World() {
    package_file(place, "tracker", "package.yaml",
                 "name: tracker\nversion: 1.0.0\nbase_url: " + tracker.url() + "\n");
    package_file(place, "tracker", "changed.yaml", kHook);
    package_file(place, "tracker", "added.yaml", kPoll);
    place.environment["ENGINE_PLUGINS"] = (place.folder() / "packages").string();
    std::filesystem::create_directory(place.folder() / "flows");
  }

  Served serve() const {
    return Served(place, "flows", {"--public-url", "http://127.0.0.1:1", "--allow-private"});
  }
};

int deliver(const Served& server, const std::string& path, const std::string& body,
            const std::string& secret = "s3cret") {
  return server.call("POST", path, body, {{"X-Signature", to_hex(hmac_of("sha256", secret, body))}})
      .status;
}

// The path below the public URL.
std::string path_of(const std::string& url) {
  return url.substr(url.find('/', std::string("http://").size()));
}

}  // namespace

TEST_CASE("a declared webhook is registered, checked, deduplicated, mended, and removed") {
  World world;
  world.place.file("flows/flow.yaml",
                   "name: Flow\nnodes:\n  - id: changed\n    type: tracker.changed\n"
                   "    with: { project: p1, events: [opened] }\n"
                   "  - id: rest\n    type: no_op\n");
  const Served server = world.serve();
  wait_until([&] { return world.tracker.hooks() == 1; });
  const std::string path = path_of(world.tracker.hook_url());
  const std::string opened = R"({"id":"d1","event":"opened","n":1})";
  // The state is stored a moment after the service has answered.
  wait_until([&] { return deliver(server, path, opened) == 200; });
  CHECK(deliver(server, path, opened) == 200);
  CHECK(deliver(server, path, R"({"id":"d2","event":"closed"})") == 200);
  CHECK(deliver(server, path, R"({"id":"d3","event":"opened"})", "guess") == 403);
  wait_for_executions(world.place, "success", 1);
  CHECK(world.place.executions().size() == 1);

  world.tracker.forget_hook();
  wait_until([&] { return world.tracker.hooks() == 1; });

  std::filesystem::remove(world.place.folder() / "flows/flow.yaml");
  wait_until([&] { return world.tracker.hooks() == 0; });
}

TEST_CASE("a declared poll gives what is new, once") {
  World world;
  world.place.file("flows/flow.yaml",
                   "name: Flow\nnodes:\n  - id: added\n    type: tracker.added\n"
                   "  - id: rest\n    type: no_op\n");
  Served server = world.serve();
  wait_until([&] { return world.tracker.polls() >= 2; });
  CHECK(world.place.executions().size() == 0);  // what was there is not new
  world.tracker.add_issue();
  world.tracker.add_issue();
  wait_for_executions(world.place, "success", 2);
  const int polls = world.tracker.polls();
  wait_until([&] { return world.tracker.polls() >= polls + 2; });
  CHECK(world.place.executions().size() == 2);
  CHECK(contains(server.stop().err,
                 "Packages as they are now: tracker 1.0.0. What changes in them counts after the "
                 "next start."));
}

}  // namespace engine::e2e
