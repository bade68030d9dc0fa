#include <doctest/doctest.h>
#include <signal.h>

#include <atomic>
#include <filesystem>
#include <fstream>
#include <thread>
#include <utility>

#include "core/expression/apart_scripts.h"
#include "core/expression/script_messages.h"
#include "places.h"
#include "tests/core/expression/fake_environment.h"

using namespace engine;
using namespace engine::expression;

namespace {

ApartScriptsOptions options(std::size_t most = 2) {
  return {ENGINE_SCRIPT_PROGRAM, {}, most, {}};
}

std::string text_of(const Items& items) {
  std::string text;
  for (const Item& item : items) {
    text += print_json(item.json);
    if (item.binary.given()) text += print_json(item.binary);
    text += item.origin.size() == 1 ? "<" + std::to_string(item.origin[0].item) + " " : " ";
  }
  return text;
}

std::string tell(const Error& error) {
  return std::string(to_string(error.cause())) + " " + error.code() + " " + error.message() +
         (error.where.item ? " item " + std::to_string(*error.where.item) : "");
}

struct Heard {
  std::string log;
  LogSink sink = [this](std::string_view level, std::string_view text) {
    log += std::string(level) + ":" + std::string(text) + ";";
  };
};

// What a script gives, prints and fails with.
std::string apart(ApartScripts& scripts, const Script& script, const Environment& environment) {
  Heard heard;
  try {
    const Items items = scripts.run(script, environment, heard.sink, {});
    return heard.log + text_of(items);
  } catch (const Error& error) {
    return heard.log + tell(error);
  }
}

std::string inside(const Script& script, const Environment& environment) {
  Heard heard;
  Evaluator evaluator({.time_limit = std::chrono::milliseconds(1000), .log = heard.sink});
  try {
    const Items items = evaluator.run_script(
        script.source, script.each ? Evaluator::ScriptMode::each : Evaluator::ScriptMode::all,
        environment, {}, script.time_limit);
    return heard.log + text_of(items);
  } catch (const Error& error) {
    return heard.log + tell(error);
  }
}

// The processes that this one has started.
std::vector<pid_t> children() {
  std::vector<pid_t> pids;
  for (const auto& task : std::filesystem::directory_iterator("/proc/self/task")) {
    std::ifstream file(task.path() / "children");
    for (pid_t pid = 0; file >> pid;) pids.push_back(pid);
  }
  return pids;
}

FakeEnvironment rich_environment() {
  FakeEnvironment environment(R"([{"n":1,"s":"Ä"},{"n":9007199254740993,"s":null}])");
  environment.input[1].binary = parse_json(R"({"data":{"name":"a.txt"}})");
  environment.outputs["before"] = items_of(R"([{"b":10},{"b":20},{"b":30}])");
  environment.links["before"] = {{2, ""}, {-1, "Node 'x' broke the link."}};
  environment.globals["$env"] = parse_json(R"({"HOME":"/home/ann"})");
  environment.globals["$execution"] = parse_json(R"({"id":"e1","mode":"cli"})");
  environment.globals["$workflow"] = parse_json(R"({"name":"Flow"})");
  environment.globals["$vars"] = parse_json("{}");
  environment.globals["$runIndex"] = Value(3);
  return environment;
}

}  // namespace

