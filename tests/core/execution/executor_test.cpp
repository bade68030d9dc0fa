#include <atomic>
#include <future>

#include "tests/core/execution/world.h"

using namespace engine;
using namespace engine::execution;
using namespace engine::test;
using std::chrono::seconds;

TEST_CASE("an execution is stored from its start to its end") {
  World world;
  const auto execution =
      world.run("\n  - { id: a, type: step }\n  - { id: b, type: step }\n", "1 2");
  CHECK(execution->outcome() == Outcome::success);
  CHECK(show(execution->result()) == "1 2");
  CHECK(world.kinds(execution->id()) == "started run_finished run_finished");
  const auto record = world.record(*execution);
  CHECK(record.status == store::Status::success);
  CHECK(record.finished == world.clock.now());
  CHECK(record.workflow == "t");
  // Items that are passed on are stored as places, not once more.
  const auto events = world.events(execution->id());
  CHECK(events[0].data.find("{\"n\":2}") != std::string::npos);
  CHECK(events[2].data.find("\"items\":[0,1]") != std::string::npos);
}

TEST_CASE("without durability nothing is stored") {
  World world;
  const auto execution = world.run("\n  - { id: a, type: step }\n", "1", "durability: none");
  CHECK(execution->outcome() == Outcome::success);
  CHECK_FALSE(world.store->find_execution(execution->id()));
}

TEST_CASE("with durability: execution the events are written at the end") {
  World world;
  std::size_t seen = 99;
  std::string id;
  world.behaviour("look", [&](NodeContext& c) -> NodeResult {
    seen = world.events(to_text(c.parameter("value", 0))).size();
    return {{c.input()}, {}, {}, {}};
  });
  const auto execution = world.run(R"(
  - { id: a, type: step }
  - { id: b, type: look, with: { value: "{{ $execution.id }}" } }
)",
                                   "1", "durability: execution");
  CHECK(seen == 0);
  CHECK(world.kinds(execution->id()) == "started run_finished run_finished");
}

TEST_CASE("failing items of a node that goes on become error items, in place") {
  World world;
  world.each("odd", [](NodeContext& c, std::size_t i) -> Items {
    if (*c.input()[i].json["n"].as_integer() % 2 == 0) {
      throw Error(ErrorCause::user, "even", "Even.");
    }
    return {c.input()[i]};
  });
  const auto execution = world.run("\n  - { id: a, type: odd, on_error: continue }\n", "1 2 3");
  CHECK(show(execution->result()) == "1 2!even 3");
  const Items& out = *execution->state().runs[1].outputs[0];
  CHECK(out[1].json["error"]["item"].as_integer() == 1);
  CHECK(out[1].json["error"]["node"].as_string() == "a");
}

TEST_CASE("a node that fails as a whole gives all its items an error when it goes on") {
  World world;
  world.behaviour("bad", [](NodeContext&) -> NodeResult { throw std::runtime_error("oops"); });
  const auto execution = world.run(R"(
  - { id: a, type: bad, on_error: output }
  - { id: b, after: a.error, type: step }
)",
                                   "1 2");
  CHECK(show(execution->result()) == "1!unexpected_exception 2!unexpected_exception");
}

TEST_CASE("the time limit of a node stops it") {
  World world;
  world.behaviour("hang", [](NodeContext& c) -> NodeResult {
    std::promise<void> stopped;
    const auto handle = c.cancellation().on_cancel([&] { stopped.set_value(); });
    stopped.get_future().wait();
    c.cancellation().check();
    return {};
  });
  const auto execution = world.start("\n  - { id: a, type: hang, timeout: 7s }\n", "1");
  world.timers.jump(seconds(7));
  execution->wait();
  CHECK(execution->outcome() == Outcome::failed);
  CHECK(execution->error()->cause() == ErrorCause::timeout);
}

TEST_CASE("items that a node did not come to in its time get the error too") {
  World world;
  std::promise<void> begun;
  world.each("hang", [&](NodeContext& c, std::size_t i) -> Items {
    if (i == 0) return {number(10)};
    std::promise<void> stopped;
    const auto handle = c.cancellation().on_cancel([&] { stopped.set_value(); });
    begun.set_value();
    stopped.get_future().wait();
    c.cancellation().check();
    return {};
  });
  const auto execution =
      world.start("\n  - { id: a, type: hang, timeout: 7s, on_error: continue }\n", "1 2 3");
  begun.get_future().wait();
  world.timers.jump(seconds(7));
  execution->wait();
  CHECK(show(execution->result()) == "10 2!timeout 3!timeout");
}

