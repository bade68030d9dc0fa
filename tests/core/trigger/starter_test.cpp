#include "core/trigger/starter.h"

#include <atomic>
#include <thread>

#include "tests/core/execution/world.h"

namespace engine::trigger {
namespace {

using test::World;

constexpr Milliseconds kLongWait = std::chrono::hours(1);
// Between the end of one life and the next: ids are made of the time, and must differ.
constexpr Milliseconds kRestart{1};

struct Door {
  World world;
  Dispatcher dispatcher;
  Starter starter;
  Site site;
  std::shared_ptr<TriggerNode> node;

  explicit Door(const std::string& settings = "", DispatcherOptions options = {},
                std::shared_ptr<store::Store> kept = std::make_shared<test::MemoryStore>())
      : world(std::move(kept)),
        dispatcher(
            options,
            [this](std::function<void()> work) { world.executor.pool().submit(std::move(work)); }),
        starter(world.executor, dispatcher),
        site{world.executor.services(), "", Cancellation(), StateSeal(std::string(32, 'k'))} {
    const auto workflow = test::compile_flow(
        world.registry,
        test::workflow_text("\n  - id: t\n    type: manual\n  - id: s\n    type: step\n",
                            settings));
    node = std::make_shared<TriggerNode>(
        site, workflow,
        activation_of(*workflow, workflow->graph.nodes[0], world.executor.services()));
  }
  ~Door() {
    wait_for_all();
    world.executor.pool().wait_until_quiet(std::chrono::minutes(1));
  }
  Door(const Door&) = delete;
  Door& operator=(const Door&) = delete;

