#include "core/workflow/yaml_writer.h"

#include <doctest/doctest.h>

#include "core/value/json.h"
#include "core/workflow/yaml.h"

using namespace engine;

namespace {

Value read_back(const std::string& text) {
  Located root;
  Diagnostics diagnostics;
  CAPTURE(text);
  CHECK(workflow::read_yaml("x: " + text, "x.yaml", root, diagnostics));
  CHECK(diagnostics.empty());
  return to_value(root)["x"];
}

// Texts that YAML reads as something else when they are not quoted.
constexpr const char* kValues = R"([
  {"plain": "a word", "empty": "", "null": "null", "yes": "yes", "number": "12", "date": "2026-01-01",
   "colon": "a: b", "hash": "a #b", "dash": "- a", "quote": "it's \"so\"", "back": "a\\b", "star": "*a",
   "lines": "a\n\n b\nc", "ends": "a\nb\n", "ends twice": "a\n\n", "tab": "a\n\tb", "blank": "a \nb",
   "front": " a\nb", "umlaut": "ä\nö", "{{": "{{ $json.a }}", "brackets": "[a], {b}", "comma": "a, b"},
  [], {}, [[]], [[1, [2, {"a": [{"b": {}}]}]]], null, true, -1.5, "x",
  {"a": [1, 2, 3], "b": [{"c": 1, "d": [{"e": 2}]}, {"f": {}}], "g": {"h": {"i": []}}}
])";

}  // namespace

TEST_CASE("what is written is read back the same, as a block and on one line") {
  const Value values = parse_json(kValues);
  for (std::size_t i = 0; i < values.size(); ++i) {
    const Value value = values[i];
    const std::string block = workflow::to_yaml(value, 2);
    CHECK(print_json(read_back("\n" + block)) == print_json(value));
    CHECK(block.starts_with("  "));
    const std::string flow = workflow::to_flow_yaml(value);
    CHECK(flow.find('\n') == std::string::npos);
    CHECK(print_json(read_back("[" + flow + "]")) == "[" + print_json(value) + "]");
  }
}

TEST_CASE("lists of maps begin beside the dash, short lists and long texts are easy to read") {
  const Value value = parse_json(
      R"({"list": [{"a": 1, "b": [1, "x y"]}, [{"c": 2}], "d"], "text": "one\ntwo\n", "t": "1"})");
  CHECK(workflow::to_yaml(value, 2) == R"(  list:
    - a: 1
      b: [1, x y]
    - - c: 2
    - d
  text: |
    one
    two
  t: "1"
)");
  CHECK(workflow::to_flow_yaml(value) ==
        R"({ list: [{ a: 1, b: [1, x y] }, [{ c: 2 }], d], text: "one\ntwo\n", t: "1" })");
}
