// The table of extension methods: extensions.json holds [expression, expected value] pairs.
#include <doctest/doctest.h>

#include <fstream>
#include <sstream>
#include <string>
#include <utility>
#include <vector>

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

TEST_CASE("every method is there, and has a row in the table") {
  const std::pair<const char*, std::vector<std::string>> types[] = {
      {"''", {"base64Decode",   "base64Encode",   "extractDomain",
              "extractEmail",   "extractUrl",     "extractUrlPath",
              "hash",           "isDomain",       "isEmail",
              "isEmpty",        "isNotEmpty",     "isNumeric",
              "isUrl",          "parseJson",      "quote",
              "removeMarkdown", "removeTags",     "replaceSpecialChars",
              "toBoolean",      "toDateTime",     "toJsonString",
              "toNumber",       "toSentenceCase", "toSnakeCase",
              "toTitleCase",    "urlDecode",      "urlEncode"}},
      {"[]", {"append",     "average",    "chunk",        "compact",    "difference",
              "first",      "last",       "intersection", "isEmpty",    "max",
              "min",        "pluck",      "union",        "randomItem", "removeDuplicates",
              "unique",     "renameKeys", "smartJoin",    "sum",        "toJsonString",
              "isNotEmpty", "merge"}},
      {"(1)",
       {"abs", "ceil", "floor", "format", "isEmpty", "isEven", "isInteger", "isOdd", "round",
        "toBoolean", "toDateTime", "toLocaleString"}},
      {"({})",
       {"compact", "hasField", "isEmpty", "isNotEmpty", "keepFieldsContaining", "keys", "merge",
        "removeField", "removeFieldsContaining", "toJsonString", "urlEncode", "values"}},
      {"true", {"toNumber", "toString", "isEmpty"}},
      {"$now",
       {"diffTo", "diffToNow", "extract", "format", "isBetween", "minus", "plus", "toDateTime",
        "startOf", "endOf", "set", "setZone", "toISO", "toMillis", "toRelative"}}};
  std::ostringstream table;
  table << std::ifstream(ENGINE_SOURCE_DIR "/tests/core/expression/extensions.json").rdbuf();
  Evaluator evaluator;
  const FakeEnvironment environment("[{}]");
  for (const auto& [value, methods] : types) {
    for (const std::string& method : methods) {
      const std::string called = std::string(value) + "." + method;
      CAPTURE(called);
      CHECK(evaluate(evaluator, "{{ typeof " + called + " + '' }}", environment).as_string() ==
            "function");
      CHECK(table.str().find("." + method + "(") != std::string::npos);
    }
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
