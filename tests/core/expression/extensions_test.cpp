// The table of extension methods: extensions.json holds [expression, expected value] pairs.
#include <doctest/doctest.h>

#include <fstream>
#include <sstream>

#include "places.h"
#include "tests/core/expression/fake_environment.h"

using namespace engine;
using namespace engine::expression;

TEST_CASE("extension methods give what their table says") {
  std::ostringstream text;
  text << std::ifstream(ENGINE_SOURCE_DIR "/tests/core/expression/extensions.json").rdbuf();
  const Value table = parse_json(text.str(), "extensions.json");
  REQUIRE(table.size() > 90);
  Evaluator evaluator;
  const FakeEnvironment environment("[{}]");
  for (const View row : table.view().elements()) {
    const std::string expression(row[std::size_t{0}].as_string());
    CAPTURE(expression);
    Value found;
    try {
      found = evaluate(evaluator, "{{ " + expression + " }}", environment);
    } catch (const Error& error) {
      found = Value(error.message());
    }
    CHECK(print_json(found) == print_json(row[std::size_t{1}]));
  }
}

TEST_CASE("wrong arguments of extension methods say what to do") {
  Evaluator evaluator;
  const FakeEnvironment environment("[{}]");
  CHECK_THROWS_WITH_AS(evaluate(evaluator, "{{ [1].chunk() }}", environment),
                       doctest::Contains("give the size of a chunk"), Error);
  CHECK_THROWS_WITH_AS(evaluate(evaluator, "{{ 'a'.hash('sha9') }}", environment),
                       doctest::Contains("There is no hash 'sha9'"), Error);
  CHECK_THROWS_WITH_AS(evaluate(evaluator, "{{ 'x'.toDateTime() }}", environment),
                       doctest::Contains("is not a date"), Error);
}
