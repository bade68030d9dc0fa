#include "core/value/value.h"

#include <doctest/doctest.h>

#include <cmath>
#include <limits>

#include "core/base/error.h"
#include "core/value/item.h"
#include "core/value/json.h"
#include "core/value/number.h"
#include "core/value/path.h"

using namespace engine;

namespace {

constexpr std::size_t kFirst = 0;  // a plain 0 could be a null pointer as well

Value json(std::string_view text) {
  return parse_json(text);
}

std::string fault(std::string_view text) {
  try {
    parse_json(text, "the answer");
  } catch (const Error& error) {
    CHECK(error.code() == "bad_json");
    return error.message();
  }
  return "no fault";
}

}  // namespace

TEST_CASE("JSON comes out as it went in") {
  for (const char* text : {"null",
                           "true",
                           "false",
                           "0",
                           "-0",
                           "1.50",
                           "1e3",
                           "1E-7",
                           "9223372036854775807",
                           "-9223372036854775808",
                           "1152921504606846976",
                           "-1152921504606846977",
                           "18446744073709551616",
                           "0.1000000000000000055511151231257827",
                           R"("")",
                           R"("a\"b\\c\n\u0001")",
                           R"("ü€😀")",
                           "[]",
                           "{}",
                           R"([1,[2,[]],{"a":null}])",
                           R"({"b":1,"a":{"c":[]}})"}) {
    INFO(text);
    CHECK(print_json(json(text)) == text);
  }
  CHECK(print_json(json(" [ 1 , \"\\u00fc\\ud83d\\ude00\" ] ")) == "[1,\"ü😀\"]");
  CHECK(print_json_pretty(json(R"({"a":[1,{}],"b":[]})")) ==
        "{\n  \"a\": [\n    1,\n    {}\n  ],\n  \"b\": []\n}");
}

TEST_CASE("bad JSON is refused with its place") {
  CHECK(fault("{\"a\": 1,\n \"b\": }").find("the answer is not valid JSON") == 0);
  CHECK(fault("{\"a\": 1,\n \"b\": }").find("(line 2, column 7)") != std::string::npos);
  for (const char* text : {"", "01", "1.", ".5", "+1", "nan", "[1,]", "{a:1}", "'a'", "1 2", "[1",
                           "\"\xff\"", "\"\xed\xa0\x80\"", "\"\\ud800\"", "\"\\x\"", "\"a\nb\""}) {
    INFO(text);
    CHECK(fault(text) != "no fault");
  }
  CHECK(fault(std::string_view("1\0", 2)).find("NUL") != std::string::npos);
}

TEST_CASE("JSON is limited in depth") {
  const std::string deep(kDeepestJson, '[');
  const std::string end(kDeepestJson, ']');
  CHECK(print_json(json(deep + end)) == deep + end);
  CHECK(fault("[" + deep + end + "]").find("deeper than 100") != std::string::npos);
  CHECK(fault(std::string(1'000'000, '[')).find("deeper than 100") != std::string::npos);
}

TEST_CASE("a key given twice keeps its first place and its last value") {
  CHECK(print_json(json(R"({"a":1,"b":2,"a":3})")) == R"({"a":3,"b":2})");
  std::string text = "{";
  for (int i = 0; i < 30; ++i)
    text += "\"k" + std::to_string(i % 20) + "\":" + std::to_string(i) + ",";
  text += "\"k0\":\"end\"}";
  const Value value = json(text);
  CHECK(value.size() == 20);
  CHECK(value["k0"] == Value("end"));
  CHECK(value["k9"] == Value(29));
  CHECK(value["k15"] == Value(15));
  CHECK(value.member(0).first == "k0");
}

TEST_CASE("large objects find every key and keep their order") {
  ValueBuilder builder;
  builder.begin_object();
  for (int i = 999; i >= 0; --i) {
    builder.key("key" + std::to_string(i));
    builder.integer(i);
  }
  builder.end_object();
  const Value value = builder.finish();
  for (int i = 0; i < 1000; ++i) REQUIRE(value["key" + std::to_string(i)] == Value(i));
  CHECK(value["key"].missing());
  CHECK(value["key1000"].missing());
  CHECK(value.member(0).first == "key999");
}

TEST_CASE("given is everything but missing and null") {
  CHECK_FALSE(Value().given());
  CHECK_FALSE(Value(nullptr).given());
  CHECK(Value(0).given());
  CHECK(Value(false).given());
  CHECK(Value("").given());
  CHECK(Value(-1).given());
  CHECK(Value::array().given());
}

