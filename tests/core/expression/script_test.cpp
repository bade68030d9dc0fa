#include <doctest/doctest.h>

#include "tests/core/expression/fake_environment.h"

using namespace engine;
using namespace engine::expression;

namespace {

using Mode = Evaluator::ScriptMode;
constexpr std::chrono::milliseconds kLimit{2000};

std::string run(Evaluator& evaluator, const std::string& script, Mode mode,
                const Environment& environment) {
  std::string text;
  for (const Item& item : evaluator.run_script(script, mode, environment, {}, kLimit)) {
    text += print_json(item.json);
    text += item.origin.size() == 1 ? "<" + std::to_string(item.origin[0].item) + " " : " ";
  }
  return text;
}

Error error_of(Evaluator& evaluator, const std::string& script, Mode mode,
               const Environment& environment) {
  try {
    run(evaluator, script, mode, environment);
  } catch (const Error& error) {
    return error;
  }
  FAIL("no error");
  return {ErrorCause::bug, "", ""};
}

}  // namespace

TEST_CASE("mode all sees every item and gives a list") {
  Evaluator evaluator;
  const FakeEnvironment environment(R"([{"n":1},{"n":2}])");
  CHECK(run(evaluator, "return $input.all().map(i => ({json: {m: i.json.n * 10}}));", Mode::all,
            environment) == "{\"m\":10}<0 {\"m\":20}<1 ");
  CHECK(run(evaluator, "return {total: $input.all().map(i => i.json.n).sum()}", Mode::all,
            environment) == "{\"total\":3} ");
  CHECK(run(evaluator, "return null", Mode::all, environment) == "");
  CHECK(run(evaluator,
            "const x = await $input.first(); return [x, await Promise.all([1])[0] && {z: 1}]",
            Mode::all, environment) == "{\"n\":1}<0 {\"z\":1}<1 ");
}

TEST_CASE("mode each runs per item and keeps the link") {
  Evaluator evaluator;
  const FakeEnvironment environment(R"([{"n":1},{"n":2},{"n":3}])");
  CHECK(run(evaluator, "if ($json.n === 2) return null;\nreturn [$json, {i: $itemIndex}];",
            Mode::each, environment) == "{\"n\":1}<0 {\"i\":0}<0 {\"n\":3}<2 {\"i\":2}<2 ");
}

TEST_CASE("a failing script names its line, and its item in mode each") {
  Evaluator evaluator;
  const FakeEnvironment environment(R"([{"n":{}},{"x":1}])");
  const Error each =
      error_of(evaluator, "const a = 1;\nreturn {v: $json.n.x};", Mode::each, environment);
  CHECK(each.where.item == 1);
  CHECK(each.message().starts_with("The script failed in line 2, column "));
  CHECK(error_of(evaluator, "throw new Error('no')", Mode::all, environment)
            .message()
            .find("line 1") != std::string::npos);
  CHECK(error_of(evaluator, "1 + 1", Mode::all, environment).code() == "bad_script_result");
  CHECK(error_of(evaluator, "return 5", Mode::all, environment).message().find("a number") !=
        std::string::npos);
  CHECK(error_of(evaluator, "return $json", Mode::all, environment).code() == "no_current_item");
  CHECK(error_of(evaluator, "return (", Mode::all, environment).code() == "bad_script");
  CHECK(error_of(evaluator, "for (;;) {}", Mode::all, environment).cause() == ErrorCause::timeout);
}

TEST_CASE("console goes to the log, globals do not leak into the next run") {
  std::string log;
  Evaluator evaluator({.time_limit = std::chrono::milliseconds(1000),
                       .log = [&](std::string_view level, std::string_view text) {
                         log += std::string(level) + ":" + std::string(text) + ";";
                       }});
  const FakeEnvironment environment("[{}]");
  run(evaluator,
      "console.log('a', {b: 1}); console.warn(2); leak = 5; globalThis.other = 6; return null",
      Mode::all, environment);
  CHECK(log == "info:a {\"b\":1};warn:2;");
  CHECK(run(evaluator, "return {a: typeof leak, b: typeof other}", Mode::all, environment) ==
        R"({"a":"undefined","b":"undefined"}<0 )");
}

TEST_CASE("a script that gives ten thousand items is quick") {
  Evaluator evaluator;
  const FakeEnvironment environment("[{}]");
  const Items items =
      evaluator.run_script("return Array.from({length: 10000}, (_, i) => ({id: i}))", Mode::all,
                           environment, {}, kLimit);
  REQUIRE(items.size() == 10'000);
  CHECK(items[9999].json["id"].as_integer() == 9999);
  CHECK(items[0].origin.size() == 0);
}
