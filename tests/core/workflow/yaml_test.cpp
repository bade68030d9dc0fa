#include "core/workflow/yaml.h"

#include <doctest/doctest.h>

#include <chrono>

#include "core/value/json.h"

using namespace engine;
using engine::workflow::read_yaml;
using engine::workflow::YamlLimits;

namespace {

// The document as JSON; the faults, one per line, when there are any.
std::string read(std::string_view text, const YamlLimits& limits = {}) {
  Located result;
  Diagnostics diagnostics;
  if (read_yaml(text, "f.yaml", result, diagnostics, limits)) return print_json(to_value(result));
  std::string faults;
  for (const Diagnostic& fault : diagnostics.sorted()) {
    faults += std::to_string(fault.position.line) + ":" + std::to_string(fault.position.column) +
              " " + fault.code + "\n";
  }
  return faults;
}

std::string message(std::string_view text) {
  Located result;
  Diagnostics diagnostics;
  CHECK_FALSE(read_yaml(text, "f.yaml", result, diagnostics));
  REQUIRE(diagnostics.size() > 0);
  return to_string(diagnostics.sorted().front());
}

}  // namespace

TEST_CASE("plain scalars follow the core schema of YAML 1.2") {
  CHECK(read("[null, ~, Null, true, TRUE, False]") == "[null,null,null,true,true,false]");
  CHECK(read("[yes, no, on, off, y, n]") == R"(["yes","no","on","off","y","n"])");
  CHECK(read("[0, -7, +7, 007, 0o17, 0x1F]") == "[0,-7,7,7,15,31]");
  CHECK(read("[1.50, .5, 5., -0.25, 1e3, 1.E-2, +007.5]") == "[1.50,0.5,5,-0.25,1e3,1E-2,7.5]");
  CHECK(read("[1_000, 0b1, 12:30, 2026-01-02, .inf, .nan, 1.2.3, +-5, -, +]") ==
        R"(["1_000","0b1","12:30","2026-01-02",".inf",".nan","1.2.3","+-5","-","+"])");
}

TEST_CASE("numbers lose nothing") {
  CHECK(read("a: 9223372036854775807") == R"({"a":9223372036854775807})");
  CHECK(read("a: -9223372036854775808") == R"({"a":-9223372036854775808})");
  CHECK(read("a: 18446744073709551616") == R"({"a":18446744073709551616})");
  CHECK(read("a: 0xffffffffffffffff") == R"({"a":18446744073709551615})");
  CHECK(read("a: 0.10000000000000000000001") == R"({"a":0.10000000000000000000001})");
}

TEST_CASE("quoted and block scalars are texts") {
  CHECK(read("a: '5'\nb: \"true\"\nc: |\n  null\nd: >-\n  1\n  2\n") ==
        R"({"a":"5","b":"true","c":"null\n","d":"1 2"})");
  CHECK(read("a: !!str 5\nb: !!int '7'\nc: !!float 1.5\n") == R"({"a":"5","b":7,"c":1.5})");
  CHECK(read("a: \"{{ $json.a }}\"\nb: |\n  {{ x }}\n") ==
        R"({"a":"{{ $json.a }}","b":"{{ x }}\n"})");
}

TEST_CASE("keys are texts whatever they look like") {
  CHECK(read("on: 1\n5: 2\ntrue: 3\n'<<': 4\n'null': 5\n") ==
        R"({"on":1,"5":2,"true":3,"<<":4,"null":5})");
}

TEST_CASE("every value knows its place") {
  Located root;
  Diagnostics diagnostics;
  REQUIRE(read_yaml("name: x\nnodes:\n  - id: a\n    with: {k: [1, 'z']}\n  - empty:\n", "f", root,
                    diagnostics));
  const Located* nodes = root.find("nodes");
  REQUIRE(nodes != nullptr);
  const Located& node = nodes->elements[0];
  CHECK(node.members[0].line == 3);
  CHECK(node.members[0].column == 5);
  CHECK(node.find("id")->column == 9);
  const Located* list = node.find("with")->find("k");
  CHECK(list->line == 4);
  CHECK(list->column == 15);
  CHECK(list->elements[1].column == 19);
  CHECK(list->elements[1].quoted);
  CHECK_FALSE(list->elements[0].quoted);
  CHECK(nodes->elements[1].find("empty")->line == 5);
  CHECK(nodes->elements[1].find("empty")->column == 11);
}

