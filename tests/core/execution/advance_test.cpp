#include <doctest/doctest.h>

#include "core/execution/history.h"
#include "tests/core/execution/machine.h"

using namespace engine;
using namespace engine::execution;
using namespace engine::test;

TEST_CASE("a chain runs one node after the other and ends with the last one's items") {
  Machine m("\n  - { id: a, type: step }\n  - { id: b, type: step }\n");
  CHECK(m.start("1 2") == "run a");
  CHECK(m.input("a") == "1 2");
  CHECK(m.finish("a", {"3"}) == "run b");
  CHECK(m.input("b") == "3");
  CHECK(m.finish("b", {"4 5"}) == "finish");
  CHECK(m.state.outcome == Outcome::success);
  CHECK(m.result() == "4 5");
}

TEST_CASE("only the trigger that fired gives items") {
  Machine m(R"(
  - { id: one, type: manual }
  - { id: two, type: manual }
  - { id: a, after: one, type: step }
  - { id: b, after: two, type: step }
)");
  CHECK(m.on(Started{"two", numbers("7"), true, "", {}}) == "run b");
  CHECK(m.phase("a") == Phase::skipped);
  CHECK(m.input("b") == "7");
  CHECK(m.finish("b", {"8"}) == "finish");
}

TEST_CASE("branches run side by side, and a join waits for all of them in the order written") {
  Machine m(R"(
  - { id: a, type: step }
  - { id: b, after: a, type: step }
  - { id: c, after: a, type: step }
  - { id: d, after: [c, b], type: step }
)");
  m.start("1");
  CHECK(m.finish("a", {"1"}) == "run b, run c");
  CHECK(m.finish("b", {"2"}) == "");
  CHECK(m.finish("c", {"3"}) == "run d");
  CHECK(m.input("d") == "3 2");
}

TEST_CASE("named inputs are filled apart from each other") {
  Machine m(R"(
  - { id: a, type: step }
  - { id: b, after: a, type: step }
  - { id: c, after: a, type: step }
  - { id: j, after: { left: c, right: [a, b] }, type: join }
)");
  m.start("1");
  m.finish("a", {"1"});
  m.finish("b", {"2"});
  CHECK(m.finish("c", {"3"}) == "run j");
  CHECK(m.input("j", 0) == "3");
  CHECK(m.input("j", 1) == "1 2");
}

TEST_CASE("a node to which nothing comes is skipped, and so is what follows it") {
  Machine m(R"(
  - { id: a, type: if, with: { value: 1 } }
  - { id: yes, after: a.true, type: step }
  - { id: no, after: a.false, type: step }
  - { id: deep, after: no, type: step }
  - { id: end, after: [yes, deep], type: step }
)");
  m.start("1");
  CHECK(m.finish("a", {"1", ""}) == "run yes");
  CHECK(m.phase("no") == Phase::skipped);
  CHECK(m.phase("deep") == Phase::skipped);
  CHECK(m.finish("yes", {"2"}) == "run end");
  CHECK(m.input("end") == "2");
  CHECK(m.finish("end", {""}) == "finish");
  CHECK(m.result() == "");
}

TEST_CASE("an execution that nothing is given to ends well") {
  Machine m("\n  - { id: a, type: step }\n");
  CHECK(m.start("") == "finish");
  CHECK(m.state.outcome == Outcome::success);
}

TEST_CASE("always_output feeds one empty item on where a node gave none") {
  Machine m("\n  - { id: a, type: step, always_output: true }\n  - { id: b, type: step }\n");
  m.start("1");
  CHECK(m.finish("a", {""}) == "run b");
  REQUIRE(m.state.at(m.key("b")).inputs[0].items->size() == 1);
  CHECK(print_json((*m.state.at(m.key("b")).inputs[0].items)[0].json) == "{}");
}

TEST_CASE("a disabled node passes its input on; a pinned one gives its pin, if pins count") {
  const std::string nodes = R"(
  - { id: a, type: step, disabled: true }
  - { id: b, type: step, pin: [{ n: 8 }, { n: 9 }] }
  - { id: c, type: step }
)";
  Machine pinned(nodes);
  CHECK(pinned.start("1 2") == "run c");
  CHECK(pinned.output("a") == "1 2");
  CHECK(pinned.input("c") == "8 9");
  Machine real(nodes);
  CHECK(real.on(Started{"", numbers("1 2"), false, "", {}}) == "run b");
  CHECK(real.input("b") == "1 2");
}

