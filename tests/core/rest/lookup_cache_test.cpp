#include "core/rest/lookup_cache.h"

#include <doctest/doctest.h>

#include <atomic>
#include <future>
#include <thread>

using namespace engine;
using engine::rest::LookupCache;

namespace {

struct StoppedClock final : Clock {
  TimePoint now() const override { return time; }
  TimePoint time = from_ms(1'000'000);
};

struct Setup {
  LookupCache cache;
  StoppedClock clock;
  Cancellation cancellation;
  int loads = 0;

  Value ask(const std::string& key, TimePoint since = {}) {
    return cache.load(key, clock, since, cancellation, [this] { return Value(++loads); });
  }
};

}  // namespace

TEST_CASE("a look-up is made once, and again when it is five minutes old") {
  Setup setup;
  CHECK(setup.ask("a").as_integer() == 1);
  CHECK(setup.ask("a").as_integer() == 1);
  CHECK(setup.ask("b").as_integer() == 2);
  setup.clock.time += LookupCache::kLife - Milliseconds(1);
  CHECK(setup.ask("a").as_integer() == 1);
  CHECK(setup.cache.find("a", setup.clock.time).as_integer() == 1);
  setup.clock.time += Milliseconds(1);
  CHECK(setup.cache.find("a", setup.clock.time).missing());
  CHECK(setup.ask("a").as_integer() == 3);
}

TEST_CASE("what is older than asked for is looked up again") {
  Setup setup;
  CHECK(setup.ask("a").as_integer() == 1);
  CHECK(setup.ask("a", setup.clock.time).as_integer() == 1);
  const TimePoint later = setup.clock.time += Milliseconds(1);
  CHECK(setup.ask("a", later).as_integer() == 2);
}

TEST_CASE("a failed look-up is not kept") {
  Setup setup;
  const auto fail = [&] {
    setup.cache.load("a", setup.clock, {}, setup.cancellation,
                     []() -> Value { throw Error(ErrorCause::upstream, "down", "Down."); });
  };
  CHECK_THROWS_AS(fail(), Error);
  CHECK(setup.ask("a").as_integer() == 1);
}

TEST_CASE("who asks meanwhile waits for the same look-up") {
  Setup setup;
  std::promise<void> go;
  std::shared_future<void> gate = go.get_future().share();
  std::atomic<int> loads{0};
  std::atomic<int> asking{0};
  std::vector<std::future<Value>> answers;
  for (int i = 0; i < 8; ++i) {
    answers.push_back(std::async(std::launch::async, [&] {
      ++asking;
      return setup.cache.load("a", setup.clock, {}, setup.cancellation, [&] {
        gate.wait();
        return Value(++loads);
      });
    }));
  }
  while (asking < 8) std::this_thread::yield();
  go.set_value();
  for (auto& answer : answers) CHECK(answer.get().as_integer() == 1);
  CHECK(loads == 1);
}

TEST_CASE("who waits can be cancelled, and the look-up goes on for the others") {
  Setup setup;
  std::promise<void> started;
  std::promise<void> go;
  auto leader = std::async(std::launch::async, [&] {
    return setup.cache.load("a", setup.clock, {}, setup.cancellation, [&] {
      started.set_value();
      go.get_future().wait();
      return Value(1);
    });
  });
  started.get_future().wait();
  const Cancellation mine;
  auto waiting = std::async(std::launch::async, [&] {
    return setup.cache.load("a", setup.clock, {}, mine, [] { return Value(2); });
  });
  mine.cancel(CancelReason::cancelled);
  CHECK_THROWS_AS(waiting.get(), Error);
  go.set_value();
  CHECK(leader.get().as_integer() == 1);
}

TEST_CASE("a name that is missing is asked for again after ten seconds") {
  Setup setup;
  CHECK(setup.cache.first_miss("x", setup.clock.time));
  CHECK_FALSE(setup.cache.first_miss("x", setup.clock.time));
  CHECK(setup.cache.first_miss("y", setup.clock.time));
  setup.clock.time += LookupCache::kMissingLife;
  CHECK(setup.cache.first_miss("x", setup.clock.time));
}
