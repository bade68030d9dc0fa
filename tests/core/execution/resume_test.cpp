#include "core/execution/rebuild.h"
#include "tests/core/execution/world.h"

using namespace engine;
using namespace engine::execution;
using namespace engine::test;
using std::chrono::seconds;

namespace {

// A bit of everything: branches, a join, a loop with a failing round, a repeat, a retry, a wait.
const char* const kFlow = R"(
  - { id: a, type: work }
  - { id: flaky, after: a, type: flaky, retry: { attempts: 3, delay: 0s, backoff: fixed } }
  - { id: pause, after: a, type: pause }
  - id: each
    after: [flaky, pause]
    type: loop
    on_error: continue
    with: { batch_size: 2, parallel: 2 }
    do:
      - { id: x, type: work }
      - { id: y, type: picky }
  - id: poll
    type: repeat
    with: { until: "{{ $json.done }}" }
    do: [{ id: more, type: more }]
  - { id: end, type: work }
)";

std::int64_t number_of(const Item& item) {
  return item.json["n"].as_integer().value_or(-1);
}

// Behaviours that depend on nothing but what a run is given, and say what ran.
void add_nodes(World& world, Log& log) {
  world.behaviour("work", [&log](NodeContext& c) -> NodeResult {
    log.add("work");
    Items items = c.input();
    for (std::size_t i = 0; i < items.size(); ++i) items[i].origin = Origin::of(i);
    return {{std::move(items)}, {}, {}, {}};
  });
  world.behaviour("pause", [&log](NodeContext& c) -> NodeResult {
    log.add("pause");
    return {{{number(7, Origin::of(0))}}, {}, {}, c.clock().now()};
  });
  // Items above its memory fail; every attempt gets one item further.
  world.behaviour("flaky", [&log](NodeContext& c) -> NodeResult {
    log.add("flaky" + std::to_string(c.input().size()));
    NodeResult result;
    result.outputs.resize(1);
    result.outputs[0].push_back(
        number(static_cast<int>(number_of(c.input()[0])) * 10, Origin::of(0)));
    for (std::size_t i = 1; i < c.input().size(); ++i) {
      result.failed.push_back({i, Error(ErrorCause::upstream, "broken", "It broke.")});
    }
    return result;
  });
  world.each("picky", [&log](NodeContext& c, std::size_t i) -> Items {
    log.add("picky");
    if (number_of(c.input()[i]) == 7) throw Error(ErrorCause::user, "seven", "Seven.");
    return {c.input()[i]};
  });
  world.each("more", [&log](NodeContext& c, std::size_t i) -> Items {
    log.add("more");
    const auto n = static_cast<int>(number_of(c.input()[i])) + 1;
    return {{Value::object({{"n", n}, {"done", n >= 12}}), {}, {}}};
  });
}

std::vector<std::string> pieces_of(store::Store& store, const std::string& id, std::uint32_t n) {
  std::vector<std::string> pieces;
  store.read_pieces(id, n, [&](std::string&& piece) { pieces.push_back(std::move(piece)); });
  return pieces;
}

// The store as it was when the process died after `count` events.
std::shared_ptr<MemoryStore> crashed_after(World& world, const std::string& id, std::size_t count) {
  auto copy = std::make_shared<MemoryStore>();
  store::Execution record = world.store->find_execution(id).value();
  const store::WorkflowText text = world.store->find_workflow(record.workflow_hash).value();
  record.status = store::Status::running;
  record.finished.reset();
  record.error.clear();
  record.owner = 0;
  copy->create_execution(record, text, {});
  std::vector<store::Event> events = world.events(id);
  // Pieces of an event that did not make it lie about as well.
  for (std::size_t i = 0; i < std::min(count + 1, events.size()); ++i) {
    std::uint32_t piece = 0;
    for (std::string& data : pieces_of(*world.store, id, events[i].sequence)) {
      copy->append_piece(id, events[i].sequence, piece++, std::move(data));
    }
  }
  events.resize(count);
  copy->append(id, std::move(events), {}, {});
  return copy;
}