TEST_CASE("outputs that a start pins are given instead of running a node, inside of loops too") {
  Machine m(R"(
  - { id: a, type: if }
  - { id: b, after: a.true, type: step }
  - { id: c, after: a.false, type: step }
  - { id: each, after: c, type: loop, do: [{ id: x, type: step }, { id: y, type: step }] }
)");
  Started started{"", numbers("1 2"), true, "", {}};
  started.pins = {{"a", {numbers("1 2"), numbers("3")}}, {"b", {{}}}, {"x", {numbers("9")}}};
  CHECK(m.on(started) == "run c");
  CHECK(m.output("a", 0) == "1 2");
  CHECK(m.output("b") == "");
  CHECK(m.input("c") == "3");
  CHECK(m.finish("c", {"3"}) == "enter each");
  CHECK(m.enter("each", 1) == "run each[0]/y");
  CHECK(m.input("each[0]/y") == "9");
}

TEST_CASE("pinned items are linked with those that came in when there are as many") {
  Machine m("\n  - { id: a, type: step }\n  - { id: b, type: step }\n  - { id: c, type: step }\n");
  Started started{"", numbers("1 2"), true, "", {}};
  started.pins = {{"a", {numbers("8 9")}}, {"b", {numbers("7")}}};
  started.pins["a"][0][0].origin = started.pins["a"][0][1].origin = Origin();
  started.pins["b"][0][0].origin = Origin();
  m.on(started);
  const auto origins = [&](const std::string& run) {
    std::string text;
    for (const Item& item : *m.state.runs.at(m.state.at(m.key(run)).run.value()).outputs[0]) {
      text += item.origin.size() == 0 ? "-" : std::to_string(item.origin[0].item);
    }
    return text;
  };
  CHECK(origins("a") == "01");
  CHECK(origins("b") == "-");
}

TEST_CASE("pinned outputs are stored with the start") {
  Started started{"t", numbers("1"), true, "", {{"e", numbers("4 5")}}};
  started.pins = {{"a", {numbers("1 2"), {}}}, {"b", {numbers("3")}}};
  const StoredEvent stored = encode_event(State(), started, [](std::string&&) { FAIL("small"); });
  const auto read =
      std::get<Started>(decode_event(State(), stored.kind, stored.data, [](const auto&) {}));
  CHECK(show(read.items) == "1");
  CHECK(show(read.overrides.at("e")) == "4 5");
  REQUIRE(read.pins.size() == 2);
  REQUIRE(read.pins.at("a").size() == 2);
  CHECK(show(read.pins.at("a")[0]) == "1 2");
  CHECK(read.pins.at("a")[1].empty());
  REQUIRE(read.pins.at("b").size() == 1);
  CHECK(show(read.pins.at("b")[0]) == "3");
}

TEST_CASE("a node that runs once sees the first item only") {
  Machine m("\n  - { id: a, type: step, once: true }\n");
  m.start("4 5 6");
  CHECK(m.input("a") == "4");
}

TEST_CASE("sequential order starts one node at a time, in the order of the file") {
  Machine m(R"(
  - { id: a, type: step }
  - { id: b, after: a, type: step }
  - { id: c, after: a, type: step }
  - { id: d, after: b, type: step }
)",
            "order: sequential");
  CHECK(m.start("1") == "run a");
  CHECK(m.finish("a", {"1"}) == "run b");
  CHECK(m.finish("b", {"2"}) == "run c");  // c stands before d
  CHECK(m.finish("c", {"3"}) == "run d");
  CHECK(m.finish("d", {"4"}) == "finish");
}

TEST_CASE("until stops after a node and skips what it does not need") {
  Machine m(R"(
  - { id: a, type: step }
  - { id: b, after: a, type: step }
  - { id: c, after: a, type: step }
  - { id: d, after: b, type: step }
)");
  CHECK(m.start("1", "b") == "run a");
  CHECK(m.finish("a", {"1"}) == "run b");
  CHECK(m.finish("b", {"2"}) == "finish");
  CHECK(m.result() == "2");
  CHECK(m.phase("d") == Phase::skipped);
}