TEST_CASE("aliases repeat the value they name") {
  CHECK(read("a: &x {k: [1, 2]}\nb: *x\nc: [*x]\n") ==
        R"({"a":{"k":[1,2]},"b":{"k":[1,2]},"c":[{"k":[1,2]}]})");
  CHECK(read("a: &x 1\nb: &x 2\nc: *x\n") == R"({"a":1,"b":2,"c":2})");
  CHECK(read("a: &x [*x]\n") == "1:8 bad_alias\n");
  CHECK(read("a: *nobody\n") == "1:4 bad_yaml\n");
}

TEST_CASE("aliases cannot blow the file up") {
  std::string bomb = "a0: &a0 [x, x, x, x, x, x, x, x, x, x]\n";
  for (int i = 1; i < 12; ++i) {
    const std::string before = "*a" + std::to_string(i - 1);
    bomb += "a" + std::to_string(i) + ": &a" + std::to_string(i) + " [";
    for (int k = 0; k < 10; ++k) bomb += (k > 0 ? ", " : "") + before;
    bomb += "]\n";
  }
  CHECK(read(bomb).find("too_many_aliases") != std::string::npos);

  std::string wide = "a: &a [";
  for (int i = 0; i < 2000; ++i) wide += "1, ";
  wide += "1]\nb: [";
  for (int i = 0; i < 9000; ++i) wide += "*a, ";
  wide += "*a]\n";
  CHECK(read(wide).find("too_large") != std::string::npos);
}

