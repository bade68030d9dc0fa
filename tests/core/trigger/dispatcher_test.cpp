#include "core/trigger/dispatcher.h"

#include <doctest/doctest.h>

namespace engine::trigger {
namespace {

using workflow::WhenFull;
using Verdict = Dispatcher::Verdict;

/// A dispatcher whose work is run at once, and the executions that were run.
struct Desk {
  std::vector<std::string> ran;
  Dispatcher dispatcher;

  explicit Desk(DispatcherOptions options = {})
      : dispatcher(options, [](const std::function<void()>& work) { work(); }) {}

  static Pass pass(const std::string& id, const std::string& workflow,
                   std::vector<Limit> limits = {}) {
    return {id, workflow, std::move(limits)};
  }
  void queue(const Pass& given) {
    REQUIRE(dispatcher.admit(given).verdict == Verdict::queue);
    dispatcher.enqueue(given, [this, id = given.execution] { ran.push_back(id); });
  }
};

Limit one_at_a_time(WhenFull when_full, const std::string& group = "w") {
  return {group, 1, when_full};
}

}  // namespace

TEST_CASE("a workflow without limits runs at once") {
  Desk desk;
  for (int i = 0; i < 100; ++i) {
    CHECK(desk.dispatcher.admit(Desk::pass("e" + std::to_string(i), "w")).verdict == Verdict::run);
  }
  CHECK(desk.dispatcher.load().running == 100);
}

TEST_CASE("what is above the limit waits, and runs in order when there is room") {
  Desk desk;
  const std::vector<Limit> limits{one_at_a_time(WhenFull::queue)};
  const Pass first = Desk::pass("a", "w", limits);
  CHECK(desk.dispatcher.admit(first).verdict == Verdict::run);
  const Pass second = Desk::pass("b", "w", limits);
  desk.queue(second);
  desk.queue(Desk::pass("c", "w", limits));
  CHECK(desk.ran.empty());
  desk.dispatcher.finished(first);
  CHECK(desk.ran == std::vector<std::string>{"b"});
  desk.dispatcher.finished(second);
  CHECK(desk.ran == std::vector<std::string>{"b", "c"});
  CHECK(desk.dispatcher.load().queued == 0);
}

TEST_CASE("a full group skips, or makes the oldest give way") {
  Desk desk;
  const std::vector<Limit> skip{one_at_a_time(WhenFull::skip)};
  CHECK(desk.dispatcher.admit(Desk::pass("a", "w", skip)).verdict == Verdict::run);
  CHECK(desk.dispatcher.admit(Desk::pass("b", "w", skip)).verdict == Verdict::skip);
  const std::vector<Limit> cancel{one_at_a_time(WhenFull::cancel_oldest, "v")};
  CHECK(desk.dispatcher.admit(Desk::pass("c", "v", cancel)).cancel.empty());
  const auto decision = desk.dispatcher.admit(Desk::pass("d", "v", cancel));
  CHECK(decision.verdict == Verdict::run);
  CHECK(decision.cancel == std::vector<std::string>{"c"});
}

TEST_CASE("one key that is full does not hold up another") {
  Desk desk;
  CHECK(desk.dispatcher.admit(Desk::pass("a", "w", {one_at_a_time(WhenFull::queue, "w\n1")}))
            .verdict == Verdict::run);
  desk.queue(Desk::pass("b", "w", {one_at_a_time(WhenFull::queue, "w\n1")}));
  CHECK(desk.dispatcher.admit(Desk::pass("c", "w", {one_at_a_time(WhenFull::queue, "w\n2")}))
            .verdict == Verdict::run);
}

TEST_CASE("a queue that is full refuses before anything is accepted") {
  DispatcherOptions options;
  options.most_running = 1;
  options.most_queued_per_workflow = 2;
  options.most_queued = 3;
  Desk desk(options);
  CHECK(desk.dispatcher.admit(Desk::pass("a", "w")).verdict == Verdict::run);
  desk.queue(Desk::pass("b", "w"));
  const Pass promised = Desk::pass("c", "w");
  CHECK(desk.dispatcher.admit(promised).verdict == Verdict::queue);
  CHECK(desk.dispatcher.admit(Desk::pass("d", "w")).verdict == Verdict::refuse);
  desk.queue(Desk::pass("e", "v"));
  CHECK(desk.dispatcher.admit(Desk::pass("f", "u")).verdict == Verdict::refuse);
  // What another process had begun is never refused.
  CHECK(desk.dispatcher.admit(Desk::pass("g", "u"), false).verdict == Verdict::queue);
  desk.dispatcher.withdraw(promised);
  CHECK(desk.dispatcher.load().queued == 3);
}

TEST_CASE("a flooded workflow does not starve the others") {
  DispatcherOptions options;
  options.most_running = 1;
  Desk desk(options);
  const Pass first = Desk::pass("first", "w");
  CHECK(desk.dispatcher.admit(first).verdict == Verdict::run);
  for (int i = 0; i < 5; ++i) desk.queue(Desk::pass("flood" + std::to_string(i), "flood"));
  desk.queue(Desk::pass("calm", "calm"));
  desk.dispatcher.finished(first);
  for (int i = 0; i < 2; ++i) desk.dispatcher.finished(Desk::pass("any", "any"));
  CHECK(desk.ran.size() == 3);
  CHECK(std::find(desk.ran.begin(), desk.ran.end(), "calm") != desk.ran.end());
}

TEST_CASE("who waits for a point in time leaves room for others") {
  DispatcherOptions options;
  options.most_running = 1;
  Desk desk(options);
  CHECK(desk.dispatcher.admit(Desk::pass("a", "w")).verdict == Verdict::run);
  desk.queue(Desk::pass("b", "w"));
  desk.dispatcher.waits(true);
  CHECK(desk.ran == std::vector<std::string>{"b"});
  CHECK(desk.dispatcher.load().running == 1);
}

TEST_CASE("one that waits for its turn can be taken out") {
  DispatcherOptions options;
  options.most_running = 1;
  Desk desk(options);
  const Pass first = Desk::pass("a", "w");
  CHECK(desk.dispatcher.admit(first).verdict == Verdict::run);
  desk.queue(Desk::pass("b", "w"));
  CHECK(desk.dispatcher.remove("b"));
  CHECK_FALSE(desk.dispatcher.remove("b"));
  desk.dispatcher.finished(first);
  CHECK(desk.ran.empty());
}

}  // namespace engine::trigger
