#include <doctest/doctest.h>

#include "core/execution/lineage.h"
#include "tests/core/execution/machine.h"

using namespace engine;
using namespace engine::execution;
using namespace engine::test;

namespace {

const char* const kLoop = R"(
  - id: each
    type: loop
    do:
      - { id: x, type: step }
      - { id: y, type: step }
  - { id: end, type: step }
)";

std::string loop_with(const std::string& on_error, const std::string& end) {
  return "\n  - id: each\n    type: loop\n    on_error: " + on_error +
         "\n    do:\n      - { id: x, type: step }\n      - { id: z, after: x, type: step }\n" +
         end;
}

const char* const kRepeat = R"(
  - id: poll
    type: repeat
    with: { until: "{{ $json.done }}" }
    do:
      - { id: ask, type: step }
  - { id: end, type: step }
)";

}  // namespace

TEST_CASE("a loop runs its batches one after the other and gathers what the last node gives") {
  Machine m(kLoop);
  CHECK(m.start("1 2 3") == "enter each");
  CHECK(m.enter("each", 2) == "run each[0]/x");
  CHECK(m.input("each[0]/x") == "1 2");
  CHECK(m.finish("each[0]/x", {"1 2"}) == "run each[0]/y");
  CHECK(m.finish("each[0]/y", {"10 20"}) == "run each[1]/x");
  CHECK(m.input("each[1]/x") == "3");
  m.finish("each[1]/x", {"3"});
  CHECK(m.finish("each[1]/y", {"30"}) == "run end");
  CHECK(m.input("end") == "10 20 30");
}

TEST_CASE("parallel rounds end in any order and are gathered in theirs") {
  Machine m("\n  - id: each\n    type: loop\n    do: [{ id: x, type: step }]\n");
  m.start("1 2 3 4");
  CHECK(m.enter("each", 1, 2) == "run each[0]/x, run each[1]/x");
  CHECK(m.finish("each[1]/x", {"20"}) == "run each[2]/x");
  CHECK(m.finish("each[2]/x", {"30"}) == "run each[3]/x");
  CHECK(m.finish("each[3]/x", {"40"}) == "");
  CHECK(m.finish("each[0]/x", {"10"}) == "finish");
  CHECK(m.result() == "10 20 30 40");
}

TEST_CASE("rounds in which everything is skipped need no deep stack") {
  Machine m(R"(
  - id: each
    type: loop
    do:
      - { id: x, type: step, disabled: true }
)");
  std::string many;
  for (int i = 0; i < 3000; ++i) many += "1 ";
  m.start(many);
  CHECK(m.enter("each", 1) == "finish");
  CHECK(execution::result_items(m.state).size() == 3000);
}

TEST_CASE("loops inside of loops") {
  Machine m(R"(
  - id: outer
    type: loop
    do:
      - id: inner
        type: loop
        do:
          - { id: x, type: step }
)");
  m.start("1 2 3");
  CHECK(m.enter("outer", 2) == "enter outer[0]/inner");
  CHECK(m.enter("outer[0]/inner", 1, 2) == "run outer[0]/inner[0]/x, run outer[0]/inner[1]/x");
  m.finish("outer[0]/inner[0]/x", {"10"});
  CHECK(m.finish("outer[0]/inner[1]/x", {"20"}) == "enter outer[1]/inner");
  CHECK(m.enter("outer[1]/inner", 1) == "run outer[1]/inner[0]/x");
  CHECK(m.input("outer[1]/inner[0]/x") == "3");
  CHECK(m.finish("outer[1]/inner[0]/x", {"30"}) == "finish");
  CHECK(m.result() == "10 20 30");
}

TEST_CASE("a failing round fails the loop and stops the rounds beside it") {
  Machine m(kLoop);
  m.start("1 2");
  m.enter("each", 1, 2);
  CHECK(m.fail("each[0]/x") == "drop each[0], cancel");
  CHECK(m.fail("each[1]/x") == "finish");
  CHECK(m.state.outcome == Outcome::failed);
  CHECK(m.state.running == 0);
}

TEST_CASE("with on_error: continue the items of a failed round carry its error, others go on") {
  Machine m(loop_with("continue", "  - { id: end, type: step }\n"));
  m.start("1 2 3");
  m.enter("each", 2);
  CHECK(m.fail("each[0]/x") == "drop each[0], run each[1]/x");
  m.finish("each[1]/x", {"3"});
  CHECK(m.finish("each[1]/z", {"30"}) == "run end");
  CHECK(m.input("end") == "30 1!broken 2!broken");
}

