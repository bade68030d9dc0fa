// Scripts run in processes of their own: what one does to its process is its own failure.
#include <doctest/doctest.h>
#include <signal.h>

#include <atomic>
#include <fstream>
#include <string>
#include <thread>
#include <vector>

#include "core/value/json.h"
#include "places.h"
#include "tests/e2e/place.h"
#include "tests/e2e/served.h"

namespace engine::e2e {
namespace {

bool runs(pid_t pid) {
  std::ifstream file("/proc/" + std::to_string(pid) + "/stat");
  std::string text;
  std::getline(file, text);
  return !text.empty() && !contains(text, ") Z ");
}

std::string code(const std::string& name, const std::string& with) {
  return workflow(name, "  - id: script\n    type: code\n    with: " + with + "\n");
}

constexpr const char* kGreedy =
    R"({ js: "const all = []; for (let i = 0;; i++) { all.push({ i, list: [i] }); }" })";

}  // namespace

TEST_CASE("a script that allocates without end fails its node run, which says which limit") {
  const Place place;
  const Outcome run = place.engine({"run", place.file("greedy.yaml", code("Greedy", kGreedy))});
  CHECK(run.code == 1);
  CHECK(contains(run.err, "node 'script'"));
  CHECK(contains(run.err, "used more than 256 MiB of memory"));
  CHECK(place.executions()[std::size_t{0}]["error"]["code"].as_string() == "script_memory");
}

TEST_CASE("the limit of memory is a setting, and a wrong one is an error") {
  const Place place;
  const std::string most =
      R"({ memory: 2GiB, js: "return { n: new Array(2e7).fill(1.5).length }" })";
  CHECK(place.engine({"run", "-q", place.file("most.yaml", code("Most", most))}).code == 0);
  for (const std::string size : {"lots", "100MB", "63MiB"}) {
    const std::string wrong = "{ memory: " + size + ", js: \"return {}\" }";
    const Outcome checked =
        place.engine({"validate", place.file("wrong.yaml", code("Wrong", wrong))});
    CHECK(checked.code == 3);
    CHECK(contains(checked.err, "wrong.yaml:"));
    CHECK(contains(checked.err, "'memory' is at least 64MiB"));
    CHECK(contains(checked.err, "'" + size + "' is not."));
  }
}

TEST_CASE("what comes after a script that broke a limit runs, with on_error: continue") {
  const Place place;
  const std::string flow = place.file("on.yaml", workflow("On", R"(  - id: greedy
    type: code
    on_error: continue
    with: { js: "const all = []; for (let i = 0;; i++) { all.push({ i, list: [i] }); }" }
  - id: next
    type: code
    with: { js: "return { seen: $input.all().length }" }
)"));
  const Outcome run = place.engine({"run", "-q", flow});
  CHECK(run.code == 0);
  CHECK(parse_json(run.out) == parse_json(R"([{"seen":1}])"));
}

TEST_CASE("where the kernel has no filters, scripts run, and people are told once") {
  const Place place;
  const std::string flow = place.file("twice.yaml", workflow("Twice", R"(  - id: first
    type: code
    with: { js: "return { n: 1 }" }
  - id: second
    type: code
    with: { js: "return { n: $input.first().json.n + 1 }" }
)"));
  Command command = place.command({"run", "-q", flow});
  std::vector<std::string> arguments{ENGINE_WITHOUT_FILTERS};
  for (std::string& argument : command.arguments) arguments.push_back(std::move(argument));
  command.arguments = std::move(arguments);
  const Outcome run = Process(command).wait();
  CHECK_MESSAGE(run.code == 0, run.all());
  CHECK(parse_json(run.out) == parse_json(R"([{"n":2}])"));
  CHECK(count_of(run.err, "Filtering system calls is not possible here") == 1);
}

TEST_CASE("Ctrl-C ends a script at once, and leaves no process") {
  const Place place;
  const std::string flow = place.file(
      "spin.yaml", code("Spin", R"({ timeout: 1h, js: "for (;;) { console.warn('on'); }" })"));
  Process process(place.command({"run", flow}));
  process.read_error_line("on");
  const auto children = children_of(process.pid());
  REQUIRE(children.size() == 1);
  process.send_signal(SIGINT);
  CHECK(process.wait().code == 130);
  wait_until([&] { return !runs(children[0]); });
}

TEST_CASE("a script dies with an engine that is killed") {
  const Place place;
  const std::string flow = place.file(
      "spin.yaml", code("Spin", R"({ timeout: 1h, js: "for (;;) { console.warn('on'); }" })"));
  Process process(place.command({"run", flow}));
  process.read_error_line("on");
  const auto children = children_of(process.pid());
  REQUIRE(children.size() == 1);
  process.send_signal(SIGKILL);
  process.wait();
  wait_until([&] { return !runs(children[0]); });
}

TEST_CASE("a server goes on when scripts crash, hang or eat memory, and when many run at once") {
  const Place place;
  place.file("script.yaml", R"(name: Script
nodes:
  - id: hook
    type: webhook
    with: { path: run, response: last_node }
  - id: script
    type: code
    with:
      mode: each
      timeout: 200ms
      js: |
        const what = $json.body.what;
        if (what === 'spin') for (;;) {}
        const all = [];
        while (what === 'eat') all.push(new Uint8Array(1 << 20).fill(1));
        return { n: $json.body.n * 2 };
)");
  Served served(place);
  const auto ask = [&](const std::string& json) { return served.post("/webhook/run", json); };
  CHECK(ask(R"({"n":2})").body == R"({"n":4})");
  CHECK(ask(R"({"what":"spin"})").status == 500);
  CHECK(ask(R"({"what":"eat"})").status == 500);
  CHECK(ask(R"({"n":3})").body == R"({"n":6})");
  for (const pid_t child : children_of(served.process().pid())) kill(child, SIGSEGV);
  wait_until([&] { return ask(R"({"n":4})").body == R"({"n":8})"; });
  std::vector<std::thread> callers;
  std::atomic<int> right{0};
  for (int i = 0; i < 8; ++i) {
    callers.emplace_back([&, i] {
      const std::string n = std::to_string(i);
      if (ask("{\"n\":" + n + "}").body == "{\"n\":" + std::to_string(2 * i) + "}") ++right;
    });
  }
  for (std::thread& caller : callers) caller.join();
  CHECK(right == 8);
  CHECK(served.stop().code == 0);
}

}  // namespace engine::e2e
