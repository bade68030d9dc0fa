#include "core/execution/retry.h"

#include "tests/core/execution/world.h"

using namespace engine;
using namespace engine::execution;
using namespace engine::test;
using std::chrono::milliseconds;
using std::chrono::seconds;

namespace {

Error broken(ErrorCause cause = ErrorCause::upstream) {
  return {cause, "broken", "It broke."};
}

}  // namespace

TEST_CASE("delays double up to their most, and a random part of them is waited") {
  workflow::RetryPolicy policy;
  policy.delay = milliseconds(1000);
  policy.max_delay = milliseconds(5000);
  CountingRandom random;
  for (int attempt = 1; attempt < 70; ++attempt) {
    const std::int64_t most = std::min<std::int64_t>(5000, 1000LL << std::min(attempt - 1, 10));
    for (int i = 0; i < 20; ++i) {
      const auto delay = retry_delay(policy, attempt, broken(), random);
      CHECK(delay.count() >= 0);
      CHECK(delay.count() <= most);
    }
  }
  policy.backoff = workflow::Backoff::fixed;
  CHECK(retry_delay(policy, 9, broken(), random) == milliseconds(1000));
  Error asked = broken();
  asked.retry_after = seconds(90);
  CHECK(retry_delay(policy, 1, asked, random) == seconds(90));
  policy.backoff = workflow::Backoff::exponential;
  CHECK(retry_delay(policy, 1, asked, random) == seconds(90));
}

TEST_CASE("errors that can pass are failures of services, times and rates") {
  CHECK(can_pass(broken(ErrorCause::rate_limited)));
  CHECK(can_pass(broken(ErrorCause::timeout)));
  CHECK(can_pass(broken()));
  CHECK_FALSE(can_pass(broken(ErrorCause::user)));
  CHECK_FALSE(can_pass(broken(ErrorCause::cancelled)));
  for (const auto& [status, passes] : std::map<int, bool>{
           {400, false}, {404, false}, {408, true}, {425, true}, {429, true}, {500, true}}) {
    Error error = broken();
    error.http_status = status;
    CHECK(can_pass(error) == passes);
  }
}

TEST_CASE("a retry repeats only the items that failed, and the order stays") {
  World world;
  Log log;
  world.each("send", [&](NodeContext& c, std::size_t i) -> Items {
    const std::string n = to_text(c.input()[i].json["n"]);
    log.add(n);
    const bool first = log.text().find(n) == log.text().rfind(n);
    if ((n == "2" || n == "4") && first) throw broken();
    return {number(std::stoi(n) * 10)};
  });
  world.each("look", [](NodeContext& c, std::size_t i) -> Items {
    return {{Value::object({{"n", c.parameter("value", i)}}), {}, {}}};
  });
  const auto execution = world.start(R"(
  - { id: a, type: step }
  - id: b
    type: send
    on_error: continue
    retry: { attempts: 2, delay: 5s, backoff: fixed }
  - { id: c, type: look, with: { value: "{{ $('a').item.json.n }}" } }
)",
                                     "1 2 3 4 5");
  world.timers.jump(seconds(5));
  execution->wait();
  CHECK(log.text() == "1 2 3 4 5 2 4");
  CHECK(show(*execution->state().runs[2].outputs[0]) == "10 20 30 40 50");
  // Item links lead through the partial retry.
  CHECK(show(execution->result()) == "1 2 3 4 5");
}

TEST_CASE("what one attempt did is kept when the first failure leaves the rest untried") {
  World world;
  Log log;
  world.each("send", [&](NodeContext& c, std::size_t i) -> Items {
    const std::string n = to_text(c.input()[i].json["n"]);
    const bool first = log.text().find(n) == std::string::npos;
    log.add(n);
    if (n == "2" && first) throw broken();
    return {number(std::stoi(n) * 10)};
  });
  const auto execution = world.start(
      "\n  - { id: b, type: send, retry: { attempts: 3, delay: 5s, backoff: fixed } }\n", "1 2 3");
  world.timers.jump(seconds(5));
  execution->wait();
  CHECK(log.text() == "1 2 2 3");
  CHECK(show(execution->result()) == "10 20 30");
  CHECK(world.kinds(execution->id()) == "started run_failed timer_fired run_finished");
}

TEST_CASE("attempts end, and the last error is the one told") {
  World world;
  int runs = 0;
  world.behaviour("send", [&](NodeContext&) -> NodeResult {
    throw Error(ErrorCause::upstream, "broken" + std::to_string(++runs), "It broke.");
  });
  const auto execution = world.start(
      "\n  - { id: b, type: send, retry: { attempts: 2, delay: 5s, backoff: fixed } }\n", "1");
  world.timers.jump(seconds(5));
  execution->wait();
  CHECK(runs == 2);
  CHECK(execution->outcome() == Outcome::failed);
  CHECK(execution->error()->code() == "broken2");
  CHECK(execution->error()->where.node == "b");
  CHECK(world.record(*execution).status == store::Status::failed);
}

TEST_CASE("retry.on decides over $error") {
  World world;
  int runs = 0;
  world.behaviour("send", [&](NodeContext&) -> NodeResult {
    Error error = broken(ErrorCause::user);
    if (++runs == 1) error.http_status = 418;
    throw Error(error);
  });
  const auto execution = world.start(R"(
  - id: b
    type: send
    retry: { attempts: 9, delay: 5s, backoff: fixed, on: "{{ $error.status }}" }
)",
                                     "1");
  world.timers.jump(seconds(5));
  execution->wait();
  CHECK(runs == 2);  // the second error has no status
  CHECK(execution->outcome() == Outcome::failed);
}

TEST_CASE("what the service asked for is waited, and shows as waiting") {
  World world;
  int runs = 0;
  world.behaviour("send", [&](NodeContext& c) -> NodeResult {
    if (++runs > 1) return {{c.input()}, {}, {}, {}};
    Error error = broken(ErrorCause::rate_limited);
    error.retry_after = seconds(90);
    throw Error(error);
  });
  const auto execution =
      world.start("\n  - { id: b, type: send, retry: { attempts: 2, delay: 1s } }\n", "1");
  const TimePoint due = world.clock.now() + seconds(90);
  world.timers.jump(seconds(90));
  execution->wait();
  CHECK(world.clock.now() == due);
  CHECK(execution->outcome() == Outcome::success);
}
