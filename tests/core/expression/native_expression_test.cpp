#include "core/expression/native_expression.h"

#include <doctest/doctest.h>

#include "tests/core/expression/fake_environment.h"

using namespace engine;
using namespace engine::expression;

namespace {

std::string shown(const std::string& text, const Environment& environment) {
  Evaluator evaluator;
  try {
    const Value value = evaluate(evaluator, text, environment);
    return value.missing() ? std::string("missing") : print_json(value);
  } catch (const Error& error) {
    return error.code();
  }
}

// Of one expression by the route that is chosen, and by JavaScript for certain.
void check_agreement(const std::string& expression, const Environment& environment) {
  CAPTURE(expression);
  CHECK(compile_native(expression));
  CHECK(shown("{{ " + expression + " }}", environment) ==
        shown("{{ [" + expression + "][0] }}", environment));
}

constexpr const char* kValues[] = {
    "$json.gone", "null",      "true",      "false",      "0",          "-0",        "1",
    "1.5",        "\"1\"",     "\"\"",      "\"a\"",      "\"aü\"",     "\"\\\"\"",  "$json.list",
    "$json.map",  "$json.one", "$json.big", "$json.huge", "$json.high", "$json.pair"};

FakeEnvironment native_sample() {
  return FakeEnvironment(
      R"([{"list":[],"map":{},"one":[1],"big":9007199254740993,"huge":1e300,"high":"\uffee","pair":"😀",)"
      R"("a":{"b":2},"s":"open","f":false}])");
}

}  // namespace

TEST_CASE("every comparison of every kind of value is JavaScript's") {
  const FakeEnvironment environment = native_sample();
  Evaluator evaluator;
  for (const char* comparison : {"===", "!==", "==", "!=", "<", "<=", ">", ">="}) {
    for (const char* left : kValues) {
      for (const char* right : kValues) {
        const std::string text = std::string(left) + " " + comparison + " " + right;
        CAPTURE(text);
        // JavaScript for certain, whether or not the other route needs it as well.
        const Value expected = evaluate(evaluator, "{{ [" + text + "][0] }}", environment);
        const Value found = evaluate(evaluator, "{{ " + text + " }}", environment);
        CHECK(print_json(found) == print_json(expected));
      }
    }
  }
}

TEST_CASE("what conditions are usually made of needs no JavaScript") {
  const FakeEnvironment environment = native_sample();
  for (const std::string text :
       {"$json.a.b > 1", "$json.s === 'open' && $json.a.b >= 2", "!$json.f",
        "!($json.f || $json.gone)", "$json.gone ?? $json.s", "$json.f || null",
        "$json.f ? 1 : $json.s", "$json.a?.b === 2", "$json['s'] != \"x\"", "($json.a.b)",
        "$json.a.b<3", "1 === 1 ? 'yes' : 'no' ? 2 : 3", "$json.f && $json.gone.x",
        "$json.gone.x || true", "$json.a.b === -2", "!!$json.a", "$json.list ? 'list' : 'none'"}) {
    check_agreement(text, environment);
  }
  CHECK(shown("{{ $json.a.b > 1 }}", environment) == "true");
  CHECK(shown("{{ $json.f && $json.gone.x }}", environment) == "false");
  CHECK(shown("{{ $json.gone.x || true }}", environment) == "nothing_to_read");
  CHECK(shown("{{ $json.f ? 1 : $json.s }}", environment) == "\"open\"");
}

TEST_CASE("everything else is left to JavaScript") {
  for (const std::string text : {"$json.a + 1 > 2",
                                 "$json.a & 1",
                                 "$json.a | 1",
                                 "$json.a << 1",
                                 "a > 1",
                                 "$json.a = 1",
                                 "$json.a && = 1",
                                 "$json.a &&= 1",
                                 "$json.a ?? 1 || 2",
                                 "1 < 2 < 3",
                                 "$json.a > ",
                                 "> 1",
                                 "($json.a",
                                 "$json.a)",
                                 "$json.a ? 1",
                                 "$json.a ? : 1",
                                 "!",
                                 "()",
                                 "$json.a = = 1",
                                 "$json.a ! == 1",
                                 "x => $json.a",
                                 "$json.tags.some(t => t > 1)",
                                 "$json.a < !--$json.b",
                                 "$now > 1",
                                 "[1] === 1",
                                 "$json.a /*",
                                 ""}) {
    CAPTURE(text);
    CHECK_FALSE(compile_native(text));
  }
  CHECK_FALSE(compile_native(std::string(100'000, '!') + "1"));
  CHECK_FALSE(compile_native(std::string(100'000, '(') + "1" + std::string(100'000, ')')));
}

TEST_CASE("items that only JavaScript can compare take the others of their batch with them") {
  const FakeEnvironment environment(R"([{"n":5},{"n":"7"},{"n":[9]},{"n":null}])");
  Evaluator evaluator;
  std::string results;
  for (std::size_t item = 0; item < 4; ++item) {
    results += print_json(evaluate(evaluator, "{{ $json.n > 4 }}", environment, item)) + " ";
  }
  CHECK(results == "true true true false ");
}
