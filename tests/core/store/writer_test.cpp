#include <future>

#include "core/store/group_writer.h"
#include "tests/core/store/scratch_store.h"

using namespace engine;
using namespace engine::test;
using store::Connection;

namespace {

void make_table(store::GroupWriter& writer) {
  writer
      .enqueue([](Connection& c) { c.database().exec("CREATE TABLE t (n INTEGER PRIMARY KEY)"); })
      ->wait();
}

store::GroupWriter::Write insert(int n) {
  return
      [n](Connection& c) { c.database().exec("INSERT INTO t VALUES (" + std::to_string(n) + ")"); };
}

std::string rows(store::GroupWriter& writer) {
  std::string text;
  writer
      .enqueue([&](Connection& c) {
        text.clear();
        SQLite::Statement all(c.database(), "SELECT n FROM t ORDER BY rowid");
        while (all.executeStep()) text += all.getColumn(0).getString() + " ";
      })
      ->wait();
  return text;
}

// Holds the writer, so that what follows becomes one group.
class Held {
 public:
  explicit Held(store::GroupWriter& writer) {
    ticket_ = writer.enqueue([this](Connection&) {
      entered_.set_value();
      released_.get_future().wait();
    });
    entered_.get_future().wait();
  }
  void release() {
    released_.set_value();
    ticket_->wait();
  }

 private:
  std::promise<void> entered_, released_;
  store::TicketPtr ticket_;
};

}  // namespace

TEST_CASE("writes that wait together are one transaction, in order") {
  const ScratchFile scratch;
  store::GroupWriter writer(scratch.file());
  make_table(writer);
  Held held(writer);
  std::vector<int> order;
  bool joined = false;
  std::vector<store::TicketPtr> tickets;
  for (int i = 0; i < 5; ++i) {
    tickets.push_back(writer.enqueue([&, i](Connection& c) {
      order.push_back(i);
      insert(i)(c);
      // The changes of the first are not committed while the last runs.
      if (i == 4) {
        Connection other(scratch.file(), Connection::Access::read);
        joined = other.database().execAndGet("SELECT count(*) FROM t").getInt() == 0;
      }
    }));
  }
  CHECK_FALSE(tickets[0]->done());
  held.release();
  for (const auto& ticket : tickets) ticket->wait();
  CHECK(tickets[4]->done());
  CHECK(order == std::vector<int>{0, 1, 2, 3, 4});
  CHECK(joined);
  CHECK(rows(writer) == "0 1 2 3 4 ");
}

TEST_CASE("a write that fails takes nothing else of its group with it") {
  const ScratchFile scratch;
  store::GroupWriter writer(scratch.file());
  make_table(writer);
  Held held(writer);
  const auto first = writer.enqueue(insert(1));
  const auto twice = writer.enqueue([](Connection& c) {
    insert(2)(c);
    insert(1)(c);
  });
  const auto thrower = writer.enqueue([](Connection& c) {
    insert(3)(c);
    throw Error(ErrorCause::user, "mine", "Mine.");
  });
  const auto last = writer.enqueue(insert(4));
  held.release();
  first->wait();
  CHECK(code_of([&] { twice->wait(); }) == "database_failed");
  CHECK(code_of([&] { thrower->wait(); }) == "mine");
  last->wait();
  CHECK(rows(writer) == "1 4 ");
}

TEST_CASE("after a failure nothing more of the same history is written") {
  const ScratchFile scratch;
  store::GroupWriter writer(scratch.file());
  make_table(writer);
  writer.enqueue(insert(1), 0, "a")->wait();
  CHECK(code_of([&] { writer.enqueue(insert(1), 0, "a")->wait(); }) == "database_failed");
  CHECK(code_of([&] { writer.enqueue(insert(2), 0, "a")->wait(); }) == "database_failed");
  writer.enqueue(insert(3), 0, "b")->wait();
  CHECK(rows(writer) == "1 3 ");
}

TEST_CASE("a history that is begun anew is written again, unless that fails as well") {
  const ScratchFile scratch;
  store::GroupWriter writer(scratch.file());
  make_table(writer);
  writer.enqueue(insert(1), 0, "a")->wait();
  CHECK(code_of([&] { writer.enqueue(insert(1), 0, "a")->wait(); }) == "database_failed");
  CHECK(code_of([&] { writer.enqueue_anew(insert(1), "a")->wait(); }) == "database_failed");
  CHECK(code_of([&] { writer.enqueue(insert(2), 0, "a")->wait(); }) == "database_failed");
  writer.enqueue_anew(insert(3), "a")->wait();
  writer.enqueue(insert(4), 0, "a")->wait();
  CHECK(rows(writer) == "1 3 4 ");
}

TEST_CASE("commits are counted, and how many writes went into them") {
  const ScratchFile scratch;
  store::GroupWriter writer(scratch.file());
  make_table(writer);
  const store::CommitCounts before = writer.counts();
  Held held(writer);
  std::vector<store::TicketPtr> tickets;
  for (int i = 0; i < 5; ++i) tickets.push_back(writer.enqueue(insert(i)));
  held.release();
  for (const auto& ticket : tickets) ticket->wait();
  const store::CommitCounts after = writer.counts();
  CHECK(after.commits == before.commits + 2);  // that of `held`, and the five together
  CHECK(after.writes == before.writes + 6);
  CHECK(after.seconds > before.seconds);
}

TEST_CASE("maintenance runs outside of transactions, in its place") {
  const ScratchFile scratch;
  store::GroupWriter writer(scratch.file());
  make_table(writer);
  Held held(writer);
  int before = -1;
  writer.enqueue(insert(1));
  const auto work = writer.enqueue_maintenance([&](Connection& c) {
    before = c.database().execAndGet("SELECT count(*) FROM t").getInt();
    c.database().exec("VACUUM");  // refused inside a transaction
  });
  const auto after = writer.enqueue(insert(2));
  held.release();
  work->wait();
  after->wait();
  CHECK(before == 1);
}

TEST_CASE("everything that was enqueued is written before the writer ends") {
  const ScratchFile scratch;
  {
    store::GroupWriter writer(scratch.file());
    make_table(writer);
    for (int i = 0; i < 100; ++i) writer.enqueue(insert(i), 1000);
  }
  Connection reader(scratch.file(), Connection::Access::read);
  CHECK(reader.database().execAndGet("SELECT count(*) FROM t").getInt() == 100);
}

TEST_CASE("who writes more than may be queued waits until there is room") {
  const ScratchFile scratch;
  store::GroupWriter writer(scratch.file());
  make_table(writer);
  Held held(writer);
  writer.enqueue(insert(1), 12U << 20U);
  std::atomic<bool> through = false;
  std::thread second([&] {
    writer.enqueue(insert(2), 12U << 20U)->wait();
    through = true;
  });
  CHECK_FALSE(through);
  held.release();
  second.join();
  CHECK(rows(writer) == "1 2 ");
}

TEST_CASE("the log is copied into the database when nothing is to be written") {
  const ScratchFile scratch;
  store::GroupWriter writer(scratch.file());
  make_table(writer);
  const auto before = std::filesystem::file_size(scratch.file());
  constexpr std::size_t kPages = 300;
  writer
      .enqueue([](Connection& c) {
        c.database().exec("CREATE TABLE large (b BLOB); INSERT INTO large VALUES (zeroblob(" +
                          std::to_string(kPages * 4096) + "))");
      })
      ->wait();
  while (std::filesystem::file_size(scratch.file()) < before + kPages * 4096) {
    std::this_thread::yield();  // CTest's limit ends a wait for nothing
  }
  CHECK(rows(writer).empty());
}
