// Many creations against a small budget: operations, client and sandbox together, in time that only
// passes when somebody waits.
#include <doctest/doctest.h>

#include <algorithm>
#include <atomic>
#include <future>

#include "core/http/pooled_client.h"
#include "core/http/server.h"
#include "core/rest/register_packages.h"
#include "core/value/json.h"
#include "nodes/clickup/sandbox/sandbox.h"
#include "tests/core/rest/fake_context.h"

using namespace engine;
using namespace engine::test;

namespace {

// Time that jumps to the end of whatever is waited for. So far from the real time that the client
// does not take the Date of answers for a clock that is a little off.
class JumpingClock final : public Clock {
 public:
  TimePoint now() const override { return from_ms(ms_.load()); }
  void jump_to(TimePoint time) {
    std::int64_t seen = ms_.load();
    while (seen < to_ms(time) && !ms_.compare_exchange_weak(seen, to_ms(time))) {
    }
  }

 private:
  std::atomic<std::int64_t> ms_{1'790'000'000'000};
};

class Setup {
 public:
  explicit Setup(std::uint32_t per_minute)
      : sandbox_(options(per_minute), clock, random_),
        server_({}, [this](const http::ServerRequest& request) { return handle(request); }),
        client_(clock, random_, client_options()) {
    rest::register_packages(registry_);
  }

  // What one execution creates.
  std::size_t create(std::size_t tasks, std::size_t parallel) {
    const NodeType& type = *registry_.find("clickup.task.create");
    Items items;
    for (std::size_t i = 0; i < tasks; ++i) items.push_back({Value::object(), {}, {}});
    const Value with = Value::object({{"list_id", Value("901")}, {"name", Value("x")}});
    FakeContext context(type.description, with, std::move(items));
    context.parallel = parallel;
    context.credential["api_url"] = "http://127.0.0.1:" + std::to_string(server_.port()) + "/api";
    context.service = [this](const http::Request& request) {
      http::Request signed_request = request;
      signed_request.headers.set("Authorization", std::string(clickup::sandbox::kDefaultToken));
      return client_.send(signed_request, Cancellation());
    };
    return test::run(*type.node, context).size();
  }

  JumpingClock clock;
  std::atomic<int> created{0};
  std::atomic<int> refused{0};

 private:
  static clickup::sandbox::SandboxOptions options(std::uint32_t per_minute) {
    clickup::sandbox::SandboxOptions result;
    result.rate_limit = per_minute;
    return result;
  }

  http::ClientOptions client_options() {
    http::ClientOptions result;
    result.wait = [this](Milliseconds time, const Cancellation& by) {
      // Until an answer comes, which is soon: that takes no time.
      if (time >= http::RateBudget::kUntilAnswer) return by.wait_for(time);
      clock.jump_to(clock.now() + time);
      return !by.requested();
    };
    return result;
  }

  http::ServerResponse handle(const http::ServerRequest& request) {
    http::ServerResponse response = sandbox_.handle(request);
    if (response.status == 200) ++created;
    if (response.status == 429) ++refused;
    return response;
  }

  CountingRandom random_;
  clickup::sandbox::Sandbox sandbox_;
  http::Server server_;
  http::PooledClient client_;
  Registry registry_;
};

}  // namespace

TEST_CASE("a thousand creations at a hundred a minute end well, with next to none refused") {
  for (const std::size_t parallel : {std::size_t{1}, std::size_t{8}}) {
    CAPTURE(parallel);
    Setup setup(100);
    const TimePoint start = setup.clock.now();
    CHECK(setup.create(1000, parallel) == 1000);
    CHECK(setup.created == 1000);
    CHECK(setup.refused <= 10);
    const auto minutes = std::chrono::duration<double, std::ratio<60>>(setup.clock.now() - start);
    CHECK(minutes.count() >= 9);
    CHECK(minutes.count() < 11);
  }
}

TEST_CASE("several executions share the budget of a token") {
  Setup setup(100);
  const auto execution = [&] {
    return std::async(std::launch::async, [&] { return setup.create(150, 4); });
  };
  auto first = execution();
  auto second = execution();
  CHECK(first.get() == 150);
  CHECK(second.get() == 150);
  CHECK(setup.created == 300);
  CHECK(setup.refused <= 3);
}