TEST_CASE("with on_error: output the items of a failed round leave by the error output") {
  Machine m(loop_with("output",
                      "  - { id: ok, after: each.main, type: step }\n"
                      "  - { id: bad, after: each.error, type: step }\n"));
  m.start("1 2");
  m.enter("each", 1, 2);
  m.finish("each[0]/x", {"1"});
  CHECK(m.fail("each[1]/x") == "drop each[1]");
  CHECK(m.finish("each[0]/z", {"10"}) == "run ok, run bad");
  CHECK(m.input("ok") == "10");
  CHECK(m.input("bad") == "2!broken");
  // The failed item is still linked to what flowed into the loop.
  const auto feed = m.state.scopes[0].feed;
  CHECK(trace(m.state, m.state.at(m.key("bad")).inputs, 0, feed).index == 1);
}

TEST_CASE("a failed round drops its other nodes; what they report comes too late") {
  Machine m(R"(
  - id: each
    type: loop
    on_error: continue
    do:
      - { id: a, type: step }
      - { id: b, after: a, type: step }
      - { id: c, after: a, type: step }
      - { id: d, after: a, type: step }
)");
  m.start("1 2");
  m.enter("each", 1);
  m.finish("each[0]/a", {"1"});
  m.retry("each[0]/c", 500);
  CHECK(m.fail("each[0]/b") == "drop each[0], run each[1]/a");
  CHECK(m.finish("each[0]/d", {"9"}) == "");
  CHECK(m.fire("each[0]/c") == "");
  CHECK(m.state.running == 1);
  CHECK(m.state.timers == 0);
}

TEST_CASE("a round that fails while everything stops is not counted twice") {
  Machine m(R"(
  - id: each
    type: loop
    do:
      - { id: a, type: step }
      - { id: b, after: a, type: step }
      - { id: c, after: a, type: step }
)");
  m.start("1");
  m.enter("each", 1);
  m.finish("each[0]/a", {"1"});
  m.hold("each[0]/b", "1", 500);
  CHECK(m.cancel() == "cancel");
  CHECK(m.fail("each[0]/c") == "finish");
  CHECK(m.state.running == 0);
  CHECK(m.state.outcome == Outcome::cancelled);
}

TEST_CASE("a repeat goes on with what the round before gave, and ends with the last round") {
  Machine m(kRepeat);
  CHECK(m.start("1 2") == "enter poll");
  CHECK(m.enter("poll", 1) == "run poll[0]/ask");
  CHECK(m.input("poll[0]/ask") == "1 2");
  CHECK(m.finish("poll[0]/ask", {"3"}) == "check poll");
  CHECK(m.check("poll", false) == "run poll[1]/ask");
  CHECK(m.input("poll[1]/ask") == "3");
  CHECK(m.finish("poll[1]/ask", {"4"}) == "check poll");
  CHECK(m.check("poll", true) == "run end");
  CHECK(m.input("end") == "4");
}

TEST_CASE("a repeat whose round gives nothing is over") {
  Machine m(kRepeat);
  m.start("1");
  m.enter("poll", 1);
  CHECK(m.finish("poll[0]/ask", {""}) == "finish");
  CHECK(m.phase("end") == Phase::skipped);
}

TEST_CASE("a repeat that uses up its rounds fails, but may still hold in the last one") {
  Machine m(kRepeat);
  m.start("1");
  m.enter("poll", 1, 1, 2);
  m.finish("poll[0]/ask", {"1"});
  m.check("poll", false);
  CHECK(m.finish("poll[1]/ask", {"1"}) == "check poll");
  SUBCASE("it holds") {
    CHECK(m.check("poll", true) == "run end");
  }
  SUBCASE("it does not") {
    CHECK(m.check("poll", false) == "cancel, finish");
    CHECK(m.state.error->code() == "rounds_used_up");
    CHECK(m.state.error->where.node == "poll");
  }
}