TEST_CASE("a node that does not listen is given up a moment after its time") {
  std::promise<void> release;
  const std::shared_future<void> released = release.get_future().share();
  std::promise<void> begun;
  World world;  // waits for its threads before what they use is gone
  world.behaviour("deaf", [&](NodeContext& c) -> NodeResult {
    begun.set_value();
    released.wait();
    return {{c.input()}, {}, {}, {}};
  });
  const auto execution = world.start("\n  - { id: a, type: deaf, timeout: 7s }\n", "1");
  begun.get_future().wait();
  world.timers.jump(seconds(7));
  world.timers.jump(seconds(1));
  execution->wait();
  CHECK(execution->error()->cause() == ErrorCause::timeout);
  const std::string before = world.kinds(execution->id());
  release.set_value();  // reports too late, into nothing
  CHECK(before == "started run_failed");
}

TEST_CASE("a node that does not listen is tried again, and its error is given on like any other") {
  std::promise<void> release;
  const std::shared_future<void> released = release.get_future().share();
  std::promise<void> begun;
  std::atomic<int> runs = 0;
  World world;  // waits for its threads before what they use is gone
  world.behaviour("deaf", [&](NodeContext& c) -> NodeResult {
    if (++runs == 1) {
      begun.set_value();
      released.wait();  // reports after the second attempt has ended
      return {{{number(99)}}, {}, {}, {}};
    }
    return {{c.input()}, {}, {}, {}};
  });
  SUBCASE("with attempts left") {
    const auto execution = world.start(
        "\n  - { id: a, type: deaf, timeout: 7s, retry: { attempts: 2, delay: 1s, backoff: fixed } "
        "}\n",
        "1");
    begun.get_future().wait();
    world.timers.jump(seconds(7));
    world.timers.jump(seconds(1));
    world.timers.jump(seconds(1));
    execution->wait();
    CHECK(show(execution->result()) == "1");
    CHECK(runs == 2);
  }
  SUBCASE("with none left and on_error: continue") {
    const auto execution =
        world.start("\n  - { id: a, type: deaf, timeout: 7s, on_error: continue }\n", "1 2");
    begun.get_future().wait();
    world.timers.jump(seconds(7));
    world.timers.jump(seconds(1));
    execution->wait();
    CHECK(show(execution->result()) == "1!timeout 2!timeout");
  }
  release.set_value();
}

TEST_CASE("the time limit of an execution does not count its waits") {
  World world;
  world.behaviour("wait", [](NodeContext& c) -> NodeResult {
    return {{c.input()}, {}, {}, c.clock().now() + seconds(100)};
  });
  world.behaviour("hang", [](NodeContext& c) -> NodeResult {
    std::promise<void> stopped;
    const auto handle = c.cancellation().on_cancel([&] { stopped.set_value(); });
    stopped.get_future().wait();
    c.cancellation().check();
    return {};
  });
  const auto execution =
      world.start("\n  - { id: a, type: wait }\n  - { id: b, type: hang }\n", "1", "timeout: 10s");
  world.timers.jump(seconds(100));
  world.timers.jump(seconds(10));
  execution->wait();
  CHECK(execution->outcome() == Outcome::failed);
  CHECK(execution->error()->cause() == ErrorCause::timeout);
  CHECK(world.kinds(execution->id()) ==
        "started run_finished timer_fired stop_requested run_failed");
}

TEST_CASE("cancelling stops what runs, and is stored") {
  World world;
  std::promise<void> begun;
  world.behaviour("hang", [&](NodeContext& c) -> NodeResult {
    std::promise<void> stopped;
    const auto handle = c.cancellation().on_cancel([&] { stopped.set_value(); });
    begun.set_value();
    stopped.get_future().wait();
    c.cancellation().check();
    return {};
  });
  const auto execution = world.start("\n  - { id: a, type: hang }\n", "1");
  begun.get_future().wait();
  SUBCASE("from here") {
    execution->cancel(CancelReason::cancelled);
  }
  SUBCASE("by a flag in the store") {
    CHECK(world.store->request_cancel(execution->id()));
    world.timers.jump(Milliseconds(500));
  }
  execution->wait();
  CHECK(execution->outcome() == Outcome::cancelled);
  CHECK(world.record(*execution).status == store::Status::cancelled);
}