// Node runs that finished, by name.
std::map<std::string, int> finished_runs(World& world, const std::string& id) {
  std::map<std::string, int> runs;
  for (const store::Event& event : world.events(id)) {
    if (event.kind != "run_finished") continue;
    ++runs[std::string(parse_json(event.data)["run"].as_string())];
  }
  return runs;
}

}  // namespace

TEST_CASE("an execution that crashed at any moment goes on, and finishes nothing twice") {
  World world;
  Log log;
  add_nodes(world, log);
  const auto whole = world.run(kFlow, "1 2 3");
  REQUIRE(whole->outcome() == Outcome::success);
  const std::string expected = show(whole->result());
  CHECK(expected == "12 22 32 9");  // two rounds of `poll`, until its first item is done
  const auto runs = finished_runs(world, whole->id());
  const std::size_t total = world.events(whole->id()).size();
  REQUIRE(total > 15);
  for (std::size_t count = 1; count < total; ++count) {
    CAPTURE(count);
    World next(crashed_after(world, whole->id(), count));
    Log after;
    add_nodes(next, after);
    const auto record = next.store->find_execution(whole->id()).value();
    const auto resumed = next.executor.resume(record, {});
    resumed->wait();
    CHECK(resumed->outcome() == Outcome::success);
    CHECK(show(resumed->result()) == expected);
    CHECK(finished_runs(next, whole->id()) == runs);
    CHECK(next.store->find_execution(whole->id())->status == store::Status::success);
    std::uint32_t sequence = 0;
    for (const store::Event& event : next.events(whole->id())) CHECK(event.sequence == ++sequence);
  }
}

TEST_CASE("a stored history rebuilds the state it was written from") {
  World world;
  Log log;
  add_nodes(world, log);
  const auto whole = world.run(kFlow, "1 2 3");
  const auto rebuilt = rebuild(whole->workflow(), *world.store, world.record(*whole));
  CHECK(rebuilt.state.outcome == Outcome::success);
  CHECK(rebuilt.sequence == world.events(whole->id()).size());
  REQUIRE(rebuilt.state.runs.size() == whole->state().runs.size());
  for (std::size_t i = 0; i < rebuilt.state.runs.size(); ++i) {
    const NodeRun& mine = rebuilt.state.runs[i];
    const NodeRun& theirs = whole->state().runs[i];
    REQUIRE(mine.outputs.size() == theirs.outputs.size());
    for (std::size_t output = 0; output < mine.outputs.size(); ++output) {
      const Items& a = *mine.outputs[output];
      const Items& b = *theirs.outputs[output];
      REQUIRE(a.size() == b.size());
      for (std::size_t item = 0; item < a.size(); ++item) {
        CHECK(a[item].json == b[item].json);
        REQUIRE(a[item].origin.size() == b[item].origin.size());
        for (std::size_t k = 0; k < a[item].origin.size(); ++k) {
          CHECK(a[item].origin[k] == b[item].origin[k]);
        }
      }
    }
  }
}

TEST_CASE("long item lists are stored in pieces, and read back") {
  World world;
  world.behaviour("many", [](NodeContext&) -> NodeResult {
    std::vector<Items> outputs(1);
    for (int i = 0; i < 3000; ++i) {
      outputs[0].push_back(
          {Value::object({{"n", i}, {"text", std::string(300, 'x')}}), {}, Origin::of(0)});
    }
    return {std::move(outputs), {}, {}, {}};
  });
  const auto whole = world.run("\n  - { id: a, type: many }\n", "1");
  const auto pieces = pieces_of(*world.store, whole->id(), 2);
  CHECK(pieces.size() == 4);  // of about 256 KiB each
  CHECK(world.events(whole->id())[1].data.size() < 200);
  const auto rebuilt = rebuild(whole->workflow(), *world.store, world.record(*whole));
  CHECK(show(result_items(rebuilt.state)) == show(whole->result()));
}