TEST_CASE("numbers keep 64 bits and read as both kinds") {
  CHECK(Value(INT64_MAX).as_integer() == INT64_MAX);
  CHECK(Value(INT64_MIN).as_integer() == INT64_MIN);
  CHECK(Value(std::uint64_t{UINT64_MAX}).number_text() == "18446744073709551615");
  CHECK_FALSE(Value(std::uint64_t{UINT64_MAX}).as_integer());
  CHECK(json("1e3").as_integer() == 1000);
  CHECK(json("1.0").as_integer() == 1);
  CHECK_FALSE(json("1.5").as_integer());
  CHECK_FALSE(json("9223372036854775808").as_integer());
  CHECK(Value(2.5).as_number() == 2.5);
  CHECK(Value(3.0).kind() == Kind::integer);
  CHECK(Value(std::nan("")).null());
  CHECK(Value(std::numeric_limits<double>::infinity()).null());
  CHECK_FALSE(Value("5").as_integer());
}

TEST_CASE("truth is that of JavaScript") {
  for (const char* text : {"null", "false", "0", "-0", "0.0", "\"\""})
    CHECK_FALSE(json(text).truthy());
  for (const char* text : {"true", "1", "\"0\"", "[]", "{}", "0.1"}) CHECK(json(text).truthy());
  CHECK_FALSE(Value().truthy());
}

TEST_CASE("equality is that of JSON, and equal values have equal hashes") {
  const std::vector<std::pair<const char*, const char*>> equal{
      {"1", "1.0"},
      {"0", "-0"},
      {"100", "1e2"},
      {R"({"a":1,"b":2})", R"({"b":2.0,"a":1})"},
      {"[1,\"x\"]", "[1.0,\"x\"]"},
      {"\"\\u0061\"", "\"a\""}};
  for (const auto& pair : equal) {
    const char* a = pair.first;
    const char* b = pair.second;
    INFO(a << " " << b);
    CHECK(json(a) == json(b));
    CHECK(json(a).hash() == json(b).hash());
  }
  const std::vector<std::pair<const char*, const char*>> different{
      {"1", "\"1\""},
      {"null", "false"},
      {"[1,2]", "[2,1]"},
      {R"({"a":1})", R"({"a":1,"b":null})"},
      {R"({"a":null})", R"({"b":null})"},
      {"9223372036854775807", "9223372036854775806"},
      {"{}", "[]"}};
  for (const auto& pair : different) {
    const char* a = pair.first;
    const char* b = pair.second;
    INFO(a << " " << b);
    CHECK_FALSE(json(a) == json(b));
  }
  CHECK_FALSE(Value() == Value(nullptr));
}

