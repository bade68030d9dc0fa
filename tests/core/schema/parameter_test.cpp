#include "core/schema/parameter.h"

#include <doctest/doctest.h>

#include "core/value/json.h"

using namespace engine;

namespace {

Parameter of_type(ParameterType type, std::string name = "p") {
  Parameter parameter;
  parameter.name = std::move(name);
  parameter.type = type;
  return parameter;
}

// The normalised value as JSON; the message when it does not fit.
std::string fitted(const Parameter& parameter, const Value& given) {
  try {
    const Value value = normalise(parameter, given);
    return value.missing() ? "missing" : print_json(value);
  } catch (const Error& error) {
    CHECK(error.code() == "bad_parameter");
    CHECK(error.cause() == ErrorCause::user);
    return error.where.parameter + " | " + error.message();
  }
}

std::string fitted(const Parameter& parameter, const char* json) {
  return fitted(parameter, parse_json(json));
}

}  // namespace

TEST_CASE("types have names both ways") {
  for (const auto type :
       {ParameterType::any, ParameterType::string, ParameterType::integer, ParameterType::number,
        ParameterType::boolean, ParameterType::choice, ParameterType::duration, ParameterType::time,
        ParameterType::object, ParameterType::map, ParameterType::list}) {
    CHECK(parse_parameter_type(to_string(type)) == type);
  }
  CHECK(to_string(ParameterType::list) == "list");
  CHECK_FALSE(parse_parameter_type("String"));
}

TEST_CASE("values are converted where nothing is lost") {
  CHECK(fitted(of_type(ParameterType::string), "12345678901234567890") ==
        "\"12345678901234567890\"");
  CHECK(fitted(of_type(ParameterType::string), "1.50") == "\"1.50\"");
  CHECK(fitted(of_type(ParameterType::string), "true") == "\"true\"");
  CHECK(fitted(of_type(ParameterType::integer), "\"42\"") == "42");
  CHECK(fitted(of_type(ParameterType::integer), "42.0") == "42");
  CHECK(fitted(of_type(ParameterType::integer), "\"-9223372036854775808\"") ==
        "-9223372036854775808");
  CHECK(fitted(of_type(ParameterType::number), "\"1.50\"") == "1.50");
  CHECK(fitted(of_type(ParameterType::boolean), "\"false\"") == "false");
  CHECK(fitted(of_type(ParameterType::duration), "\"1h30m\"") == "\"1h30m\"");
  CHECK(fitted(of_type(ParameterType::time), "1700000000000") == "1700000000000");
  CHECK(fitted(of_type(ParameterType::any), "{\"a\":[1]}") == "{\"a\":[1]}");
}

TEST_CASE("what does not fit is refused with the reason") {
  CHECK(fitted(of_type(ParameterType::integer), "1.5") ==
        "p | Expected a whole number, got the number 1.5.");
  CHECK(fitted(of_type(ParameterType::integer), "9223372036854775808").find("Expected a whole") !=
        std::string::npos);
  CHECK(fitted(of_type(ParameterType::integer), "\"42 \"").find("the text '42 '") !=
        std::string::npos);
  CHECK(fitted(of_type(ParameterType::number), "\"\"").find("Expected a number") !=
        std::string::npos);
  CHECK(fitted(of_type(ParameterType::boolean), "1").find("true or false") != std::string::npos);
  CHECK(fitted(of_type(ParameterType::string), "[1]").find("got a list") != std::string::npos);
  CHECK(fitted(of_type(ParameterType::string), "null").find("got null") != std::string::npos);
  CHECK(fitted(of_type(ParameterType::duration), "30").find("needs its unit") != std::string::npos);
}

TEST_CASE("a long text is cut in a message, between characters") {
  const std::string message =
      fitted(of_type(ParameterType::integer), Value(std::string(39, 'a') + "üüü"));
  CHECK(message.find("'" + std::string(39, 'a') + "…'") != std::string::npos);
}

TEST_CASE("the value of a secret is never shown") {
  Parameter secret = of_type(ParameterType::integer);
  secret.secret = true;
  const std::string message = fitted(secret, "\"pk_12345\"");
  CHECK(message.find("pk_") == std::string::npos);
  CHECK(message.find("got another text") != std::string::npos);
}

TEST_CASE("choices answer with the nearest") {
  Parameter order = of_type(ParameterType::choice);
  order.choices = {{"asc", ""}, {"desc", ""}, {"1", ""}};
  CHECK(fitted(order, "\"asc\"") == "\"asc\"");
  CHECK(fitted(order, "1") == "\"1\"");
  CHECK(fitted(order, "\"dsec\"") ==
        "p | Expected 'asc', 'desc' or '1', got the text 'dsec'. Did you mean 'desc'?");
  CHECK(fitted(order, "null").find("got null") != std::string::npos);
}

TEST_CASE("limits count numbers, characters and elements") {
  Parameter number = of_type(ParameterType::integer);
  number.min = 1;
  number.max = 3;
  CHECK(fitted(number, "3") == "3");
  CHECK(fitted(number, "4") == "p | Expected a whole number from 1 to 3, got the number 4.");
  Parameter text = of_type(ParameterType::string);
  text.max = 3;
  CHECK(fitted(text, "\"üüü\"") == "\"üüü\"");
  CHECK(fitted(text, "\"üüüü\"").find("of at most 3 characters") != std::string::npos);
  Parameter list = of_type(ParameterType::list);
  list.min = 1;
  CHECK(fitted(list, "[1]") == "[1]");
  CHECK(fitted(list, "[]").find("of at least 1 element, got an empty list") != std::string::npos);
}