TEST_CASE("limits of size and depth") {
  CHECK(read("a: 12345678", {.bytes = 10}) == "1:1 too_large\n");
  CHECK(read("[[[1]]]", {.depth = 3}) == "[[[1]]]");
  CHECK(read("[[[[1]]]]", {.depth = 3}) == "1:4 too_deep\n");
  CHECK(read(std::string(100'000, '[')).find("too_deep") != std::string::npos);
  CHECK(read(std::string(100'000, '{')).find("too_deep") != std::string::npos);
  std::string deep;
  for (int i = 0; i < 150; ++i) deep += std::string(static_cast<std::size_t>(i), ' ') + "a:\n";
  CHECK(read(deep) == "101:101 too_deep\n");
}

TEST_CASE("a key given twice names the line of the first") {
  CHECK(read("a: 1\nb: 2\na: 3\n") == "3:1 duplicate_key\n");
  CHECK(message("a: 1\nb: 2\na: 3\n").find("first is in line 1") != std::string::npos);
  std::string many;
  for (int i = 0; i < 40; ++i) many += "k" + std::to_string(i) + ": 1\n";
  CHECK(read(many + "k39: 1\nk0: 2\n") == "41:1 duplicate_key\n42:1 duplicate_key\n");
}

TEST_CASE("an unquoted expression is named as what it is") {
  CHECK(read("a: {{ $json.a }}\n") == "1:4 unquoted_expression\n");
  CHECK(read("a: {{ $json.a }} and more\n") == "1:4 unquoted_expression\n");
  CHECK(read("a: {{ $json['a'] }}\n") == "1:4 unquoted_expression\n");
  CHECK(read("a: {{ f(1, 2) }}\n") == "1:4 unquoted_expression\n");
  CHECK(read("a: Hello {{ $json.a }}\n") == "1:10 unquoted_expression\n");
  CHECK(read("a: Hello {{ $json.a ? 1 : 2 }}\n") == "1:10 unquoted_expression\n");
  CHECK(read("a: {b: {{ $json.a }}, c: 1}\n") == "1:8 unquoted_expression\n");
  CHECK(read("- {{ a }}\n- {{ b }}\n") == "1:3 unquoted_expression\n2:3 unquoted_expression\n");
  CHECK(read("a: {{ x }} y\nb: {{ z }} y\n") ==
        "1:4 unquoted_expression\n2:4 unquoted_expression\n");
  CHECK(message("a: {{ $json.a }}\n").find("\"{{ $json.a }}\"") != std::string::npos);
  CHECK(message("a: {{ $json[\"a\"] }}\n").find("'{{ $json[\"a\"] }}'") != std::string::npos);
}

TEST_CASE("a fault elsewhere does not blame expressions in quotes, comments and blocks") {
  const std::string good =
      "a: \"{{ x }}\" # {{ y }}\nb: |\n  {{ z }}\n\n  \t{{ z }}\nc: 'it''s {{ q }}'\n";
  CHECK(read(good + "d: [1, 2\n") == "8:1 bad_yaml\n");
  CHECK(message(good + "d: [1, 2\n").find("begins in line 7, column 4") != std::string::npos);
}

TEST_CASE("tabs in the indentation") {
  CHECK(read("a:\n\tb: 1\n") == "2:1 tab_indentation\n");
  CHECK(read("a:\n  b: 1\n \tc: 2\n\td: 3\n") == "3:2 tab_indentation\n4:1 tab_indentation\n");
  CHECK(read("a:\tb\n") == R"({"a":"b"})");
}

TEST_CASE("merge keys, other tags and complex keys are refused") {
  CHECK(read("a: &a {x: 1}\nb:\n  <<: *a\n  y: 2\n") == "3:3 merge_key\n");
  CHECK(read("a: !env HOME\n") == "1:4 bad_tag\n");
  CHECK(read("a: !!int x\n") == "1:4 bad_tag\n");
  CHECK(read("a: !!binary aGk=\n") == "1:4 bad_tag\n");
  CHECK(read("? [a, b]\n: 1\nc: 2\n") == "1:3 bad_key\n");
  CHECK(read("~: 1\n") == "1:1 bad_key\n");
}

TEST_CASE("one file holds one document") {
  CHECK(read("---\na: 1\n...\n") == R"({"a":1})");
  CHECK(read("a: 1\n---\nb: 2\n") == "2:1 several_documents\n");
  CHECK(read("") == "1:1 empty_file\n");
  CHECK(read("# only a comment\n") == "1:1 empty_file\n");
}

TEST_CASE("bytes that are not YAML") {
  CHECK(read("\xef\xbb\xbf"
             "a: ü\n") == R"({"a":"ü"})");
  CHECK(read("a: 1\nb: \xff\n") == "2:4 bad_utf8\n");
  CHECK(read("a: \xed\xa0\x80\n") == "1:4 bad_utf8\n");
  CHECK(read("a: \xc0\xaf\n") == "1:4 bad_utf8\n");
  CHECK(read(std::string_view("a: \0\n", 5)) == "1:4 bad_character\n");
  CHECK(read("a: \x04\nb: 1\n") == "1:4 bad_character\n");
  CHECK(read("a: 1\r\nb: 2\r\n") == R"({"a":1,"b":2})");
}

TEST_CASE("syntax faults are told in words with a place") {
  CHECK(read("a: [1, 2\nb: 3\n") == "2:2 bad_yaml\n");
  CHECK(message("a: \"x\n").find("never closed") != std::string::npos);
  CHECK(message("b: 'x''\n").find("never closed") != std::string::npos);
  CHECK(message("a: &k \"x\\\"\n").find("never closed") != std::string::npos);
  CHECK(message("a: b: c\n").find("quotes") != std::string::npos);
  CHECK(message("a: @x\n").find("quotes") != std::string::npos);
  CHECK(message("a: \"\\q\"\n").find("backslash") != std::string::npos);
}

TEST_CASE("faults of hostile files are limited in number and time") {
  std::string text;
  for (int i = 0; i < 200'000; ++i) text += "- x{{\n";
  Located result;
  Diagnostics diagnostics;
  const auto begin = std::chrono::steady_clock::now();
  CHECK_FALSE(read_yaml(text, "f", result, diagnostics));
  CHECK(diagnostics.size() == Diagnostics::kMost);
  CHECK(std::chrono::steady_clock::now() - begin < std::chrono::seconds(30));
}