TEST_CASE("a script sees, gives and says the same apart as inside") {
  ApartScripts scripts(options());
  const FakeEnvironment environment = rich_environment();
  const std::string all[] = {
      "return $input.all()",
      "return [$input.first().json, {last: $input.last().json.n}]",
      "return $('before').all().map(i => ({twice: i.json.b * 2, pairedItem: 1}))",
      "return {ran: $('before').isExecuted, not: $('nowhere').isExecuted}",
      "return $('nowhere').all()",
      "return {env: $env, none: process?.env}",
      "return {env: $env, id: $execution.id, flow: $workflow.name, run: $runIndex, vars: $vars}",
      "return {now: $now.toISO(), day: $today.toISODate(), zone: DateTime.local().zoneName}",
      "return {found: $jmespath({a: [{b: 1}]}, 'a[].b'), text: 'x'.hash('sha256')}",
      "return {local: new Date(0).toLocaleString('de-DE', {timeZone: 'Asia/Tokyo'})}",
      "return {money: (1234.5).toLocaleString('de-DE', {style: 'currency', currency: 'EUR'})}",
      "return {json: {a: 1}, binary: {f: {name: 'x'}}}",
      "return {sum: [1, 2].sum(), b64: 'ab'.base64Encode()}",
      "console.log('a', {b: 1}); console.warn(2); console.error('c'); return null",
      "leak = 5; return {a: typeof leak}",
      "return {a: typeof leak}",
      "return",
      "return 5",
      "const a = 1;\nconst b = {};\nreturn b.c.d",
      "return undefinedName",
      "return [1].mapp(x => x)",
      "throw new Error('no')",
      "throw 'a text'",
      "return (",
      "import('fs')",
      "return eval('1')",
      "function f() { return f() }\nreturn f()",
      "return {s: '\\ud800'}",
      "return $json",
      "return $response"};
  for (const std::string& source : all) {
    CAPTURE(source);
    const Script script{"flow", source};
    CHECK(apart(scripts, script, environment) == inside(script, environment));
  }
  const std::string each[] = {"return {m: $json.n, s: $json.s, i: $itemIndex}",
                              "return $json",
                              "return [$item, $binary]",
                              "return $('before').item.json",
                              "if ($itemIndex === 1) return null; return $('before').item",
                              "return {v: $json.s.length}"};
  for (const std::string& source : each) {
    CAPTURE(source);
    const Script script{"flow", source, true};
    CHECK(apart(scripts, script, environment) == inside(script, environment));
  }
}

TEST_CASE("each place has a global object of its own") {
  ApartScripts scripts(options(1));
  const FakeEnvironment environment("[{}]");
  // More than a process keeps.
  for (int turn = 0; turn < 2; ++turn) {
    for (int place = 0; place < 10; ++place) {
      const Script script{"flow " + std::to_string(place), "return {v: $now.year}"};
      CHECK(apart(scripts, script, environment) == "{\"v\":2026}<0 ");
    }
  }
}

