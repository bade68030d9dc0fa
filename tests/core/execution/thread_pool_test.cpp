#include "core/execution/thread_pool.h"

#include <doctest/doctest.h>

#include <future>
#include <memory>

using engine::execution::ThreadPool;
using std::chrono::milliseconds;
using std::chrono::seconds;

TEST_CASE("a pool is quiet when nothing is left to do and nobody works") {
  ThreadPool pool(1);
  CHECK(pool.wait_until_quiet(milliseconds(0)));
  std::promise<void> go;
  int done = 0;
  pool.submit([&] { go.get_future().wait(); });
  pool.submit([&] { ++done; });
  CHECK_FALSE(pool.wait_until_quiet(milliseconds(0)));
  go.set_value();
  CHECK(pool.wait_until_quiet(seconds(60)));
  CHECK(done == 1);
}

TEST_CASE("what has ended before anybody waits for it is not waited for") {
  ThreadPool pool(1);
  ThreadPool::Blocking blocking(pool, false);
  CHECK(pool.wait_until_quiet(milliseconds(0)));
  blocking.end();
  blocking.begin();
  CHECK(pool.wait_until_quiet(milliseconds(0)));
}

TEST_CASE("who waits for others does not disturb the quiet, until what it waits for has ended") {
  ThreadPool pool(1);
  std::promise<void> wake;
  std::promise<ThreadPool::Blocking*> handed;
  pool.submit([&] {
    ThreadPool::Blocking blocking(pool);
    handed.set_value(&blocking);
    wake.get_future().wait();
  });
  ThreadPool::Blocking* blocking = handed.get_future().get();
  CHECK(pool.wait_until_quiet(seconds(60)));
  // Another thread has room meanwhile.
  std::promise<void> other;
  pool.submit([&] { other.set_value(); });
  other.get_future().wait();
  CHECK(pool.wait_until_quiet(seconds(60)));
  blocking->end();
  CHECK_FALSE(pool.wait_until_quiet(milliseconds(0)));
  wake.set_value();
  CHECK(pool.wait_until_quiet(seconds(60)));
}

TEST_CASE("what work holds may come back to the pool when it goes") {
  std::promise<void> done;
  ThreadPool pool(1);
  std::shared_ptr<void> held(nullptr, [&](void*) { pool.submit([&] { done.set_value(); }); });
  pool.submit([held = std::move(held)] {});
  CHECK(done.get_future().wait_for(seconds(60)) == std::future_status::ready);
}
