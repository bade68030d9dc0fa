#include "core/trigger/clockwork.h"

#include <atomic>

#include "core/value/json.h"
#include "tests/core/execution/world.h"

namespace engine::trigger {
namespace {

using test::World;

bool contains_text(const std::string& text, const std::string& part) {
  return text.find(part) != std::string::npos;
}

constexpr Milliseconds kTen = std::chrono::minutes(10);

/// Every ten minutes.
class Ticks final : public ScheduleTrigger {
 public:
  SchedulePolicy policy(const TriggerContext& context) const override {
    SchedulePolicy policy;
    const std::string missed = to_text(context.parameter("value"));
    if (missed == "run_once") policy.missed = SchedulePolicy::Missed::run_once;
    if (missed == "run_all") policy.missed = SchedulePolicy::Missed::run_all;
    return policy;
  }
  std::optional<TimePoint> next(const TriggerContext& /*context*/, TimePoint after) const override {
    ++asked;
    return from_ms((to_ms(after) / kTen.count() + 1) * kTen.count());
  }
  Items items(const TriggerContext& /*context*/, TimePoint tick) const override {
    return {{Value::object({{"at", to_ms(tick)}}), {}, {}}};
  }

  mutable std::atomic<int> asked = 0;
};

/// Finds one thing every time; fails when it is told to.
class Finds final : public PollTrigger {
 public:
  explicit Finds(std::shared_ptr<std::atomic<bool>> fail) : fail_(std::move(fail)) {}
  Milliseconds every(const TriggerContext& /*context*/) const override { return kTen; }
  Starts poll(TriggerContext& context) const override {
    if (*fail_) throw Error(ErrorCause::upstream, "down", "The service is down.");
    const auto cursor = context.state().as_integer();
    if (!cursor) return {{}, Value(0)};
    return {{{{{Value::object({{"n", *cursor}}), {}, {}}}, "n:" + std::to_string(*cursor)}},
            Value(*cursor + 1)};
  }

 private:
  std::shared_ptr<std::atomic<bool>> fail_;
};

/// Writes down what it is asked for.
class Registers final : public ServiceWebhookTrigger {
 public:
  explicit Registers(std::shared_ptr<test::Log> log) : log_(std::move(log)) {}
  Route route(const TriggerContext& /*context*/) const override { return {"", {"POST"}}; }
  Received receive(TriggerContext& /*context*/, const Delivery& /*delivery*/) const override {
    return {};
  }
  Value activate(TriggerContext& context) const override {
    log_->add("activate(" + print_json(context.state()) + ")");
    return Value("hook 7");
  }
  void deactivate(TriggerContext& context) const override {
    log_->add("deactivate(" + print_json(context.state()) + "," +
              to_text(context.parameter("value")) + ")");
  }
  Starts catch_up(TriggerContext& /*context*/) const override {
    log_->add("catch_up");
    return {};
  }
  Milliseconds check_every(const TriggerContext& /*context*/) const override { return kTen; }

 private:
  std::shared_ptr<test::Log> log_;
};

template <typename Interface>
void add_trigger(Registry& registry, const std::string& id, std::shared_ptr<Interface> trigger) {
  NodeType type;
  type.description.id = id;
  type.description.inputs.clear();
  Parameter value;
  value.name = "value";
  value.type = ParameterType::any;
  type.description.parameters.push_back(value);
  type.kind = NodeKind::trigger;
  type.trigger = [trigger](const TriggerContext&) -> Trigger {
    return std::shared_ptr<const Interface>(trigger);
  };
  registry.add(std::move(type));
}

/// One life of a server: the same store may have had others.
struct Life {
  World world;
  std::shared_ptr<std::atomic<bool>> fail = std::make_shared<std::atomic<bool>>(false);
  std::shared_ptr<test::Log> log;
  Dispatcher dispatcher;
  Starter starter;
  Site site;
  std::shared_ptr<Ticks> ticks = std::make_shared<Ticks>();
  std::shared_ptr<Clockwork> clockwork;

  explicit Life(std::shared_ptr<store::Store> store, TimePoint now,
                std::shared_ptr<test::Log> shared = std::make_shared<test::Log>())
      : world(std::move(store)),
        log(std::move(shared)),
        dispatcher(
            {},
            [this](std::function<void()> work) { world.executor.pool().submit(std::move(work)); }),
        starter(world.executor, dispatcher),
        site{world.executor.services(), "https://me.example", Cancellation(),
             StateSeal(std::string(32, 'k'))} {
    world.clock.set(now);
    add_trigger<ScheduleTrigger>(world.registry, "ticks", ticks);
    add_trigger<PollTrigger>(world.registry, "finds", std::make_shared<Finds>(fail));
    add_trigger<ServiceWebhookTrigger>(world.registry, "registers",
                                       std::make_shared<Registers>(log));
    clockwork = std::make_shared<Clockwork>(world.executor, starter, site, world.registry);
  }
  ~Life() {
    clockwork->stop();
    // What has ended still tells the dispatcher, which then starts what is queued.
    const auto busy = [this] { return dispatcher.load().running + dispatcher.load().queued > 0; };
    while (busy()) std::this_thread::yield();
    world.executor.pool().wait_until_quiet(std::chrono::minutes(1));
  }
  Life(const Life&) = delete;
  Life& operator=(const Life&) = delete;

