#include <doctest/doctest.h>

#include <algorithm>
#include <future>
#include <mutex>
#include <thread>

#include "core/base/error.h"
#include "core/http/pacer.h"
#include "tests/support/http_ports.h"

using namespace engine;
using namespace engine::http;

namespace {

constexpr std::int64_t kNow = 1'800'000'000'000;

Response with(int status, std::initializer_list<std::pair<const char*, std::string>> headers) {
  Response response;
  response.status = status;
  for (const auto& [name, value] : headers) response.headers.add(name, value);
  return response;
}

// A service that allows so many requests in every minute of its clock.
struct Service {
  std::int64_t limit = 100;
  std::int64_t window = -1;
  std::int64_t used = 0;
  int refused = 0;

  Response answer(TimePoint now) {
    const std::int64_t current = to_ms(now) / 60'000;
    if (current != window) used = 0;
    window = current;
    ++used;
    if (used > limit) ++refused;
    return with(used > limit ? 429 : 200,
                {{"X-RateLimit-Limit", std::to_string(limit)},
                 {"X-RateLimit-Remaining", std::to_string(std::max<std::int64_t>(limit - used, 0))},
                 {"X-RateLimit-Reset", std::to_string((current + 1) * 60)}});
  }
};

struct Outcome {
  int refused = 0;
  Milliseconds time{0};
};

// Sends `requests`, at most `parallel` at once, each answered after 20 to 270 ms of fake time.
Outcome simulate(int requests, std::size_t parallel, Service service, std::int64_t start) {
  struct InFlight {
    TimePoint arrives;
    TimePoint done;
    std::optional<Response> answer;
  };
  TimePoint now = from_ms(start);
  RateBudget budget;
  std::vector<InFlight> flying;
  int finished = 0;
  std::uint64_t seed = 7;
  const auto next = [&seed](std::uint64_t below) {
    seed = seed * 6364136223846793005ULL + 1442695040888963407ULL;
    return static_cast<std::int64_t>((seed >> 33U) % below);
  };
  for (; finished < requests; now += Milliseconds(5)) {
    for (InFlight& each : flying) {
      if (!each.answer && each.arrives <= now) each.answer = service.answer(now);
    }
    for (std::size_t i = flying.size(); i-- > 0;) {
      if (flying[i].done > now) continue;
      const Response answer = *flying[i].answer;
      budget.answered(rate_facts(answer, now), now, Milliseconds(next(250)));
      if (answer.status == 200) ++finished;
      flying.erase(flying.begin() + static_cast<std::ptrdiff_t>(i));
    }
    while (flying.size() < parallel && finished + static_cast<int>(flying.size()) < requests &&
           !budget.wait(now)) {
      budget.sent(now);
      const TimePoint arrives = now + Milliseconds(10 + next(100));
      flying.push_back({arrives, arrives + Milliseconds(10 + next(150)), std::nullopt});
    }
  }
  return {service.refused, now - from_ms(start)};
}

}  // namespace

TEST_CASE("a thousand requests at a hundred a minute: hardly any is refused, no time is wasted") {
  for (const std::size_t parallel : {1U, 8U, 64U, 1000U}) {
    for (const std::int64_t offset : {0, 20'000, 59'500}) {
      CAPTURE(parallel);
      CAPTURE(offset);
      const Outcome outcome = simulate(1000, parallel, Service{}, kNow + offset);
      CHECK(outcome.refused <= 10);
      CHECK(outcome.time <= std::chrono::minutes(11));
      CHECK(outcome.time >= std::chrono::minutes(8));
    }
  }
}

TEST_CASE("a budget that is partly used already is respected") {
  Service service;
  service.window = kNow / 60'000;
  service.used = 90;
  CHECK(simulate(200, 64, service, kNow).refused <= 2);
}

TEST_CASE("the first request goes alone, and without a limit the others follow at once") {
  RateBudget budget;
  const TimePoint now = from_ms(kNow);
  CHECK_FALSE(budget.wait(now).has_value());
  budget.sent(now);
  CHECK(budget.wait(now) == RateBudget::kUntilAnswer);
  budget.answered(rate_facts(with(200, {}), now), now, Milliseconds(0));
  for (int i = 0; i < 100; ++i) {
    CHECK_FALSE(budget.wait(now).has_value());
    budget.sent(now);
  }
}

