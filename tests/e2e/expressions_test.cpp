// What expressions see of a run, and what they say when they fail, on the whole program.
#include <doctest/doctest.h>

#include "core/value/json.h"
#include "tests/e2e/place.h"

namespace engine::e2e {
namespace {

// A node that sets the one field `x`.
std::string set_x(const std::string& expression) {
  return workflow("Set", "  - id: only\n    type: set\n    with:\n      fields:\n        x: \"{{ " +
                             expression + " }}\"\n");
}

}  // namespace

TEST_CASE("expressions see the item, the run, the workflow, the time and the environment") {
  Place place;
  place.environment["SEEN"] = "yes";
  place.environment["UNSEEN"] = "no";
  const std::string flow = place.file("all.yaml", R"(name: All
settings: { timezone: Asia/Tokyo, env: [SEEN] }
nodes:
  - id: start
    type: manual
  - id: seen
    type: set
    with:
      keep: none
      fields:
        json: "{{ $json.n }}"
        item: "{{ $item.json.n }}"
        index: "{{ $itemIndex }}"
        input: "{{ [$input.item.json.n, $input.first().json.n, $input.last().json.n, $input.all().length] }}"
        other: "{{ [$('start').item.json.n, $('start').first().json.n, $('start').last().json.n, $('start').all().length, $('start').isExecuted] }}"
        node: "{{ $node.start.json.n }}"
        binary: "{{ $binary }}"
        execution: "{{ $execution.id.length + ' ' + $execution.mode }}"
        workflow: "{{ $workflow.name }}"
        run: "{{ $runIndex }}"
        env: "{{ [$env.SEEN, $env.UNSEEN ?? 'hidden'] }}"
        vars: "{{ $vars }}"
        zone: "{{ [$now.zoneName, $today.hour, $now.diff($today).as('days') < 1] }}"
        luxon: "{{ [DateTime.fromMillis(0).toISO(), Duration.fromObject({minutes: 2}).toMillis(), Interval.after($today, {days: 2}).length('days')] }}"
        helpers: "{{ [$jmespath($json, 'n'), $if(true, 1, 2), $ifEmpty('', 3), $min(4, 5), $max(4, 5)] }}"
)");
  const Outcome run = place.engine({"run", flow, "--input", "-", "-q"}, R"([{"n": 1}, {"n": 2}])");
  CAPTURE(run.err);
  REQUIRE(run.code == 0);
  const Value items = parse_json(run.out);
  REQUIRE(items.size() == 2);
  CHECK(items[1] == parse_json(R"({
    "json": 2, "item": 2, "index": 1, "input": [2, 1, 2, 2], "other": [2, 1, 2, 2, true], "node": 2,
    "binary": {}, "execution": "26 cli", "workflow": "All", "run": 0, "env": ["yes", "hidden"],
    "vars": {}, "zone": ["Asia/Tokyo", 0, true],
    "luxon": ["1970-01-01T09:00:00.000+09:00", 120000, 2], "helpers": [2, 1, 3, 4, 5]})"));
}

TEST_CASE("a linked item is found through every node that makes items of items") {
  const Place place;
  place.file("called.yaml", workflow("Called", "  - id: nothing\n    type: no_op\n"));
  const std::string flow = place.file("links.yaml", R"(name: Links
nodes:
  - { id: start, type: manual }
  - { id: renamed, type: rename_keys, with: { keys: { n: m } } }
  - { id: split, type: split_out, with: { field: list, include: [m] } }
  - { id: sorted, type: sort, with: { by: { field: list, order: desc } } }
  - { id: once, type: remove_duplicates }
  - { id: dated, type: date_time, with: { operation: now } }
  - { id: hashed, type: crypto, with: { operation: uuid } }
  - { id: side, type: if, with: { condition: "{{ $json.list > 1 }}" } }
  - { id: left, after: side.true, type: switch, with: { value: 1, cases: { "1": all } } }
  - { id: right, after: side.false, type: wait, with: { for: 1ms } }
  - { id: both, after: [left.all, right], type: merge }
  - { id: paired, after: { left: both, right: both }, type: merge, with: { mode: match, by: list } }
  - { id: script, type: code, with: { mode: each, js: "return [$json]" } }
  - id: loop
    type: loop
    with: { batch_size: 2 }
    do:
      - id: until
        type: repeat
        with: { until: true }
        do:
          - { id: filtered, type: filter, with: { condition: "{{ $json.list !== 3 }}" } }
  - { id: first, type: limit, with: { max: 10 } }
  - { id: called, type: execute_workflow, with: { workflow: called.yaml, mode: each } }
  - { id: summed, type: summarize, with: { group_by: [m, list], values: [{ operation: count }] } }
  - id: linked
    type: set
    with:
      keep: [list]
      fields: { n: "{{ $('start').item.json.n }}", m: "{{ $('split').item.json.m }}" }
)");
  const Outcome run = place.engine({"run", flow, "--input", "-", "-q"},
                                   R"([{"n": "a", "list": [1, 2]}, {"n": "b", "list": [3, 4]}])");
  CAPTURE(run.err);
  CHECK(run.code == 0);
  CHECK(parse_json(run.out) ==
        parse_json(R"([{"list": 4, "n": "b", "m": "b"}, {"list": 2, "n": "a", "m": "a"},
                       {"list": 1, "n": "a", "m": "a"}])"));
}

TEST_CASE("a broken link names the node that broke it, and what to do") {
  const Place place;
  const auto error = [&](const std::string& breaking) {
    const std::string flow = place.file("broken.yaml", workflow("Broken", breaking + R"(
  - id: next
    type: no_op
  - id: asks
    type: set
    with: { fields: { x: "{{ $('start').item.json.n }}" } }
)"));
    const Outcome run =
        place.engine({"run", flow, "--input", "-", "-q"}, R"([{"n": 1}, {"n": 2}])");
    CHECK(run.code == 1);
    return run.err;
  };
  const std::string script =
      error("  - id: breaks\n    type: code\n    with: { js: \"return [{}]\" }");
  CHECK(contains(script, "node 'asks', item 1, parameter 'fields.x'"));
  CHECK(contains(script,
                 "node 'breaks' made this item from no single item before it; its mode "
                 "'each' keeps the link, use .all(), .first() or .last()"));
  const std::string joined = error("  - id: joins\n    type: aggregate\n    with: { field: n }");
  CHECK(contains(joined, "made from 2 items of node 'start'; use .all(), .first() or .last()"));
}

TEST_CASE("an expression that never ends names its node, parameter and item") {
  const Place place;
  const std::string flow = place.file("spin.yaml", R"(name: Spin
settings: { expression_timeout: 50ms }
nodes:
  - id: start
    type: manual
  - id: spin
    type: set
    with:
      fields:
        fine: "{{ $json.n + 1 }}"
        x: "{{ (() => { while ($json.n === 2) {} return 1; })() }}"
)");
  const Outcome run = place.engine({"run", flow, "--input", "-", "-q"}, R"([{"n": 1}, {"n": 2}])");
  CHECK(run.code == 1);
  CHECK(contains(run.err, "spin.yaml:11:16: node 'spin', item 2, parameter 'fields.x'"));
  CHECK(contains(run.err, "ran longer than 50 ms"));
  CHECK(contains(run.err, "'expression_timeout' in the settings"));
}

TEST_CASE("errors of expressions are said in words that help") {
  const Place place;
  const auto error = [&](const std::string& expression, const std::string& item = "{}") {
    const Outcome run =
        place.engine({"run", place.file("x.yaml", set_x(expression)), "--input", "-", "-q"}, item);
    CHECK(run.code != 0);
    CHECK(run.signal == 0);
    return run.err;
  };
  CHECK(contains(error("$json.id + 1", R"({"id": 9007199254740993})"), "Write 1n for 1"));
  CHECK(contains(error("fetch('http://x')"), "use the node http_request"));
  CHECK(contains(error("process.env.HOME"), "Environment variables are in $env"));
  CHECK(contains(error("if (true) 1"), "write 'condition ? this : that', or use a code node"));
  CHECK(contains(error("(() => { const o = {}; o.o = o; return o; })()"), "holds itself"));
}

}  // namespace engine::e2e