TEST_CASE("an execution that waits goes on in another process when it is due") {
  auto kept = std::make_shared<MemoryStore>();
  std::string id;
  TimePoint due;
  {
    World world;
    world.behaviour("wait", [](NodeContext& c) -> NodeResult {
      return {{c.input()}, {}, {}, c.clock().now() + seconds(60)};
    });
    const auto execution =
        world.start("\n  - { id: a, type: wait }\n  - { id: b, type: step }\n", "4");
    while (world.record(*execution).status != store::Status::waiting) std::this_thread::yield();
    due = world.record(*execution).due.value();
    CHECK(due == from_ms(1'000'000) + seconds(60));
    id = execution->id();
    kept = crashed_after(world, id, 2);
    execution->cancel(CancelReason::cancelled);
    execution->wait();
  }
  World next(kept);
  next.behaviour("wait", [](NodeContext&) -> NodeResult { return {}; });
  const auto resumed = next.executor.resume(next.store->find_execution(id).value(), {});
  next.timers.jump(seconds(60));
  resumed->wait();
  CHECK(show(resumed->result()) == "4");
}

TEST_CASE("on_crash: fail ends what crashed, and calls it so") {
  World world;
  const auto whole =
      world.run("\n  - { id: a, type: step }\n  - { id: b, type: step }\n", "1", "on_crash: fail");
  World next(crashed_after(world, whole->id(), 2));
  const auto resumed = next.executor.resume(next.store->find_execution(whole->id()).value(), {});
  resumed->wait();
  CHECK(resumed->error()->cause() == ErrorCause::crashed);
  CHECK(next.store->find_execution(whole->id())->status == store::Status::crashed);
}

TEST_CASE("what was being stopped when the process died is not begun again") {
  World world;
  Log log;
  std::atomic<bool> fails = true;
  const auto add_node = [&](World& w) {
    w.behaviour("work", [&](NodeContext& c) -> NodeResult {
      log.add(to_text(c.parameter("value")));
      if (fails) throw Error(ErrorCause::user, "bad", "Bad.");
      return {{c.input()}, {}, {}, {}};
    });
  };
  add_node(world);
  // The one that fails first stops the other, which may or may not have begun.
  const auto whole = world.run(R"(
  - { id: a, type: step }
  - { id: b, after: a, type: work, with: { value: b } }
  - { id: c, after: a, type: work, with: { value: c } }
)",
                               "1");
  World next(crashed_after(world, whole->id(), 3));  // started, a, the first failure
  fails = false;
  add_node(next);
  const std::string before = log.text();
  const auto resumed = next.executor.resume(next.store->find_execution(whole->id()).value(), {});
  resumed->wait();
  CHECK(log.text() == before);
  CHECK(resumed->outcome() == Outcome::failed);
  CHECK(next.store->find_execution(whole->id())->status == store::Status::failed);
  CHECK(next.store->find_execution(whole->id())->finished);
}

TEST_CASE("an execution that ended or never began is not resumed") {
  World world;
  const auto whole = world.run("\n  - { id: a, type: step }\n", "1");
  const auto code = [&](const store::Execution& record, World& in) -> std::string {
    try {
      in.executor.resume(record, {});
    } catch (const Error& error) {
      return error.code();
    }
    return "";
  };
  CHECK(code(world.record(*whole), world) == "execution_finished");
  World next(crashed_after(world, whole->id(), 0));
  CHECK(code(next.store->find_execution(whole->id()).value(), next) == "execution_not_begun");
  CHECK(next.store->find_execution(whole->id())->status == store::Status::crashed);
}

