#include <doctest/doctest.h>

#include <thread>

#include "tests/core/expression/fake_environment.h"

using namespace engine;
using namespace engine::expression;

namespace {

// Both routes must agree: `text` is read natively, and inside an array by JavaScript.
std::string both(const std::string& path, const Environment& environment, std::size_t item = 0) {
  Evaluator evaluator;
  const auto shown = [&](const std::string& text) {
    try {
      const Value value = evaluate(evaluator, text, environment, item);
      return value.missing() ? std::string("missing") : print_json(value);
    } catch (const Error& error) {
      return error.code();
    }
  };
  std::string native = shown("{{ " + path + " }}");
  const std::string script = shown("{{ [" + path + "][0] }}");
  CHECK(native == script);
  return native;
}

FakeEnvironment sample() {
  FakeEnvironment environment(R"([{"a":{"b":[1,"x"]},"s":"aü😀","nil":null,"odd key":7},{"a":2}])");
  environment.outputs["up"] = items_of(R"([{"k":"first"},{"k":"second"}])");
  environment.outputs["none"] = {};
  environment.links["up"] = {{1, ""}, {-1, "Node 'sort' broke the link."}};
  environment.globals["$execution"] = parse_json(R"({"id":"e1"})");
  environment.globals["$response"] = parse_json(R"({"status":200})");
  return environment;
}

}  // namespace

TEST_CASE("native paths and JavaScript give the same") {
  const FakeEnvironment environment = sample();
  CHECK(both("$json.a.b[1]", environment) == "\"x\"");
  CHECK(both("$json['odd key']", environment) == "7");
  CHECK(both("$json.a.b.length", environment) == "2");
  CHECK(both("$json.s.length", environment) == "4");
  CHECK(both("$json.s[1]", environment) == "\"ü\"");
  CHECK(both("$json.gone", environment) == "missing");
  CHECK(both("$json.gone?.x.y", environment) == "missing");
  CHECK(both("$json.nil", environment) == "null");
  CHECK(both("$itemIndex", environment, 1) == "1");
  CHECK(both("$input.item.json.a", environment, 1) == "2");
  CHECK(both("$input.first().json.nil", environment) == "null");
  CHECK(both("$input.last().json.a", environment) == "2");
  CHECK(both("$('up').first().json.k", environment) == "\"first\"");
  CHECK(both("$('up').last().json.k", environment) == "\"second\"");
  CHECK(both("$('up').item.json.k", environment) == "\"second\"");
  CHECK(both("$node.up.json.k", environment) == "\"second\"");
  CHECK(both("$('up').isExecuted", environment) == "true");
  CHECK(both("$('gone').isExecuted", environment) == "false");
  CHECK(both("$execution.id", environment) == "\"e1\"");
  CHECK(both("$env.HOME", environment) == "nothing_to_read");
  CHECK(both("$response.status", environment) == "200");
  CHECK(both("$binary", environment) == "{}");
}

TEST_CASE("what cannot be read is an error in both routes") {
  const FakeEnvironment environment = sample();
  CHECK(both("$('up').item.json.k", environment, 1) == "link_broken");
  CHECK(both("$('gone').first().json.k", environment) == "node_not_run");
  Evaluator evaluator;
  CHECK_THROWS_WITH_AS(evaluate(evaluator, "{{ $json.x.y }}", environment),
                       doctest::Contains("'$json.x' is undefined, so '$json.x.y' cannot be read"),
                       Error);
  CHECK_THROWS_WITH_AS(evaluate(evaluator, "{{ $jsn }}", environment),
                       doctest::Contains("Did you mean '$json'?"), Error);
  CHECK_THROWS_AS(evaluate(evaluator, "{{ $('none').first().json.k }}", environment), Error);
}

TEST_CASE("lists of nodes reach JavaScript, links in one call per batch") {
  FakeEnvironment environment = sample();
  Evaluator evaluator;
  CHECK(print_json(evaluate(evaluator, "{{ $('up').all().map(i => i.json.k) }}", environment)) ==
        R"(["first","second"])");
  CHECK(print_json(evaluate(evaluator, "{{ $input.all().length + $('none').all().length }}",
                            environment)) == "2");
  environment.links.clear();
  environment.link_calls = 0;
  CHECK(print_json(evaluate(evaluator, "{{ $('up').item.json.k + $('up').item.json.k }}",
                            environment, 1)) == R"("secondsecond")");
  CHECK(environment.link_calls == 2);
}