TEST_CASE("a failure stops what runs, but what finishes all the same is kept") {
  Machine m(R"(
  - { id: a, type: step }
  - { id: b, after: a, type: step }
  - { id: c, after: a, type: step }
  - { id: d, after: c, type: step }
)");
  m.start("1");
  m.finish("a", {"1"});
  CHECK(m.fail("b") == "cancel");
  CHECK(m.state.outcome == Outcome::unfinished);
  CHECK(m.finish("c", {"3"}) == "finish");
  CHECK(m.state.outcome == Outcome::failed);
  CHECK(m.state.error->code() == "broken");
  CHECK(m.output("c") == "3");
  CHECK(m.phase("d") == Phase::pending);
}

TEST_CASE("the first failure counts") {
  Machine m(
      "\n  - { id: a, type: step }\n  - { id: b, after: a, type: step }\n  - { id: c, after: a, "
      "type: step }\n");
  m.start("1");
  m.finish("a", {"1"});
  m.on(RunFailed{m.key("b"), 1, {}, Error(ErrorCause::user, "first", "First."), {}, {}});
  CHECK(m.fail("c") == "finish");
  CHECK(m.state.error->code() == "first");
}

TEST_CASE("items of an error output go where the file sends them") {
  Machine m(R"(
  - { id: a, type: step, on_error: output }
  - { id: ok, after: a.main, type: step }
  - { id: bad, after: a.error, type: step }
)");
  m.start("1 2");
  CHECK(m.finish("a", {"1", "2"}) == "run ok, run bad");
  CHECK(m.input("ok") == "1");
  CHECK(m.input("bad") == "2");
}

TEST_CASE("a retry waits for its timer and counts its attempts") {
  Machine m("\n  - { id: a, type: step }\n");
  m.start("1");
  CHECK(m.retry("a", 500) == "timer a");
  CHECK(m.state.timers == 1);
  CHECK(m.fire("a") == "run a");
  CHECK(m.attempt("a") == 2);
  CHECK(m.on(RunFinished{m.key("a"), 1, {}, {numbers("9")}, {}}) == "");  // the first, too late
  CHECK(m.finish("a", {"2"}) == "finish");
  CHECK(m.result() == "2");
}

TEST_CASE("the outputs of a waiting node count when its time has come") {
  Machine m("\n  - { id: a, type: step }\n  - { id: b, type: step }\n");
  m.start("1");
  CHECK(m.hold("a", "1", 900) == "timer a");
  CHECK_FALSE(applies(m.state, RunFinished{m.key("a"), 1, {}, {}, {}}));
  CHECK(m.fire("a") == "run b");
  CHECK(m.fire("a") == "");
}

TEST_CASE("cancelling lets what runs report, and does not wait for timers") {
  Machine m(R"(
  - { id: a, type: step }
  - { id: b, after: a, type: step }
  - { id: c, after: a, type: step }
)");
  m.start("1");
  m.finish("a", {"1"});
  m.retry("b", 500);
  CHECK(m.cancel() == "cancel");
  CHECK(m.fire("b") == "");
  CHECK(m.fail("c") == "finish");
  CHECK(m.state.outcome == Outcome::cancelled);
  CHECK(m.state.running == 0);
  Machine idle("\n  - { id: a, type: step }\n");
  idle.start("1");
  idle.hold("a", "1", 500);
  CHECK(idle.cancel() == "cancel, finish");
  CHECK(idle.state.outcome == Outcome::cancelled);
}

TEST_CASE("a wait that begins while everything stops holds nothing up") {
  Machine m("\n  - { id: a, type: step }\n");
  m.start("1");
  CHECK(m.cancel() == "cancel");
  CHECK(m.hold("a", "1", 500) == "finish");
}

TEST_CASE("edited inputs replace what flows in") {
  Machine m("\n  - { id: a, type: step }\n  - { id: b, type: step }\n");
  m.on(Started{"", numbers("1"), true, "", {{"b", numbers("7 8")}}});
  CHECK(m.finish("a", {"1"}) == "run b");
  CHECK(m.input("b") == "7 8");
}

TEST_CASE("a chain of thousands of nodes that are passed through needs no deep stack") {
  std::string nodes = "\n";
  for (int i = 0; i < 5000; ++i) {
    nodes += "  - { id: n" + std::to_string(i) + ", type: step, disabled: true }\n";
  }
  Machine m(nodes);
  CHECK(m.start("1") == "finish");
  CHECK(m.result() == "1");
}