TEST_CASE("retrying a failed execution repeats only what did not succeed") {
  World world;
  Log log;
  std::atomic<bool> fails = true;
  world.each("send", [&](NodeContext& c, std::size_t i) -> Items {
    const auto n = number_of(c.input()[i]);
    log.add(to_text(c.parameter("value", i)) + std::to_string(n));
    if (n == 2 && fails) throw Error(ErrorCause::user, "bad", "Bad.");
    return {c.input()[i]};
  });
  const auto first = world.run(R"(
  - { id: a, type: send, with: { value: a }, on_error: continue }
  - { id: b, type: send, with: { value: b } }
)",
                               "1 2 3");
  CHECK(first->outcome() == Outcome::failed);
  CHECK(log.text() == "a1 a2 a3 b1 b2");
  fails = false;
  const auto again = world.executor.retry(world.record(*first), {});
  again->wait();
  CHECK(again->outcome() == Outcome::success);
  CHECK(log.text() == "a1 a2 a3 b1 b2 b2 b3");
  CHECK(again->id() != first->id());
  CHECK(world.record(*again).retry_of == first->id());
  CHECK(world.record(*again).mode == "retry");
  // Its history stands for itself.
  const auto rebuilt = rebuild(again->workflow(), *world.store, world.record(*again));
  CHECK(show(result_items(rebuilt.state)) == show(again->result()));
  CHECK_THROWS_AS(world.executor.retry(world.record(*again), {}), Error);
}

TEST_CASE("replaying from a node repeats it and what follows, with edited input if wanted") {
  World world;
  Log log;
  world.behaviour("work", [&](NodeContext& c) -> NodeResult {
    log.add(to_text(c.parameter("value")) + ":" + show(c.input()));
    return {{c.input()}, {}, {}, {}};
  });
  const auto first = world.run(R"(
  - { id: a, type: work, with: { value: a } }
  - { id: b, type: work, with: { value: b } }
  - { id: c, type: work, with: { value: c } }
)",
                               "1 2");
  const auto again = world.executor.replay(world.record(*first), "b", std::nullopt, {});
  again->wait();
  CHECK(log.text() == "a:1 2 b:1 2 c:1 2 b:1 2 c:1 2");
  const auto edited = world.executor.replay(world.record(*first), "c", numbers("9"), {});
  edited->wait();
  CHECK(log.text().ends_with(" c:9"));
  CHECK(show(edited->result()) == "9");
  CHECK(world.record(*edited).status == store::Status::success);
  CHECK_THROWS_AS(world.executor.replay(world.record(*first), "bb", std::nullopt, {}), Error);
}

TEST_CASE("a called workflow that had finished before a crash is not called again") {
  World world;
  std::atomic<int> runs = 0;
  const auto add_call = [&](World& w) {
    w.behaviour("call", [](NodeContext& c) -> NodeResult {
      return {{c.call_workflow("child", c.input(), true, 0)}, {}, {}, {}};
    });
    w.behaviour("work", [&](NodeContext& c) -> NodeResult {
      ++runs;
      return {{c.input()}, {}, {}, {}};
    });
    w.texts["child"] = workflow_text("\n  - { id: d, type: work }\n", "", "child");
  };
  add_call(world);
  const auto whole = world.run("\n  - { id: a, type: call }\n", "5");
  const auto child = world.store->find_child(whole->id(), "a#1.0").value();
  auto kept = crashed_after(world, whole->id(), 1);
  const auto child_events = world.events(child.id);
  store::Execution record = child;
  std::size_t expected = 1;
  SUBCASE("finished") {
    kept->create_execution(record, *world.store->find_workflow(child.workflow_hash), child_events);
  }
  SUBCASE("half way") {
    record.status = store::Status::running;
    record.finished.reset();
    record.owner = 0;
    kept->create_execution(record, *world.store->find_workflow(child.workflow_hash),
                           {child_events[0]});
    expected = 2;
  }
  World next(kept);
  add_call(next);
  const auto resumed = next.executor.resume(next.store->find_execution(whole->id()).value(), {});
  resumed->wait();
  CHECK(show(resumed->result()) == "5");
  CHECK(runs == static_cast<int>(expected));
  CHECK(next.store->find_child(whole->id(), "a#1.0")->id == child.id);
}