TEST_CASE("only needed fields are sent unless all of $json is used") {
  const FakeEnvironment environment(R"([{"a":1,"b":2,"keys":3}])");
  Evaluator evaluator;
  const auto shown = [&](const std::string& text) {
    return print_json(evaluate(evaluator, "{{ " + text + " }}", environment));
  };
  CHECK(shown("$json.a + $json['b']") == "3");
  CHECK(shown("Object.keys($json)") == R"(["a","b","keys"])");
  CHECK(shown("$json.hasField('b') && $json.a") == "1");
  CHECK(shown("[$json.a, $input.item.json]") == R"([1,{"a":1,"b":2,"keys":3}])");
  CHECK(shown("(({b}) => b)($json)") == "2");
  CHECK(shown("$json.keys + 1") == "4");
}

TEST_CASE("one expression cannot poison the next run") {
  const FakeEnvironment environment(R"([{"a":[1,2]}])");
  Evaluator evaluator;
  const auto attempt = [&](const std::string& text) {
    try {
      evaluate(evaluator, "{{ " + text + " }}", environment);
    } catch (const Error&) {
      // Refused: all the better.
    }
  };
  attempt("Array.prototype.map = () => 'evil'");
  attempt("Array.prototype.first = () => 'evil'");
  attempt("Object.prototype.evil = 1");
  attempt("Object.prototype.toString = () => 'evil'");
  attempt("String.prototype.trim = () => 'evil'");
  attempt("globalThis.JSON = null");
  attempt("JSON.stringify = () => 'evil'");
  attempt("DateTime.prototype.toISO = () => 'evil'");
  attempt("globalThis.evil = 1");
  CHECK(
      print_json(evaluate(
          evaluator,
          "{{ [$json.a.map(x => x + 1).first(), ({}).evil, typeof evil, ' x '.trim(), `${{}}`] }}",
          environment)) == R"([2,null,"undefined","x","[object Object]"])");
}

TEST_CASE("nothing outside can be reached, nothing runs later") {
  const FakeEnvironment environment("[{}]");
  Evaluator evaluator;
  for (const char* text : {"require('fs')", "fetch('x')", "setTimeout(() => 1, 1)", "process.env",
                           "eval('1')", "new Function('return 1')()"}) {
    CAPTURE(text);
    CHECK_THROWS_AS(evaluate(evaluator, std::string("{{ ") + text + " }}", environment), Error);
  }
}

TEST_CASE("cancellation stops JavaScript") {
  Evaluator evaluator({.time_limit = std::chrono::milliseconds(20'000), .log = {}});
  const FakeEnvironment environment("[{}]");
  const Template source = compile("{{ (() => { for (;;) {} })() }}");
  const Template* const templates[] = {&source};
  const Cancellation cancellation;
  std::thread canceller([&] { cancellation.cancel(CancelReason::cancelled); });
  try {
    evaluator.evaluate(templates, environment, cancellation);
    FAIL("it was not stopped");
  } catch (const Error& error) {
    CHECK(error.cause() == ErrorCause::cancelled);
  }
  canceller.join();
}

TEST_CASE("one item without an input, and threads that share an evaluator") {
  Evaluator evaluator;
  const FakeEnvironment empty("[]");
  CHECK(evaluator.evaluate_one(compile("{{ typeof $json }}"), empty, 0, {}).as_string() ==
        "undefined");
  CHECK(evaluator.evaluate_one(compile("{{ $json }}"), empty, 0, {}).missing());
  const FakeEnvironment environment(R"([{"n":1},{"n":2}])");
  const Template source = compile("{{ $json.n * 2 }}");
  CHECK(evaluator.evaluate_one(source, environment, 1, {}).as_integer() == 4);
  std::vector<std::int64_t> sums(3);
  std::vector<std::thread> threads;
  for (std::int64_t& sum : sums) {
    threads.emplace_back([&] {
      for (int i = 0; i < 20; ++i)
        sum += *evaluator.evaluate_one(source, environment, 1, {}).as_integer();
    });
  }
  for (std::thread& thread : threads) thread.join();
  CHECK(sums == std::vector<std::int64_t>{80, 80, 80});
}
