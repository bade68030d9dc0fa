#include "core/expression/evaluator.h"

#include <doctest/doctest.h>

#include "tests/core/expression/fake_environment.h"

using namespace engine;
using namespace engine::expression;

namespace {

std::string json_of(const Value& value) {
  return value.missing() ? "missing" : print_json(value);
}

}  // namespace

TEST_CASE("an exact segment keeps its type, pieces are joined as text") {
  Evaluator evaluator;
  const FakeEnvironment environment(R"([{"n":2,"list":[1,"a"],"zero":0,"no":false,"nil":null}])");
  CHECK(json_of(evaluate(evaluator, "{{ $json.n + 1 }}", environment)) == "3");
  CHECK(json_of(evaluate(evaluator, "{{ $json.list.concat([true]) }}", environment)) ==
        R"([1,"a",true])");
  CHECK(json_of(evaluate(evaluator, "{{ $json.n * 2 }} and {{ $json.n }}", environment)) ==
        R"("4 and 2")");
  CHECK(json_of(evaluate(evaluator, "<{{ $json.nil || null }}{{ $json.x?.y }}{{ 0/0 }}{{ '' }}>",
                         environment)) == R"("<>")");
  CHECK(json_of(evaluate(evaluator, "<{{ $json.zero }}{{ $json.no }}{{ $json.zero + 0 }}>",
                         environment)) == R"("<0false0>")");
  CHECK(json_of(evaluate(evaluator, "{{ $json.n + 1 }} ", environment)) == R"("3 ")");
}

TEST_CASE("undefined is missing, null stays null, what JSON cannot hold becomes null") {
  Evaluator evaluator;
  const FakeEnvironment environment(R"([{"a":1}])");
  CHECK(json_of(evaluate(evaluator, "{{ (() => undefined)() }}", environment)) == "missing");
  CHECK(json_of(evaluate(evaluator, "{{ [null][0] }}", environment)) == "null");
  CHECK(json_of(evaluate(evaluator, "{{ 1 / 0 }}", environment)) == "null");
  CHECK(json_of(evaluate(evaluator, "{{ ({a: undefined, b: NaN}) }}", environment)) ==
        R"({"b":null})");
  CHECK(json_of(evaluate(evaluator, "{{ { a: { b: [1] } } }}", environment)) ==
        R"({"a":{"b":[1]}})");
  CHECK(json_of(evaluate(evaluator, "{{ new Date(0) }}", environment)) ==
        R"("1970-01-01T00:00:00.000Z")");
}

TEST_CASE("integers of 64 bits and beyond survive JavaScript exactly") {
  Evaluator evaluator;
  const FakeEnvironment environment(
      R"([{"big":9223372036854775807,"n":9007199254740993,"huge":123456789012345678901234567890,"x":1.5}])");
  CHECK(json_of(evaluate(evaluator, "{{ [$json.big, $json.n, $json.huge] }}", environment)) ==
        "[9223372036854775807,9007199254740993,123456789012345678901234567890]");
  CHECK(json_of(evaluate(evaluator, "{{ $json.n + 1n }}", environment)) == "9007199254740994");
  CHECK(json_of(evaluate(evaluator, "{{ $json.big }}", environment)) == "9223372036854775807");
  CHECK(json_of(evaluate(evaluator, "{{ ($json).x }}", environment)) == "1.5");
}

TEST_CASE("any text survives: other scripts, NUL, lone surrogates") {
  Evaluator evaluator;
  const FakeEnvironment environment(R"([{"s":"ü😀\u0000日本"}])");
  CHECK(evaluate(evaluator, "{{ $json.s + '!' }}", environment).as_string() ==
        std::string_view("ü😀\0日本!", 14));
  CHECK(evaluate(evaluator, "{{ $json.s.slice(0, 2) }}", environment).as_string() ==
        "ü\xEF\xBF\xBD");
  CHECK(evaluate(evaluator, "{{ '\\\\ud800' + '' }}", environment).as_string() == "\\ud800");
  CHECK(evaluate(evaluator, "{{ 'ä' + 'ö' }}", environment).as_string() == "äö");
  CHECK(evaluate(evaluator, "{{ $json.s.slice(0,2).hash('sha1').length }}", environment)
            .as_integer() == 40);
}

TEST_CASE("all items of a batch are evaluated, failing ones apart") {
  Evaluator evaluator;
  const FakeEnvironment environment(R"([{"a":{"b":1}},{},{"a":{"b":3}}])");
  const Template source = compile("{{ $json.a.b * 10 }}");
  const Template* const templates[] = {&source};
  const Column column = evaluator.evaluate(templates, environment, {})[0];
  CHECK(column.at(0).as_integer() == 10);
  CHECK(column.at(2).as_integer() == 30);
  REQUIRE(column.error(1) != nullptr);
  CHECK(column.error(0) == nullptr);
  CHECK_THROWS_AS(column.at(1), Error);
  const Error& error = *column.error(1);
  CHECK(error.cause() == ErrorCause::user);
  CHECK(error.where.item == 1);
  CHECK(error.where.parameter == "text");
  CHECK(to_string(error.where.position) == "flow.yaml:3:11");
  CHECK(error.message() ==
        "The expression '$json.a.b * 10' failed (column 8): '$json.a' is undefined, so '$json.a.b' "
        "cannot be read. Write '$json.a?.b' when it may be absent.");
}

TEST_CASE("misspelt names get suggestions") {
  Evaluator evaluator;
  const FakeEnvironment environment(R"([{"s":"x"}])");
  CHECK(error_of(evaluator, "{{ $jsn.s + 1 }}", environment)
            .message()
            .ends_with("'$jsn' is not defined. Did you mean '$json'?"));
  CHECK(error_of(evaluator, "{{ $json.s.toTitelCase() }}", environment)
            .message()
            .ends_with("'$json.s.toTitelCase' is not a function. Did you mean 'toTitleCase'?"));
}

TEST_CASE("the time limit stops a runaway expression and the evaluator lives on") {
  Evaluator evaluator({.time_limit = std::chrono::milliseconds(60), .log = {}});
  const FakeEnvironment environment(R"([{"a":1}])");
  const Error error = error_of(evaluator, "{{ (() => { for (;;) {} })() }}", environment);
  CHECK(error.cause() == ErrorCause::timeout);
  CHECK(error.code() == "expression_timeout");
  CHECK(evaluate(evaluator, "{{ $json.a + 1 }}", environment).as_integer() == 2);
}

TEST_CASE("recursion without end is a clear error") {
  Evaluator evaluator;
  const FakeEnvironment environment(R"([{"a":1}])");
  const Error error =
      error_of(evaluator, "{{ (function f() { return f() + 1; })() }}", environment);
  CHECK(error.message().ends_with("A function calls itself without end (the call stack is full)."));
  CHECK(evaluate(evaluator, "{{ $json.a + 1 }}", environment).as_integer() == 2);
}
