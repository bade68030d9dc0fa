#include <doctest/doctest.h>

#include "tests/core/expression/fake_environment.h"

using namespace engine;
using namespace engine::expression;

namespace {

// {v: {v: … {v: 1}}}, so many objects deep.
std::string nested(int depth) {
  return "{{ (() => { let o = 1; for (let i = 0; i < " + std::to_string(depth) +
         "; ++i) o = {v: o}; return o; })() }}";
}

}  // namespace

TEST_CASE(
    "a regular expression that backtracks without end is stopped, and the evaluator lives on") {
  Evaluator evaluator({.time_limit = std::chrono::milliseconds(100), .log = {}});
  const FakeEnvironment environment(R"([{"a":1}])");
  const Error error =
      error_of(evaluator, "{{ /^(a+)+$/.test('a'.repeat(60) + 'b') }}", environment);
  CHECK(error.code() == "expression_timeout");
  CHECK(evaluate(evaluator, "{{ $json.a + 1 }}", environment).as_integer() == 2);
}

TEST_CASE("a result may be as deep as a document may, and no deeper") {
  Evaluator evaluator;
  const FakeEnvironment environment("[{}]");
  Value value = evaluate(evaluator, nested(static_cast<int>(kDeepestJson)), environment);
  int depth = 0;
  for (; value.is_object(); value = value["v"]) ++depth;
  CHECK(depth == static_cast<int>(kDeepestJson));
  const Error error = error_of(evaluator, nested(static_cast<int>(kDeepestJson) + 1), environment);
  CHECK(error.message().find("100 levels") != std::string::npos);
}

TEST_CASE("a value that holds itself is an error that says so") {
  Evaluator evaluator;
  const FakeEnvironment environment("[{}]");
  const Error error =
      error_of(evaluator, "{{ (() => { const o = {}; o.self = o; return o; })() }}", environment);
  CHECK(error.cause() == ErrorCause::user);
  CHECK(error.where.item == 0);
  CHECK(error.message().ends_with(
      "The value holds itself somewhere inside, so it cannot be written as JSON."));
}

TEST_CASE("a batch of more items than fit into one crossing keeps every item in its place") {
  constexpr std::size_t kItems = 40'000;
  std::string json = "[";
  for (std::size_t i = 0; i < kItems; ++i) {
    json += (i == 0 ? "{\"n\":" : ",{\"n\":") + std::to_string(i) + "}";
  }
  const FakeEnvironment environment(json + "]");
  Evaluator evaluator;
  const Template source = compile("{{ $json.n * 2 + $itemIndex - $itemIndex }}");
  const Template* const templates[] = {&source};
  const Column column = evaluator.evaluate(templates, environment, {})[0];
  for (const std::size_t item : {std::size_t{0}, std::size_t{16'383}, std::size_t{16'384},
                                 std::size_t{32'768}, kItems - 1}) {
    CHECK(column.at(item).as_integer() == static_cast<std::int64_t>(item) * 2);
  }
}

TEST_CASE("JavaScript sees what an item's binary data is, not its bytes") {
  FakeEnvironment environment("[{}]");
  environment.input[0].binary =
      parse_json(R"({"data":{"id":"x","mime_type":"image/png","file_name":"a.png","size":3}})");
  Evaluator evaluator;
  CHECK(evaluate(evaluator,
                 "{{ Object.keys($binary).join() + $binary.data.file_name.toUpperCase() }}",
                 environment)
            .as_string() == "dataA.PNG");
}