TEST_CASE("node memory is stored with the run, and seen by the next execution") {
  World world;
  world.behaviour("count", [](NodeContext& c) -> NodeResult {
    const auto before = c.stored("n").as_integer().value_or(0);
    c.store("n", before + 1);
    if (c.parameter("value").truthy()) throw Error(ErrorCause::user, "bad", "Bad.");
    return {{{number(static_cast<int>(before))}}, {}, {}, {}};
  });
  const char* const good = "\n  - { id: a, type: count }\n";
  CHECK(show(world.run(good, "1")->result()) == "0");
  CHECK(world.store->find_memory("t", "a", "n") == "1");
  world.run("\n  - { id: a, type: count, with: { value: true } }\n", "1");
  CHECK(world.store->find_memory("t", "a", "n") == "1");  // what failed stores nothing
  CHECK(show(world.run(good, "1")->result()) == "1");
}

TEST_CASE("loops evaluate their parameters and conditions") {
  World world;
  world.each("add", [](NodeContext& c, std::size_t i) -> Items {
    const auto n = static_cast<int>(*c.input()[i].json["n"].as_integer()) + 1;
    return {{Value::object({{"n", n}, {"done", n >= 4}}), {}, {}}};
  });
  const auto execution = world.run(R"(
  - id: each
    type: loop
    with: { batch_size: 2, parallel: 2 }
    do:
      - id: poll
        type: repeat
        with: { until: "{{ $json.done }}" }
        do: [{ id: x, type: add }]
)",
                                   "1 2 3");
  CHECK(show(execution->result()) == "4 5 4");
}

TEST_CASE("a workflow calls another one, and gets its result or its error") {
  World world;
  world.behaviour("call", [](NodeContext& c) -> NodeResult {
    return {{c.call_workflow("child", c.input(), true, 0)}, {}, {}, {}};
  });
  world.each("double", [](NodeContext& c, std::size_t i) -> Items {
    const auto n = *c.input()[i].json["n"].as_integer();
    if (n > 10) throw Error(ErrorCause::user, "too_large", "Too large.");
    return {number(static_cast<int>(n) * 2)};
  });
  world.texts["child"] = workflow_text("\n  - { id: d, type: double }\n", "", "child");
  const auto good = world.run("\n  - { id: a, type: call }\n", "1 2");
  CHECK(show(good->result()) == "2 4");
  const auto child = world.store->find_child(good->id(), "a#1.0");
  REQUIRE(child);
  CHECK(child->mode == "sub_workflow");
  CHECK(child->status == store::Status::success);
  const auto bad = world.run("\n  - { id: a, type: call }\n", "11");
  CHECK(bad->outcome() == Outcome::failed);
  CHECK(bad->error()->code() == "sub_workflow_failed");
  CHECK(bad->error()->cause() == ErrorCause::user);
}

TEST_CASE("a workflow that calls itself is stopped") {
  World world;
  world.behaviour("call", [](NodeContext& c) -> NodeResult {
    return {{c.call_workflow("self", c.input(), true, 0)}, {}, {}, {}};
  });
  world.texts["self"] = workflow_text("\n  - { id: a, type: call }\n", "", "self");
  const auto execution = world.run("\n  - { id: a, type: call }\n", "1");
  CHECK(execution->outcome() == Outcome::failed);
  CHECK(execution->error()->message().find("levels deep") != std::string::npos);
}

TEST_CASE("the error workflow runs once after a failure, with what happened") {
  World world;
  std::promise<std::string> told;
  world.behaviour("tell", [&](NodeContext& c) -> NodeResult {
    told.set_value(print_json(c.input()[0].json["execution"]["error"]["code"]) +
                   print_json(c.input()[0].json["workflow"]["name"]));
    throw Error(ErrorCause::user, "again", "The error workflow fails as well.");
  });
  world.behaviour("bad",
                  [](NodeContext&) -> NodeResult { throw Error(ErrorCause::user, "bad", "Bad."); });
  world.texts["handler"] =
      workflow_text("\n  - { id: h, type: tell }\n", "error_workflow: handler", "handler");
  const auto execution = world.run("\n  - { id: a, type: bad }\n", "1", "error_workflow: handler");
  CHECK(execution->error()->code() == "bad");
  CHECK(told.get_future().get() == "\"bad\"\"t\"");
}