TEST_CASE("not given, null, false, 0 and the empty text stay different") {
  Parameter text = of_type(ParameterType::string);
  CHECK(fitted(text, Value()) == "missing");
  CHECK(fitted(text, "\"\"") == "\"\"");
  text.nullable = true;
  CHECK(fitted(text, "null") == "null");
  text.default_value = Value("d");
  CHECK(fitted(text, Value()) == "\"d\"");
  CHECK(fitted(text, "null") == "null");
  CHECK(fitted(of_type(ParameterType::any), "null") == "null");
  CHECK(fitted(of_type(ParameterType::boolean), "false") == "false");
  CHECK(fitted(of_type(ParameterType::integer), "0") == "0");
  Parameter required = of_type(ParameterType::string);
  required.required = true;
  CHECK(fitted(required, Value()).find("its value is missing") != std::string::npos);
}

TEST_CASE("objects are checked member by member, and defaults are filled in") {
  Parameter object = of_type(ParameterType::object, "paging");
  Parameter mode = of_type(ParameterType::choice, "mode");
  mode.choices = {{"page", ""}, {"cursor", ""}};
  mode.default_value = Value("page");
  Parameter size = of_type(ParameterType::integer, "size");
  size.default_value = Value(100);
  size.show_when = {{"mode", {Value("page")}}};
  Parameter cursor = of_type(ParameterType::string, "cursor");
  cursor.required = true;
  cursor.show_when = {{"mode", {Value("cursor")}}};
  object.children = {mode, size, cursor};
  CHECK(fitted(object, "{}") == R"({"mode":"page","size":100})");
  CHECK(fitted(object, R"({"size":"5"})") == R"({"mode":"page","size":5})");
  CHECK(fitted(object, R"({"mode":"cursor","cursor":1})") == R"({"mode":"cursor","cursor":"1"})");
  CHECK(fitted(object, R"({"mode":"cursor"})").find("paging.cursor | ") == 0);
  CHECK(fitted(object, R"({"cursor":"x"})") ==
        "paging.cursor | 'cursor' only counts when 'mode' is 'cursor'.");
  CHECK(fitted(object, R"({"siez":1})") == "paging.siez | Unknown key. Did you mean 'size'?");
}

TEST_CASE("maps and lists say where in them a value does not fit") {
  Parameter map = of_type(ParameterType::map);
  map.children = {of_type(ParameterType::integer)};
  CHECK(fitted(map, R"({"a":"1","b":2})") == R"({"a":1,"b":2})");
  CHECK(fitted(map, R"({"a":{}})").find("p.a | ") == 0);
  Parameter list = of_type(ParameterType::list);
  list.children = {map};
  CHECK(fitted(list, R"([{"a":1},{"b":"x"}])").find("p[1].b | ") == 0);
  CHECK(fitted(list, R"({"a":1})").find("Expected a list, each a map") != std::string::npos);
  list.list_or_one = true;
  CHECK(fitted(list, R"({"a":"1"})") == R"([{"a":1}])");
}

TEST_CASE("the JSON Schema allows expressions, except in literal parameters") {
  Parameter count = of_type(ParameterType::integer, "count");
  count.required = true;
  count.min = 1;
  count.text = "How many.";
  Parameter path = of_type(ParameterType::duration, "every");
  path.literal = true;
  Parameter tags = of_type(ParameterType::list, "tags");
  tags.children = {of_type(ParameterType::string)};
  tags.list_or_one = true;
  tags.nullable = true;
  const Value schema = json_schema({count, path, tags});
  CHECK(print_json(schema) ==
        R"({"type":"object","properties":{)"
        R"("count":{"description":"How many.","anyOf":[{"type":"integer","minimum":1},)"
        R"({"type":"string","pattern":"\\{\\{"}]},)"
        R"("every":{"type":"string","pattern":"^([0-9]+(ms|s|m|h|d))+$"},)"
        R"("tags":{"anyOf":[{"type":"array","items":{"type":["string","number","boolean"]}},)"
        R"({"type":["string","number","boolean"]},{"type":"null"},)"
        R"({"type":"string","pattern":"\\{\\{"}]}},)"
        R"("required":["count"],"additionalProperties":false})");
}

TEST_CASE("a parameter describes itself, leaving out what is not said") {
  Parameter parameter = of_type(ParameterType::choice, "sort_order");
  parameter.choices = {{"asc", "up"}, {"desc", ""}};
  parameter.default_value = Value("asc");
  parameter.show_when = {{"sort", {Value(true)}}};
  CHECK(print_json(describe_parameter(parameter)) ==
        R"({"name":"sort_order","type":"choice","title":"Sort order","default":"asc",)"
        R"("choices":[{"value":"asc","text":"up"},{"value":"desc"}],)"
        R"("show_when":[{"parameter":"sort","values":[true]}]})");
}
