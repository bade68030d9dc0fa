#include "core/flow_test/report.h"

#include <doctest/doctest.h>

#include "core/value/json.h"

using namespace engine;
using namespace engine::flow_test;

namespace {

std::vector<FileReport> reports() {
  FileReport good{"a.test.yaml", "a.yaml", {}, {}};
  good.cases.push_back({"One <&> \"two\"", {"a.test.yaml", 2, 5}, {}, false, Milliseconds(12)});
  good.cases.push_back(
      {"Other",
       {"a.test.yaml", 9, 5},
       {{{"a.test.yaml", 12, 7}, "different", "x[0].n", "1", "2", "x[0].n: expected 1, got 2."},
        statement({"a.test.yaml", 13, 7}, "did_not_run", "Line\none < two")},
       false,
       Milliseconds(1500)});
  good.cases.push_back({"New", {"a.test.yaml", 20, 5}, {}, true, Milliseconds(1)});
  FileReport bad{"b.test.yaml", "b.yaml", {{{"b.yaml", 3, 4}, "unknown_key", "No 'x'."}}, {}};
  return {good, bad};
}

}  // namespace

TEST_CASE("for people: a line per case, what differs below it, and counts at the end") {
  CHECK(text_report(reports()) == R"(ok       a.test.yaml: One <&> "two"
FAILED   a.test.yaml: Other
    a.test.yaml:12:7: x[0].n: expected 1, got 2.
    a.test.yaml:13:7: Line
one < two
updated  a.test.yaml: New
2 passed, 1 failed, 1 of them updated, 1 file is invalid
)");
  CHECK(text_report({}) == "0 passed, 0 failed\n");
}

TEST_CASE("for programs: JSON with every difference") {
  const Value report = parse_json(json_report(reports()));
  CHECK(report["passed"] == Value(2).view());
  CHECK(report["failed"] == Value(1).view());
  const Value file = report["files"][std::size_t{0}];
  CHECK(file["valid"].as_bool());
  const Value difference = file["cases"][std::size_t{1}]["differences"][std::size_t{0}];
  CHECK(print_json(difference) ==
        R"({"file":"a.test.yaml","line":12,"column":7,"code":"different","what":"x[0].n",)"
        R"("expected":"1","given":"2","message":"x[0].n: expected 1, got 2."})");
  const Value fault = report["files"][std::size_t{1}]["faults"][std::size_t{0}];
  CHECK(fault["message"].as_string() == "No 'x'.");
}

TEST_CASE("for CI: JUnit XML, escaped") {
  CHECK(junit_report(reports()) == R"(<?xml version="1.0" encoding="UTF-8"?>
<testsuites tests="4" failures="1" errors="1">
  <testsuite name="a.test.yaml" tests="3" failures="1" errors="0" time="1.513">
    <testcase classname="a.test.yaml" name="One &lt;&amp;&gt; &quot;two&quot;" file="a.test.yaml" line="2" time="0.012"/>
    <testcase classname="a.test.yaml" name="Other" file="a.test.yaml" line="9" time="1.500">
      <failure message="x[0].n: expected 1, got 2.">a.test.yaml:12:7: x[0].n: expected 1, got 2.&#10;a.test.yaml:13:7: Line&#10;one &lt; two&#10;</failure>
    </testcase>
    <testcase classname="a.test.yaml" name="New" file="a.test.yaml" line="20" time="0.001"/>
  </testsuite>
  <testsuite name="b.test.yaml" tests="1" failures="0" errors="1" time="0.000">
    <testcase classname="b.test.yaml" name="the file is valid">
      <error message="No 'x'.">b.yaml:3:4: No 'x'.&#10;</error>
    </testcase>
  </testsuite>
</testsuites>
)");
}
