#include "core/process/pool.h"

#include <doctest/doctest.h>

#include <atomic>
#include <csignal>
#include <mutex>
#include <set>
#include <string>
#include <thread>
#include <vector>

#include "places.h"

using namespace engine;
using namespace engine::process;

namespace {

PoolOptions options(std::size_t most) {
  PoolOptions result;
  result.child.program = ENGINE_CHILD_PROGRAM;
  result.most = most;
  return result;
}

std::string call(Pool& pool, const std::string& request) {
  return pool.call(request, {}, {}, {});
}

}  // namespace

TEST_CASE("a warm child is used again") {
  Pool pool(options(4));
  CHECK(pool.size() == 0);
  pool.warm();
  CHECK(pool.size() == 1);
  const std::string first = call(pool, "pid");
  CHECK(call(pool, "pid") == first);
  CHECK(pool.size() == 1);
}

TEST_CASE("a child that broke is replaced, and the next call works") {
  Pool pool(options(2));
  const std::string first = call(pool, "pid");
  CHECK_THROWS_AS(call(pool, "crash"), ChildEnded);
  const std::string second = call(pool, "pid");
  CHECK(second != first);
  CHECK(pool.size() == 1);
}

TEST_CASE("a child that ended while idle is not used") {
  Pool pool(options(1));
  const pid_t pid = std::stoi(call(pool, "pid"));
  kill(pid, SIGKILL);
  std::string next;
  while (next.empty()) {
    try {
      next = call(pool, "pid");
    } catch (const ChildEnded&) {
      // The signal reached it only then.
    }
  }
  CHECK(next != std::to_string(pid));
}

TEST_CASE("never more children than allowed, and all calls are served") {
  Pool pool(options(3));
  std::atomic<int> served{0};
  std::mutex mutex;
  std::set<std::string> pids;
  std::vector<std::thread> callers;
  for (int i = 0; i < 12; ++i) {
    callers.emplace_back([&] {
      for (int turn = 0; turn < 20; ++turn) {
        const std::string pid = call(pool, "pid");
        const std::lock_guard lock(mutex);
        pids.insert(pid);
        ++served;
      }
    });
  }
  for (std::thread& caller : callers) caller.join();
  CHECK(served == 240);
  CHECK(pids.size() <= 3);
  CHECK(pool.size() <= 3);
}

TEST_CASE("many callers, many of whose children crash") {
  Pool pool(options(3));
  std::atomic<int> crashed{0};
  std::atomic<int> served{0};
  std::vector<std::thread> callers;
  for (int i = 0; i < 6; ++i) {
    callers.emplace_back([&, i] {
      for (int turn = 0; turn < 10; ++turn) {
        try {
          call(pool, turn % 2 == i % 2 ? "crash" : "pid");
          ++served;
        } catch (const ChildEnded&) {
          ++crashed;
        }
      }
    });
  }
  for (std::thread& caller : callers) caller.join();
  CHECK(crashed == 30);
  CHECK(served == 30);
}

TEST_CASE("one who waits for a child can be cancelled") {
  Pool pool(options(1));
  const Cancellation first;
  const Cancellation second;
  std::thread busy([&] { CHECK_THROWS_AS(pool.call("hang", {}, {}, first), Error); });
  while (pool.size() == 0) std::this_thread::yield();
  std::thread waiting([&] {
    CHECK_THROWS_WITH_AS(pool.call("hang", {}, {}, second),
                         "Stopped because its time limit was reached.", Error);
  });
  second.cancel(CancelReason::timeout);
  waiting.join();
  first.cancel(CancelReason::cancelled);
  busy.join();
  CHECK(call(pool, "still there") == "still there");
}

TEST_CASE("idle children are ended but for the least") {
  PoolOptions given = options(3);
  given.idle = Milliseconds(0);
  Pool pool(std::move(given));
  std::vector<std::thread> callers;
  for (int i = 0; i < 3; ++i) callers.emplace_back([&] { call(pool, "pid"); });
  for (std::thread& caller : callers) caller.join();
  while (pool.size() > 1) std::this_thread::yield();
  CHECK(pool.size() == 1);
}

TEST_CASE("one that keeps too much memory is not used again") {
  PoolOptions given = options(2);
  given.retire_bytes = 1;
  Pool pool(std::move(given));
  const std::string first = call(pool, "pid");
  CHECK(call(pool, "pid") != first);
}

TEST_CASE("a child that cannot be started is an error of the call") {
  PoolOptions given = options(2);
  given.child.program = "/nowhere/engine";
  Pool pool(std::move(given));
  for (int i = 0; i < 2; ++i) {
    try {
      call(pool, "pid");
      FAIL("started");
    } catch (const Error& error) {
      CHECK(error.code() == "process_not_started");
    }
  }
  CHECK(pool.size() == 0);
}