TEST_CASE("parts outlive the document they came from") {
  Value part;
  {
    const Value whole =
        json(R"({"a":{"b":["a text that is long enough to be shared, not copied"]}})");
    part = whole["a"]["b"][kFirst];
  }
  CHECK(part.as_string() == "a text that is long enough to be shared, not copied");
  const Value alone = part.detached();
  CHECK(alone == part);
  CHECK(Value().detached().missing());
  CHECK(Value(nullptr).detached().null());
  const Value big =
      json("[" + std::string(20'000, ' ') + "[1],\"" + std::string(50'000, 'x') + "\"]");
  CHECK(big[kFirst].detached().arena_bytes() < 2000);
  CHECK(big[kFirst].arena_bytes() > 40'000);
}

TEST_CASE("a builder shares what it is given, and goes on after it finished") {
  const Value large(std::string(1000, 'x'));
  ValueBuilder builder;
  builder.begin_array();
  builder.value(large);
  builder.value(Value());
  builder.end_array();
  const Value first = builder.finish();
  CHECK(first[kFirst].as_string().data() == large.as_string().data());
  CHECK(first[std::size_t{1}].null());
  builder.begin_object();
  builder.key("gone");
  builder.value(Value());
  builder.key("first");
  builder.value(first);
  builder.end_object();
  const Value second = builder.finish();
  CHECK(second.size() == 1);
  CHECK(second["first"][kFirst] == large);
  CHECK_THROWS_AS(builder.finish(), Error);
}

TEST_CASE("a builder that met bad JSON goes on") {
  ValueBuilder builder;
  CHECK_THROWS_AS(parse_json("[1, {\"a\": ", builder), Error);
  CHECK(print_json(parse_json("[2]", builder)) == "[2]");
}

TEST_CASE("numbers print as JavaScript prints them") {
  const std::vector<std::pair<double, const char*>> cases{
      {0.0, "0"},
      {-0.0, "0"},
      {1.0, "1"},
      {-1.5, "-1.5"},
      {0.1, "0.1"},
      {123456789012345680000.0, "123456789012345680000"},
      {1e21, "1e+21"},
      {1.5e300, "1.5e+300"},
      {0.000001, "0.000001"},
      {1e-7, "1e-7"},
      {1.25e-9, "1.25e-9"},
      {5e-324, "5e-324"},
      {1.7976931348623157e308, "1.7976931348623157e+308"},
      {100.0, "100"}};
  for (const auto& [number, text] : cases) CHECK(format_number(number) == text);
}

TEST_CASE("numbers are read by the grammar of JSON") {
  for (const char* good : {"0", "-0", "10", "1.5", "-0.5", "1e5", "1E+5", "1.0e-5"}) {
    INFO(good);
    CHECK(parse_number(good));
  }
  for (const char* bad : {"", "-", "01", "-01", ".5", "-.5", "1.", "1.e5", "1e", "1e+", "+1", "0x1",
                          "inf", "nan", "1 "}) {
    INFO(bad);
    CHECK_FALSE(parse_number(bad));
  }
  CHECK(parse_number("1e400") == HUGE_VAL);
  CHECK(parse_number("-1e400") == -HUGE_VAL);
  CHECK(parse_number("1e-400") == 0.0);
  CHECK(parse_number("0." + std::string(400, '0') + "1") == 0.0);
  CHECK(parse_number(std::string(400, '9')) == HUGE_VAL);
  CHECK(parse_number("1e-99999999999999999999") == 0.0);
  CHECK(parse_number("1e99999999999999999999") == HUGE_VAL);
  CHECK(parse_integer("-42") == -42);
  CHECK_FALSE(parse_integer("1.0"));
  CHECK_FALSE(parse_integer("9223372036854775808"));
}

TEST_CASE("text of values") {
  CHECK(to_text(json("\"a\"")) == "a");
  CHECK(to_text(json("null")).empty());
  CHECK(to_text(Value()).empty());
  CHECK(to_text(json("{\"a\":1.50}")) == "{\"a\":1.50}");
}

TEST_CASE("paths lead to parts") {
  const Value value = json(R"({"a":{"b":[{"c":1},{"c":2}]},"x.y":3,"e":{"":4}})");
  const auto at = [&](std::string_view text) {
    const auto path = parse_path(text);
    REQUIRE(path);
    return print_json(at_path(value, *path));
  };
  CHECK(at("a.b[0].c") == "1");
  CHECK(at("a.b[-1].c") == "2");
  CHECK(at("['x.y']") == "3");
  CHECK(at("e[\"\"]") == "4");
  CHECK(at_path(value, *parse_path("a.b[2].c")).missing());
  CHECK(at_path(value, *parse_path("a.b[-3]")).missing());
  CHECK(at_path(value, *parse_path("a[0]")).missing());
  for (const char* bad :
       {"", ".", "a.", ".a", "a..b", "a[", "a[]", "a[x]", "a['b'", "a['b']c", "a.[0]", "a[1.5]"}) {
    INFO(bad);
    CHECK_FALSE(parse_path(bad));
  }
}

TEST_CASE("paths are written without touching the original") {
  const Value value = json(R"({"a":{"b":[1,2]},"c":3})");
  const auto with = [&](std::string_view text, const Value& what) {
    return print_json(with_path(value, *parse_path(text), what));
  };
  CHECK(with("a.b[0]", Value(9)) == R"({"a":{"b":[9,2]},"c":3})");
  CHECK(with("a.b[-1]", Value(9)) == R"({"a":{"b":[1,9]},"c":3})");
  CHECK(with("a.b[3]", Value(9)) == R"({"a":{"b":[1,2,null,9]},"c":3})");
  CHECK(with("c.d[1]", Value(9)) == R"({"a":{"b":[1,2]},"c":{"d":[null,9]}})");
  CHECK(with("n.m", Value(nullptr)) == R"({"a":{"b":[1,2]},"c":3,"n":{"m":null}})");
  CHECK(with("a.b[99999999]", Value(9)) == print_json(value));
  CHECK(print_json(without_path(value, *parse_path("a.b[0]"))) == R"({"a":{"b":[2]},"c":3})");
  CHECK(print_json(without_path(value, *parse_path("a.b"))) == R"({"a":{},"c":3})");
  CHECK(print_json(without_path(value, *parse_path("x.y"))) == print_json(value));
  CHECK(print_json(value) == R"({"a":{"b":[1,2]},"c":3})");
}

TEST_CASE("origins name none, one or several items") {
  CHECK(Origin().size() == 0);
  const Origin one = Origin::of(7, 2);
  REQUIRE(one.size() == 1);
  CHECK(one[0] == Origin::Source{2, 7});
  CHECK(Origin::of(0).size() == 1);
  CHECK(Origin::of(4'294'967'295)[0].item == 4'294'967'295U);
  Origin many = Origin::of({{0, 1}, {1, 2}, {0, 3}});
  Origin copy = many;
  many = Origin();
  REQUIRE(copy.size() == 3);
  CHECK(copy[2] == Origin::Source{0, 3});
  const Origin moved = std::move(copy);
  CHECK(moved.size() == 3);
  CHECK(Origin::of(std::vector<Origin::Source>{}).size() == 0);
  CHECK(Origin::of(std::vector<Origin::Source>{{1, 5}})[0] == Origin::Source{1, 5});
  static_assert(sizeof(Origin) == 8);
  static_assert(sizeof(Value) == 16);
}