TEST_CASE("a condition that fails follows on_error of its repeat") {
  Machine stops(kRepeat);
  stops.start("1");
  stops.enter("poll", 1);
  stops.finish("poll[0]/ask", {"1"});
  CHECK(stops.fail("poll") == "cancel, finish");
  CHECK(stops.state.outcome == Outcome::failed);

  Machine goes_on(R"(
  - id: poll
    type: repeat
    on_error: continue
    with: { until: "{{ $json.done }}" }
    do: [{ id: ask, type: step }]
)");
  goes_on.start("5");
  goes_on.enter("poll", 1);
  goes_on.finish("poll[0]/ask", {"1"});
  CHECK(goes_on.fail("poll") == "finish");
  CHECK(goes_on.state.outcome == Outcome::success);
  CHECK(goes_on.result() == "5!broken");
}

TEST_CASE("a condition that is being evaluated when its round is dropped is not waited for") {
  Machine m(R"(
  - id: each
    type: loop
    on_error: continue
    do:
      - { id: a, type: step }
      - id: poll
        after: a
        type: repeat
        with: { until: "{{ $json.done }}" }
        do: [{ id: ask, type: step }]
      - { id: b, after: a, type: step }
)");
  m.start("1");
  m.enter("each", 1);
  m.finish("each[0]/a", {"1"});
  m.enter("each[0]/poll", 1);
  CHECK(m.finish("each[0]/poll[0]/ask", {"1"}) == "check each[0]/poll");
  CHECK(m.fail("each[0]/b") == "drop each[0], finish");
  CHECK(m.state.running == 0);
  CHECK(m.check("each[0]/poll", false) == "");
}

TEST_CASE("the state is rebuilt with the same work outstanding at every moment") {
  Machine m(kRepeat);
  m.start("1");
  CHECK(m.told(outstanding(m.state)) == "enter poll");
  m.enter("poll", 1);
  CHECK(m.told(outstanding(m.state)) == "run poll[0]/ask");
  m.retry("poll[0]/ask", 500);
  CHECK(m.told(outstanding(m.state)) == "timer poll[0]/ask");
  m.fire("poll[0]/ask");
  m.finish("poll[0]/ask", {"2"});
  CHECK(m.told(outstanding(m.state)) == "check poll");
  m.check("poll", true);
  CHECK(m.told(outstanding(m.state)) == "run end");
  m.finish("end", {"3"});
  CHECK(m.told(outstanding(m.state)) == "finish");
}

TEST_CASE("items are linked through rounds, joins and branches to the one they came from") {
  Machine m(R"(
  - { id: a, type: step }
  - { id: b, after: a, type: if, with: { value: 1 } }
  - id: each
    after: [b.false, b.true]
    type: loop
    do: [{ id: x, type: step }]
  - { id: end, type: step }
)");
  m.start("1 2 3");
  m.finish("a", {"1 2 3"});
  const auto place = [](int n, std::size_t from) { return number(n, Origin::of(from)); };
  m.on(RunFinished{m.key("b"), 1, {}, {{place(1, 0), place(3, 2)}, {place(2, 1)}}, {}});
  CHECK(m.input("each") == "2 1 3");
  m.enter("each", 2);
  m.finish("each[0]/x", {"20 10"});
  m.finish("each[1]/x", {"30"});
  CHECK(m.input("end") == "20 10 30");
  const auto linked = [&](std::size_t item, const char* node) {
    return trace(m.state, m.state.at(m.key("end")).inputs, item, *m.state.at(m.key(node)).run);
  };
  CHECK(linked(0, "a").index == 1);
  CHECK(linked(1, "a").index == 0);
  CHECK(linked(2, "a").index == 2);
  CHECK(linked(0, "b").index == 2);  // over both outputs: 1 3 | 2
  CHECK(linked(2, "b").index == 1);
}

TEST_CASE("a broken link says which node broke it, an ambiguous one how many fit") {
  Machine m("\n  - { id: a, type: step }\n  - { id: b, type: step }\n  - { id: c, type: step }\n");
  m.start("1 2");
  m.finish("a", {"1 2"});
  m.on(RunFinished{m.key("b"), 1, {}, {{number(1), number(2, Origin::of({{0, 0}, {0, 1}}))}}, {}});
  const auto linked = [&](std::size_t item) {
    return trace(m.state, m.state.at(m.key("c")).inputs, item, *m.state.at(m.key("a")).run);
  };
  CHECK(linked(0).index == -1);
  CHECK(linked(0).broken.find("node 'b'") != std::string::npos);
  CHECK(linked(1).index == -1);
  CHECK(linked(1).broken.find("2 items of node 'a'") != std::string::npos);
}
