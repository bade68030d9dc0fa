// The smaller tools of nodes: changes of fields, the order of values, CSV, texts.
#include <doctest/doctest.h>

#include <compare>

#include "core/base/error.h"
#include "core/base/utf8.h"
#include "core/node/batch_builder.h"
#include "core/node/csv.h"
#include "core/node/field_changes.h"
#include "core/node/file_format.h"
#include "core/node/text.h"
#include "core/node/value_order.h"
#include "core/value/json.h"

using namespace engine;

namespace {

Value changed(const char* json, const std::vector<std::pair<const char*, const char*>>& changes) {
  std::vector<FieldChange> list;
  for (const auto& [path, value] : changes)
    list.push_back({path_of(path, "p"), value == nullptr ? Value() : parse_json(value)});
  ValueBuilder builder;
  write_changed(builder, parse_json(json), list);
  return builder.finish();
}

std::string canonical(const char* json) {
  std::string text;
  append_canonical(parse_json(json), text);
  return text;
}

std::vector<std::vector<std::string>> rows_of(std::string_view text, std::size_t piece) {
  std::vector<std::vector<std::string>> rows;
  CsvParser parser({}, [&](const CsvParser::Row& row, std::size_t) {
    rows.emplace_back(row.begin(), row.end());
  });
  for (; !text.empty(); text.remove_prefix(std::min(piece, text.size())))
    parser.feed(text.substr(0, piece));
  parser.finish();
  return rows;
}

}  // namespace

TEST_CASE("fields are set and removed in the order given") {
  CHECK(changed("{}", {{"a.b", "1"}, {"a.c", "2"}}) == parse_json(R"({"a":{"b":1,"c":2}})"));
  CHECK(changed(R"({"a":1})", {{"a", "{}"}, {"a.b", "1"}}) == parse_json(R"({"a":{"b":1}})"));
  CHECK(changed(R"({"a":1})", {{"a.b", "1"}, {"a", "2"}}) == parse_json(R"({"a":2})"));
  CHECK(changed(R"({"a":{"b":1,"c":2}})", {{"a.b", nullptr}}) == parse_json(R"({"a":{"c":2}})"));
  CHECK(changed(R"({"a":1})", {{"b.c", nullptr}}) == parse_json(R"({"a":1})"));
  CHECK(changed(R"({"a":1})", {{"b", "2"}, {"b", nullptr}}) == parse_json(R"({"a":1})"));
  CHECK(changed(R"({"l":[1,2]})", {{"l[1]", "9"}, {"l[0]", nullptr}}) ==
        parse_json(R"({"l":[9]})"));
  CHECK_THROWS_AS(path_of("a..b", "p"), Error);
}

TEST_CASE("members keep their place and new ones come last") {
  CHECK(print_json(changed(R"({"a":1,"b":2})", {{"c", "3"}, {"a", "0"}})) ==
        R"({"a":0,"b":2,"c":3})");
}

TEST_CASE("equal values have one canonical text, different ones do not") {
  CHECK(canonical(R"({"a":1,"b":[1.0]})") == canonical(R"({"b":[1],"a":1.0})"));
  CHECK(canonical("1") != canonical("\"1\""));
  CHECK(canonical("null") != canonical("\"null\""));
  CHECK(canonical("9007199254740993") != canonical("9007199254740992"));
  CHECK(canonical(R"(["a","b"])") != canonical(R"(["a\",\"b"])"));
  CHECK(canonical(R"({"a":{}})") != canonical(R"({"a":[]})"));
}

TEST_CASE("numbers compare exactly, integers with doubles too") {
  const auto less = [](const char* a, const char* b) {
    return std::is_lt(compare_values(parse_json(a), parse_json(b)));
  };
  CHECK(less("9007199254740992", "9007199254740993"));
  CHECK_FALSE(less("9007199254740993", "9007199254740992"));
  CHECK(less("9223372036854775807", "9223372036854775808.0"));
  CHECK(less("1", "1.5"));
  CHECK(less("false", "true"));
  CHECK(less("true", "0"));
  CHECK(less("5", "\"\""));
  CHECK(less("\"a\"", "[]"));
  CHECK(less("{}", "null"));
  CHECK_FALSE(less("[1]", "{}"));
}

TEST_CASE("numbers inside texts compare naturally") {
  CHECK(std::is_lt(compare_natural("a2", "a10")));
  CHECK(std::is_lt(compare_natural("A2b", "a02c")));
  CHECK(std::is_lt(compare_natural("a", "a1")));
  CHECK(std::is_eq(compare_natural("x007", "X7")));
  CHECK(std::is_lt(compare_natural("99999999999999999999999", "100000000000000000000000")));
}

TEST_CASE("CSV does not depend on where it is cut") {
  const std::string_view text = "a,\"b \"\"x\"\"\r\n\",c\r\n\r\n,,\n\"\"\nlast";
  const std::vector<std::vector<std::string>> rows = {
      {"a", "b \"x\"\r\n", "c"}, {"", "", ""}, {""}, {"last"}};
  for (const std::size_t piece : {1U, 2U, 3U, 7U, 100U}) CHECK(rows_of(text, piece) == rows);
  CHECK(rows_of("", 1).empty());
}

TEST_CASE("CSV comes back as it was written") {
  for (const std::string_view field : {"", "plain", " edge ", "a,b", "\"", "a\"b", "x\ny", "\r"}) {
    std::string line = "first,";
    append_csv_field(field, {}, line);
    CHECK(rows_of(line + "\r\n", 3) ==
          std::vector<std::vector<std::string>>{{"first", std::string(field)}});
  }
}

TEST_CASE("only well-formed UTF-8 is UTF-8") {
  CHECK(is_utf8("aé日🎉"));
  for (const char* bad : {"\xff", "\xc0\xaf", "\xe0\x80\xaf", "\xed\xa0\x80", "\xf4\x90\x80\x80",
                          "\xe6\x97", "\x80", "\xf0\x80\x80\xaf"})
    CHECK_FALSE(is_utf8(bad));
  CHECK(as_utf8("é\xe9") == "éé");
}

TEST_CASE("a builder that failed starts clean") {
  BatchBuilder batch;
  CHECK_THROWS_AS(batch.make([](ValueBuilder& builder) {
    builder.begin_object();
    throw Error(ErrorCause::user, "x", "x");
  }),
                  Error);
  CHECK(batch.make([](ValueBuilder& builder) { builder.integer(5); }).as_integer() == 5);
}

TEST_CASE("formats are seen from names") {
  CHECK(file_format_of("a/b.JSON") == FileFormat::json);
  CHECK(file_format_of("b.jsonl") == FileFormat::ndjson);
  CHECK(file_format_of("b.tsv") == FileFormat::csv);
  CHECK(file_format_of("b") == FileFormat::binary);
  CHECK(mime_type_of("x.png") == "image/png");
  CHECK(parse_file_format("text") == FileFormat::text);
  CHECK_FALSE(parse_file_format("yaml").has_value());
}
