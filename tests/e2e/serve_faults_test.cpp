// A server on a machine whose disk is slow, stands still or loses its power, and whose clock jumps.
#include <doctest/doctest.h>
#include <signal.h>

#include <future>
#include <random>
#include <thread>

#include "core/base/error.h"
#include "tests/e2e/faulty_machine.h"
#include "tests/e2e/load.h"

namespace engine::e2e {
namespace {

using std::chrono::milliseconds;

std::string flow(const std::string& name) {
  return "name: " + name + "\nnodes:\n  - id: hook\n    type: webhook\n    with: { path: " + name +
         " }\n  - id: seen\n    type: set\n    with: { fields: { n: \"{{ $json.body.n }}\" } }\n";
}

/// A delivery that waits for its answer; 0 when there was none.
std::future<int> deliver(const Served& server, const std::string& path) {
  return std::async(std::launch::async, [&server, path] {
    try {
      return server.post(path, R"({"n":1})").status;
    } catch (const Error&) {
      return 0;
    }
  });
}

void wait_for_load(const Served& server, int running, int queued) {
  wait_until([&] {
    const std::string metrics = server.call("GET", "/metrics").body;
    return contains(metrics, "engine_executions_running " + std::to_string(running) + "\n") &&
           contains(metrics, "engine_executions_queued " + std::to_string(queued) + "\n");
  });
}

}  // namespace

TEST_CASE("a delivery is answered when the disk has it; of any other a power cut leaves nothing") {
  Place place;
  const FaultyMachine machine(place);
  place.file("plain.yaml", flow("plain"));
  {
    Served server(place);
    REQUIRE(server.post("/webhook/plain", R"({"n":1})").status == 200);
    machine.hold_disk();
    std::future<int> waiting = deliver(server, "/webhook/plain");
    machine.wait_until_held();
    CHECK(server.call("GET", "/healthz").status == 200);
    CHECK(waiting.wait_for(milliseconds(50)) == std::future_status::timeout);
    server.kill();
    CHECK(waiting.get() == 0);
  }
  machine.release_disk();
  machine.cut_power();
  Served again(place);
  CHECK(place.executions().size() == 1);
  CHECK(again.post("/webhook/plain", R"({"n":2})").status == 200);
  wait_for_executions(place, "success", 2);
}

TEST_CASE("while the disk stands still no more is taken than there is room for") {
  Place place;
  const FaultyMachine machine(place);
  place.file("plain.yaml", flow("plain"));
  Served server(place, ".", {"--running", "2", "--queued", "2"});
  machine.hold_disk();
  std::vector<std::future<int>> waiting;
  for (int i = 0; i < 4; ++i) waiting.push_back(deliver(server, "/webhook/plain"));
  wait_for_load(server, 2, 2);
  for (int i = 0; i < 5; ++i) {
    const http::Response refused = server.post("/webhook/plain", "{}");
    CHECK(refused.status == 503);
    CHECK(refused.headers.find("Retry-After") == "1");
  }
  CHECK(waiting[0].wait_for(milliseconds(0)) == std::future_status::timeout);
  machine.release_disk();
  for (std::future<int>& each : waiting) CHECK(each.get() == 200);
  wait_for_executions(place, "success", 4);
  CHECK(place.executions().size() == 4);
  CHECK(server.stop().code == 0);
}

TEST_CASE("on a slow disk a workflow that is flooded does not starve another one") {
  Place place;
  const FaultyMachine machine(place);
  place.file("flooded.yaml", flow("flooded"));
  place.file("calm.yaml", flow("calm"));
  Served server(place, ".", {"--running", "4", "--queued-per-workflow", "4"});
  machine.slow_disk(milliseconds(5));
  std::atomic<bool> stop = false;
  std::atomic<int> accepted = 0;
  std::atomic<int> refused = 0;
  std::vector<std::thread> flood;
  for (int i = 0; i < 16; ++i) {
    flood.emplace_back([&] {
      while (!stop) {
        const int status = deliver(server, "/webhook/flooded").get();
        CHECK((status == 200 || status == 503));
        ++(status == 200 ? accepted : refused);
      }
    });
  }
  for (int i = 0; i < 20; ++i) CHECK(server.post("/webhook/calm", R"({"n":1})").status == 200);
  wait_until([&] { return refused > 0 && accepted > 0; });
  stop = true;
  for (std::thread& each : flood) each.join();
  machine.slow_disk(milliseconds(0));
  wait_for_executions(place, "success", static_cast<std::size_t>(accepted) + 20);
  CHECK(server.stop().code == 0);
}

TEST_CASE("a server that stops on a slow disk answers what it has taken") {
  Place place;
  const FaultyMachine machine(place);
  place.file("plain.yaml", flow("plain"));
  Served server(place);
  machine.hold_disk();
  std::vector<std::future<int>> waiting;
  for (int i = 0; i < 3; ++i) waiting.push_back(deliver(server, "/webhook/plain"));
  wait_for_load(server, 3, 0);
  server.process().send_signal(SIGTERM);
  wait_until([&] {
    try {
      return server.call("GET", "/healthz").status != 200;
    } catch (const Error&) {
      return true;  // nothing new is taken
    }
  });
  CHECK(waiting[0].wait_for(milliseconds(0)) == std::future_status::timeout);
  machine.release_disk();
  for (std::future<int>& each : waiting) CHECK(each.get() == 200);
  CHECK(server.process().wait().code == 0);
  CHECK(place.executions().size() == 3);
  wait_for_executions(place, "success", 3);
}

TEST_CASE("power cuts under load on a slow disk lose nothing and repeat nothing") {
  Place place;
  const FaultyMachine machine(place);
  Witness witness;
  write_flows(place, witness);
  Callers callers;
  std::mt19937 random(815);
  std::uniform_int_distribution<int> delay(0, 20);
  std::uniform_int_distribution<int> time(20, 250);
  for (int cut = 0; cut < 25; ++cut) {
    Served server(place, ".", {"--allow-private"});
    machine.slow_disk(milliseconds(delay(random)));
    callers.run(server, milliseconds(time(random)), [&] { server.kill(); });
    machine.cut_power();
    machine.slow_disk(milliseconds(0));
  }
  Served last(place, ".", {"--allow-private"});
  wait_until_idle(place);
  CHECK(last.stop().code == 0);
  MESSAGE(callers.acknowledged().size() << " deliveries acknowledged, 25 power cuts");
  CHECK(callers.acknowledged().size() > 50);
  check_history(place, callers.acknowledged());
  check_witness(witness);
}

TEST_CASE("kill -9 under load while the clock jumps loses nothing, and no tick comes twice") {
  Place place;
  const FaultyMachine machine(place);
  Witness witness;
  write_flows(place, witness);
  place.file("tick.yaml", R"(name: Tick
nodes:
  - id: tick
    type: schedule
    with: { every: 1s }
  - id: end
    type: no_op
)");
  Callers callers;
  std::mt19937 random(42);
  std::uniform_int_distribution<int> jump(-7200, 7200);
  std::uniform_int_distribution<int> time(100, 400);
  for (int kill = 0; kill < 20; ++kill) {
    Served server(place, ".", {"--allow-private"});
    callers.run(server, milliseconds(time(random)), [&] {
      machine.set_clock(std::chrono::seconds(jump(random)));
      wait_until([&] { return server.post("/webhook/plain", R"({"n":-1})").status == 200; });
      server.kill();
    });
  }
  machine.set_clock(std::chrono::hours(3));
  Served last(place, ".", {"--allow-private"});
  wait_until_idle(place);
  CHECK(last.stop().code == 0);
  check_history(place, callers.acknowledged());
  check_witness(witness);
  std::set<std::string> ticks;
  for (const std::string& tick : started_ticks(place)) {
    CAPTURE(tick);
    CHECK(ticks.insert(tick).second);
  }
  CHECK_FALSE(ticks.empty());
}

}  // namespace engine::e2e