TEST_CASE("scripts that break a limit fail alone, and the next one works") {
  ApartScripts scripts(options(1));
  const FakeEnvironment environment("[{}]");
  const auto run = [&](const std::string& source, std::chrono::milliseconds time) {
    return apart(scripts, {"flow", source, false, time, std::uint64_t{400} << 20U}, environment);
  };
  constexpr std::chrono::milliseconds kShort{200};
  constexpr std::chrono::milliseconds kLong{20'000};
  CHECK(run("for (;;) {}", kShort)
            .starts_with("timeout expression_timeout JavaScript ran longer "
                         "than 200 ms and was stopped."));
  CHECK(run("return {a: 1}", kShort) == "{\"a\":1}<0 ");
  // One call of the library, which JavaScriptCore cannot stop by itself.
  CHECK(run("return {a: /^(([a-z])+.)+[A-Z]([a-z])+$/.test('a'.repeat(10000)), "
            "b: new Array(3e7).fill(0).map(() => ({})).sort(() => 1).length}",
            kShort)
            .starts_with("timeout expression_timeout "));
  CHECK(run("return {a: 2}", kShort) == "{\"a\":2}<0 ");
  CHECK(run("const all = []; for (let i = 0;; i++) all.push({i, list: [i]});", kLong) ==
        "user script_memory The script used more than 400 MiB of memory and was stopped. Make it "
        "keep less at once, or raise 'memory'.");
  CHECK(run("const all = []; for (;;) all.push(new Uint8Array(1 << 20).fill(1));", kLong)
            .starts_with("user script_memory "));
  CHECK(run("return {a: 3}", kShort) == "{\"a\":3}<0 ");
}

TEST_CASE("an interpreter that crashes fails one run") {
  ApartScripts scripts(options(1));
  const FakeEnvironment environment("[{}]");
  CHECK(apart(scripts, {"flow", "return {a: 1}"}, environment) == "{\"a\":1}<0 ");
  const auto pids = children();
  REQUIRE(pids.size() == 1);
  bool crashed = false;
  const LogSink crash = [&](std::string_view, std::string_view) {
    if (!std::exchange(crashed, true)) kill(pids[0], SIGILL);
  };
  try {
    scripts.run({"flow", "console.log(1); for (;;) {}"}, environment, crash, {});
    FAIL("the script ended");
  } catch (const Error& error) {
    CHECK(error.code() == "script_crashed");
    CHECK(error.message().find("crashed (SIGILL)") != std::string::npos);
  }
  CHECK(apart(scripts, {"flow", "return {a: 2}"}, environment) == "{\"a\":2}<0 ");
}

TEST_CASE("where the kernel has no filters, scripts run, and that is said once") {
  std::vector<std::string> warnings;
  ApartScriptsOptions unfiltered = options(1);
  unfiltered.program = ENGINE_WITHOUT_FILTERS;
  unfiltered.arguments = {ENGINE_SCRIPT_PROGRAM};
  unfiltered.warn = [&](const std::string& what) { warnings.push_back(what); };
  ApartScripts scripts(unfiltered);
  const FakeEnvironment environment(R"([{"a":1}])");
  for (int i = 0; i < 3; ++i) {
    CHECK(apart(scripts, {"p", "return {b: $input.first().json.a + 1}"}, environment) ==
          R"({"b":2}<0 )");
  }
  REQUIRE(warnings.size() == 1);
  CHECK(warnings[0].starts_with(
      "Filtering system calls is not possible here (Function not implemented)"));
}

TEST_CASE("cancellation ends a script at once") {
  ApartScripts scripts(options(1));
  const FakeEnvironment environment("[{}]");
  const Cancellation cancellation;
  const LogSink stop = [&](std::string_view, std::string_view) {
    cancellation.cancel(CancelReason::cancelled);
  };
  CHECK_THROWS_WITH_AS(
      scripts.run({"flow", "console.log(1); for (;;) {}"}, environment, stop, cancellation),
      "Cancelled before it finished.", Error);
}

TEST_CASE("many scripts at once share few processes") {
  ApartScripts scripts(options(2));
  const FakeEnvironment environment("[{\"n\":1},{\"n\":2}]");
  std::atomic<int> right{0};
  std::vector<std::thread> callers;
  for (int i = 0; i < 6; ++i) {
    callers.emplace_back([&, i] {
      for (int turn = 0; turn < 20; ++turn) {
        const Script script{
            "flow " + std::to_string(i % 3),
            "return {t: $input.all().map(x => x.json.n * " + std::to_string(i) + ").sum()}"};
        if (apart(scripts, script, environment) == "{\"t\":" + std::to_string(3 * i) + "} ")
          ++right;
      }
    });
  }
  for (std::thread& caller : callers) caller.join();
  CHECK(right == 120);
  CHECK(children().size() <= 2);
}

TEST_CASE("a script that prints without end fills no log") {
  ApartScripts scripts(options(1));
  const FakeEnvironment environment("[{}]");
  std::size_t lines = 0;
  const LogSink count = [&](std::string_view, std::string_view) { ++lines; };
  scripts.run({"flow", "for (let i = 0; i < 5000; i++) console.log(i); return null"}, environment,
              count, {});
  CHECK(lines == 1000);
}

TEST_CASE("what a broken child sends is refused") {
  CHECK_THROWS_AS(read_question("nonsense"), Error);
  CHECK_THROWS_AS(read_question(to_message(std::optional<std::string>("x"))), Error);
  CHECK_THROWS_AS(read_result_message(""), Error);
  CHECK_THROWS_AS(read_result_message(std::string("\2neither result nor error")), Error);
  CHECK_THROWS_AS(read_log("\xff"), Error);
  const FakeEnvironment environment("[{}]");
  const LogSink none;
  EnvironmentData data(environment, none);
  using Kind = Question::Kind;
  for (int kind = 1; kind < Question::kKinds; ++kind) {
    const auto answer = data.answer({static_cast<Kind>(kind), "nowhere", SIZE_MAX, SIZE_MAX});
    CHECK(answer.value_or("nothing").size() < 20);
  }
  CHECK_THROWS_AS(script_items("[null,[1],null,null]", 1), Error);
  CHECK_THROWS_AS(script_items("[null", 1), Error);
}