  std::vector<std::shared_ptr<TriggerNode>> nodes(const std::string& type,
                                                  const std::string& value = "x") {
    const auto workflow =
        test::compile_flow(world.registry, test::workflow_text("\n  - id: t\n    type: " + type +
                                                               "\n    with: { value: " + value +
                                                               " }\n  - id: s\n    type: step\n"));
    return {std::make_shared<TriggerNode>(
        site, workflow,
        activation_of(*workflow, workflow->graph.nodes[0], world.executor.services()))};
  }
  std::size_t executions() const {
    store::ExecutionFilter filter;
    filter.limit = 1000;
    return world.store->list_executions(filter).size();
  }
};

const TimePoint kNoon = from_ms(1'772'366'400'000);

}  // namespace

TEST_CASE("a schedule fires at each of its ticks, and never at its activation") {
  Life life(std::make_shared<test::MemoryStore>(), kNoon + Milliseconds(1));
  life.clockwork->keep(life.nodes("ticks"), true);
  life.world.timers.await(kTen - Milliseconds(1));
  CHECK(life.executions() == 0);
  life.world.timers.jump(kTen - Milliseconds(1));
  life.world.timers.await(kTen);  // planned when the tick before has been dealt with
  CHECK(life.executions() == 1);
  life.world.timers.jump(kTen);
  life.world.timers.await(kTen);
  CHECK(life.executions() == 2);
}

TEST_CASE("ticks that were missed while the server was down") {
  struct Case {
    const char* missed;
    Milliseconds down;
    std::size_t runs;
  };
  for (const Case& each : {Case{"skip", 6 * kTen + Milliseconds(120'000), 0},
                           Case{"skip", 6 * kTen + Milliseconds(30'000), 1},  // the last is on time
                           Case{"run_once", 6 * kTen + Milliseconds(120'000), 1},
                           Case{"run_all", 6 * kTen + Milliseconds(120'000), 6}}) {
    CAPTURE(each.missed);
    const auto store = std::make_shared<test::MemoryStore>();
    {
      Life life(store, kNoon);
      life.clockwork->keep(life.nodes("ticks", each.missed), true);
      life.world.timers.await(kTen);
    }
    CHECK(store->list_triggers().size() == 1);
    for (int lives = 0; lives < 2; ++lives) {  // what was made up for is not made up for again
      Life again(store, kNoon + each.down);
      again.clockwork->keep(again.nodes("ticks", each.missed), true);
      again.world.timers.await(7 * kTen - each.down);
      CHECK(again.executions() == each.runs);
    }
  }
}

TEST_CASE("after years of downtime only the newest ticks are looked at") {
  const Milliseconds years = std::chrono::hours(24 * 365 * 3);
  struct Case {
    const char* missed;
    std::size_t runs;
  };
  for (const Case& one : {Case{"run_once", 1}, Case{"run_all", 1000}}) {
    const auto& [missed, runs] = one;
    CAPTURE(one.missed);
    const auto store = std::make_shared<test::MemoryStore>();
    {
      Life life(store, kNoon);
      life.clockwork->keep(life.nodes("ticks", missed), true);
      life.world.timers.await(kTen);
    }
    Life again(store, kNoon + years);
    again.clockwork->keep(again.nodes("ticks", missed), true);
    again.world.timers.await(kTen);
    CHECK(again.executions() == runs);
    CHECK(again.ticks->asked < 10'000);  // of more than 150,000
  }
}

TEST_CASE("a poll goes on from its cursor, also after a failure and in the next life") {
  const auto store = std::make_shared<test::MemoryStore>();
  {
    Life life(store, kNoon);
    life.clockwork->keep(life.nodes("finds"), true);
    life.world.timers.jump(kTen);
    life.world.timers.await(kTen);
    CHECK(life.executions() == 1);
  }
  Life again(store, kNoon + 5 * kTen);
  *again.fail = true;
  const auto nodes = again.nodes("finds");
  again.clockwork->keep(nodes, true);
  again.world.timers.jump(Milliseconds(5'000));
  again.world.timers.await(Milliseconds(10'000));
  CHECK(contains_text(again.clockwork->fault(*nodes[0]), "The service is down."));
  CHECK(again.executions() == 1);
  *again.fail = false;
  again.world.timers.jump(Milliseconds(10'000));
  again.world.timers.await(kTen);
  CHECK(again.executions() == 2);
  CHECK(again.clockwork->fault(*nodes[0]).empty());
}

TEST_CASE("a registration is made, checked, kept over a restart and undone when it is gone") {
  const auto store = std::make_shared<test::MemoryStore>();
  const auto log = std::make_shared<test::Log>();
  {
    Life life(store, kNoon, log);
    life.clockwork->keep(life.nodes("registers", "one"), true);
    life.world.timers.await(kTen);
  }
  CHECK(log->text().starts_with("activate(null)"));
  const store::TriggerRecord row = store->list_triggers().at(0);
  CHECK(row.state.find("hook 7") == std::string::npos);
  CHECK(StateSeal(std::string(32, 'k')).open(row.workflow, row.node, row.state) == Value("hook 7"));
  {
    Life again(store, kNoon + kTen, log);
    again.clockwork->keep(again.nodes("registers", "one"), true);
    again.world.timers.await(kTen);
  }
  CHECK(contains_text(log->text(), "activate(\"hook 7\") catch_up"));
  {
    Life unsure(store, kNoon + 2 * kTen, log);
    unsure.clockwork->keep({}, false);
    unsure.clockwork->stop();
  }
  CHECK_FALSE(contains_text(log->text(), "deactivate"));
  {
    Life last(store, kNoon + 2 * kTen, log);
    last.clockwork->keep({}, true);
    last.clockwork->stop();
  }
  CHECK(contains_text(log->text(), "deactivate(\"hook 7\",one)"));
  CHECK(store->list_triggers().empty());
}

TEST_CASE("a clock that jumps a day ahead ticks as `missed` says, and goes on in step") {
  struct Case {
    const char* missed;
    std::size_t runs;
  };
  constexpr Milliseconds kDay = std::chrono::hours(24);
  for (const Case& each : {Case{"skip", 1}, Case{"run_once", 2}, Case{"run_all", 145}}) {
    CAPTURE(each.missed);
    Life life(std::make_shared<test::MemoryStore>(), kNoon);
    life.clockwork->keep(life.nodes("ticks", each.missed), true);
    life.world.timers.jump(kTen);  // one tick in time
    life.world.timers.await(kTen);
    CHECK(life.executions() == 1);
    // 144 ticks were due meanwhile, the last of them two minutes ago.
    life.world.timers.set(kNoon + kTen + kDay + Milliseconds(120'000));
    life.world.timers.await(kTen - Milliseconds(120'000));
    CHECK(life.executions() == each.runs);
  }
}

TEST_CASE("a clock that jumps an hour back ticks no tick twice") {
  Life life(std::make_shared<test::MemoryStore>(), kNoon);
  life.clockwork->keep(life.nodes("ticks", "run_all"), true);
  life.world.timers.jump(kTen);
  life.world.timers.await(kTen);
  CHECK(life.executions() == 1);
  life.world.timers.set(kNoon - std::chrono::hours(1) + kTen);
  // The next tick is the one after the last that was dealt with, by the clock that people see.
  life.world.timers.await(std::chrono::hours(1) + kTen);
  CHECK(life.executions() == 1);
  life.world.timers.jump(std::chrono::hours(1) + kTen);
  life.world.timers.await(kTen);
  CHECK(life.executions() == 2);
}

TEST_CASE("what a delivery stores while a registration is checked is kept") {
  Life life(std::make_shared<test::MemoryStore>(), kNoon);
  const auto node = life.nodes("registers", "one")[0];
  node->set_state(Value(1));
  int reads = 0;
  std::unique_lock<std::mutex> changing;
  const Value made = node->read_for_change(
      changing,
      [&] {
        const Value read = node->state();
        if (++reads == 1) node->set_state(Value(2));  // somebody else is faster
        return Value::array({read, Value("mine")});
      },
      [](const Value&) { return true; });
  CHECK(print_json(made) == "[2,\"mine\"]");
  CHECK(changing.owns_lock());
  CHECK(reads == 2);
}

TEST_CASE("who is always too late gets the state to itself at last") {
  Life life(std::make_shared<test::MemoryStore>(), kNoon);
  const auto node = life.nodes("registers", "one")[0];
  int reads = 0;
  std::unique_lock<std::mutex> changing;
  node->read_for_change(
      changing,
      [&] {
        ++reads;
        if (!changing.owns_lock()) node->set_state(Value(reads));
        return 0;
      },
      [](int) { return true; });
  CHECK(reads == 4);
  CHECK(changing.owns_lock());
}

}  // namespace engine::trigger