TEST_CASE("requests in flight count as spent") {
  RateBudget budget;
  const TimePoint now = from_ms(kNow);
  budget.sent(now);
  budget.answered(rate_facts(with(200, {{"X-RateLimit-Limit", "10"},
                                        {"X-RateLimit-Remaining", "2"},
                                        {"X-RateLimit-Reset", std::to_string(kNow / 1000 + 30)}}),
                             now),
                  now, Milliseconds(100));
  budget.sent(now);
  CHECK_FALSE(budget.wait(now).has_value());
  budget.sent(now);
  CHECK(budget.wait(now) == Milliseconds(30'100));
  CHECK_FALSE(budget.wait(now + Milliseconds(30'100)).has_value());
}

TEST_CASE("a refusal blocks its key for what the service asks, and at least a second") {
  const TimePoint now = from_ms(kNow);
  for (const auto& [header, value, wait] :
       {std::tuple{"Retry-After", "5", 5000}, {"Retry-After", "0", 1000}, {"X-None", "1", 1000}}) {
    RateBudget budget;
    budget.sent(now);
    budget.answered(rate_facts(with(429, {{header, value}}), now), now, Milliseconds(7));
    CHECK(budget.wait(now) == Milliseconds(wait + 7));
    CHECK_FALSE(budget.wait(now + Milliseconds(wait + 7)).has_value());
  }
}

TEST_CASE("rate headers are read in the forms they come in") {
  const TimePoint now = from_ms(kNow);  // 2027-01-15 08:00:00
  const auto facts = [&](std::initializer_list<std::pair<const char*, std::string>> headers) {
    return rate_facts(with(429, headers), now);
  };
  CHECK(facts({{"Retry-After", "120"}}).retry_after == Milliseconds(120'000));
  CHECK(facts({{"Retry-After", "Fri, 15 Jan 2027 08:00:30 GMT"}}).retry_after ==
        Milliseconds(30'000));
  CHECK(facts({{"Retry-After", "Fri, 15 Jan 2027 07:00:00 GMT"}}).retry_after == Milliseconds(0));
  CHECK(facts({{"X-RateLimit-Reset", "1800000010"}}).reset == Milliseconds(10'000));
  CHECK(facts({{"X-RateLimit-Reset", "1799999990"}}).reset == Milliseconds(0));
  CHECK(facts({{"X-RateLimit-Reset", "45"}}).reset == Milliseconds(45'000));
  // Their clock is 20 s ahead of ours: what counts is the difference on theirs.
  CHECK(facts({{"X-RateLimit-Reset", "1800000050"}, {"Date", "Fri, 15 Jan 2027 08:00:20 GMT"}})
            .reset == Milliseconds(30'000));
  for (const char* nonsense : {"", "soon", "-5", "1e9", "99999999999999999999"}) {
    CAPTURE(nonsense);
    CHECK_FALSE(facts({{"Retry-After", nonsense}}).retry_after.has_value());
    CHECK_FALSE(facts({{"X-RateLimit-Remaining", nonsense}}).remaining.has_value());
  }
}

TEST_CASE("those who wait are served in the order they came") {
  const test::ManualClock clock;
  test::SameRandom random;
  Pacer pacer(clock, random, Milliseconds(120'000),
              [](Milliseconds time, const Cancellation& by) { return by.wait_for(time); });
  std::vector<int> order;
  std::vector<std::thread> threads;
  std::mutex mutex;
  {
    Pacer::Pass first = pacer.start("key", Cancellation());  // nobody else may go before its answer
    for (int i = 0; i < 5; ++i) {
      threads.emplace_back([&, i] {
        Pacer::Pass pass = pacer.start("key", Cancellation());
        const std::lock_guard lock(mutex);
        order.push_back(i);
      });
      while (pacer.waiting("key") != static_cast<std::size_t>(i) + 1) std::this_thread::yield();
    }
  }
  for (std::thread& thread : threads) thread.join();
  CHECK(order == std::vector<int>{0, 1, 2, 3, 4});
}

TEST_CASE("a request that waits for its turn can be cancelled, and the next one moves up") {
  const test::ManualClock clock;
  test::SameRandom random;
  Pacer pacer(clock, random, Milliseconds(120'000),
              [](Milliseconds time, const Cancellation& by) { return by.wait_for(time); });
  auto first = std::make_unique<Pacer::Pass>(pacer.start("key", Cancellation()));
  const Cancellation cancellation;
  auto second = std::async(std::launch::async,
                           [&] { CHECK_THROWS_AS(pacer.start("key", cancellation), Error); });
  while (pacer.waiting("key") != 1) std::this_thread::yield();
  auto third = std::async(std::launch::async, [&] { pacer.start("key", Cancellation()); });
  while (pacer.waiting("key") != 2) std::this_thread::yield();
  cancellation.cancel(CancelReason::cancelled);
  second.get();
  first.reset();
  third.get();
  CHECK(pacer.waiting("key") == 0);
}