  static Start start(const std::string& key = "") { return {test::numbers("1"), key}; }
  Starter::Result take(std::vector<Start> starts, std::optional<Value> state = std::nullopt) {
    return starter.start(node, {std::move(starts), std::move(state)}, {"webhook"});
  }
  void wait_for_all() {
    for (const auto& execution : world.executor.active()) execution->wait();
  }
  Value stored_state() {
    const store::TriggerRecord row = world.store->list_triggers().at(0);
    return site.seal.open(row.workflow, row.node, row.state);
  }
  std::size_t stored(std::optional<store::Status> status = std::nullopt) {
    store::ExecutionFilter filter;
    filter.status = status;
    return world.store->list_executions(filter).size();
  }
};

}  // namespace

TEST_CASE("a start is stored and run, and gives its place back") {
  Door door;
  const auto result = door.take({Door::start()});
  CHECK(result.started);
  door.wait_for_all();
  CHECK(door.stored(store::Status::success) == 1);
  CHECK(door.world.kinds(result.execution) == "started run_finished");
  CHECK(door.dispatcher.load().running == 0);
}

TEST_CASE("of two starts with the same key only the first counts") {
  Door door;
  CHECK(door.take({Door::start("a"), Door::start("b"), Door::start("a")}).started);
  CHECK_FALSE(door.take({Door::start("a")}).started);
  CHECK(door.take({Door::start("a"), Door::start("c")}).refused == false);
  door.wait_for_all();
  CHECK(door.stored() == 3);
  CHECK(door.stored(store::Status::success) == 3);
  CHECK(door.dispatcher.load().running == 0);
}

TEST_CASE("the state is stored with the starts, and alone") {
  Door door;
  door.take({Door::start("a")}, Value(7));
  CHECK(door.node->state().as_integer() == 7);
  CHECK(door.stored_state() == Value(7));
  door.take({}, Value(8));
  CHECK(door.stored_state() == Value(8));
}

TEST_CASE("a full queue refuses, and nothing is stored") {
  DispatcherOptions options;
  options.most_running = 0;
  options.most_queued = 1;
  Door door("", options);
  CHECK(door.take({Door::start(), Door::start()}).refused);
  CHECK(door.stored() == 0);
  CHECK(door.dispatcher.load().queued == 0);
  CHECK_FALSE(door.take({Door::start()}).refused);
  CHECK(door.stored() == 1);
  CHECK(door.dispatcher.load().queued == 1);
}

TEST_CASE("what keeps nothing still knows the keys it has seen") {
  Door door("durability: none");
  CHECK(door.take({Door::start("a")}).started);
  CHECK_FALSE(door.take({Door::start("a")}).started);
  door.wait_for_all();
  CHECK(door.stored() == 0);
}

TEST_CASE("one that waits since before a restart has its place, by key, until it ends") {
  const auto store = std::make_shared<test::MemoryStore>();
  const std::string settings =
      "concurrency: { limit: 1, key: \"{{ $json.n }}\", when_full: queue }";
  store::Execution waiting;
  {
    DispatcherOptions none;
    none.most_running = 0;
    Door before(settings, none, store);
    waiting = store->find_execution(before.take({Door::start()}).execution).value();
    waiting.status = store::Status::waiting;
    waiting.due = before.world.clock.now() + kRestart + kLongWait;
    store->append(waiting.id, {}, {}, waiting)->wait();
  }
  Door after(settings, {}, store);
  after.world.clock.set(after.world.clock.now() + kRestart);
  after.starter.recover(waiting);
  CHECK(after.dispatcher.load().running == 0);
  after.take({{test::numbers("1"), ""}});
  after.take({{test::numbers("2"), ""}});
  after.wait_for_all();
  CHECK(after.dispatcher.load().queued == 1);
  CHECK(after.stored(store::Status::success) == 1);
  after.world.timers.jump(kLongWait);
  while (after.stored(store::Status::success) < 3) std::this_thread::yield();
  after.wait_for_all();
  CHECK(after.dispatcher.load().queued == 0);
  CHECK(after.dispatcher.load().running == 0);
}

TEST_CASE("one that is taken up before it is due runs once, and gives its place back") {
  const auto store = std::make_shared<test::MemoryStore>();
  const std::string settings = "concurrency: { limit: 1 }";
  store::Execution waiting;
  {
    DispatcherOptions none;
    none.most_running = 0;
    Door before(settings, none, store);
    waiting = store->find_execution(before.take({Door::start()}).execution).value();
    waiting.status = store::Status::waiting;
    waiting.due = before.world.clock.now() + kRestart + kLongWait;
    store->append(waiting.id, {}, {}, waiting)->wait();
  }
  Door after(settings, {}, store);
  after.world.clock.set(after.world.clock.now() + kRestart);
  after.starter.recover(waiting);
  after.starter.take_up(waiting)->wait();
  after.world.timers.jump(kLongWait);
  CHECK(after.take({Door::start()}).started);
  after.wait_for_all();
  CHECK(after.stored(store::Status::success) == 2);
  CHECK(after.dispatcher.load().running == 0);
  CHECK(after.dispatcher.load().queued == 0);
}

TEST_CASE("what keeps nothing waits for its turn in memory, and can be waited for") {
  Door door("durability: none, concurrency: { limit: 1 }");
  const Pass other{"other", "other", {{door.node->workflow(), 1, {}}}};
  CHECK(door.dispatcher.admit(other).verdict == Dispatcher::Verdict::run);
  std::atomic<int> ended{0};
  StartOptions options{"webhook"};
  options.on_end = [&](const execution::ActiveExecution& execution) {
    if (execution.outcome() == execution::Outcome::success) ++ended;
  };
  CHECK(door.starter.start(door.node, {{Door::start()}, {}}, options).started);
  CHECK(door.starter.unstored() == 1);
  CHECK_FALSE(door.starter.wait_for_unstored(Milliseconds(0)));
  door.dispatcher.finished(other);
  CHECK(door.starter.wait_for_unstored(Milliseconds(60'000)));
  door.wait_for_all();
  CHECK(ended == 1);
}

}  // namespace engine::trigger
