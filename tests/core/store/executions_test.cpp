#include "tests/core/store/scratch_store.h"

using namespace engine;
using namespace engine::test;
using store::Status;

TEST_CASE("an execution and its events are read back as they were written") {
  const ScratchFile scratch;
  store::Execution execution = execution_of("01a", 1234, Status::waiting);
  execution.due = from_ms(99'000);
  execution.parent = "01p";
  execution.parent_run = "each[0]/call#1.0";
  execution.retry_of = "01r";
  execution.owner = 77;
  const std::string odd("zero \0 inside, \xc3\xa4", 17);
  {
    const auto store = scratch.open();
    add(*store, execution, {{1, from_ms(5), "started", "{}"}, {2, from_ms(6), "run", odd}});
  }
  const auto store = scratch.open();
  const auto found = store->find_execution("01a");
  REQUIRE(found);
  CHECK(found->workflow == "w");
  CHECK(found->workflow_hash == "hash-w");
  CHECK(found->mode == "cli");
  CHECK(found->status == Status::waiting);
  CHECK(found->created == from_ms(1234));
  CHECK(found->due == from_ms(99'000));
  CHECK_FALSE(found->finished);
  CHECK(found->parent == "01p");
  CHECK(found->parent_run == "each[0]/call#1.0");
  CHECK(found->retry_of == "01r");
  CHECK(found->owner == 77);
  const auto events = events_of(*store, "01a");
  REQUIRE(events.size() == 2);
  CHECK(events[0].sequence == 1);
  CHECK(events[0].at == from_ms(5));
  CHECK(events[0].kind == "started");
  CHECK(events[1].sequence == 2);
  CHECK(events[1].data == odd);
  const auto text = store->find_workflow("hash-w");
  REQUIRE(text);
  CHECK(text->text == "name: w\n");
  CHECK(text->file == "w.yaml");
}

TEST_CASE("what is not there is nothing, not an error") {
  const ScratchFile scratch;
  const auto store = scratch.open();
  CHECK_FALSE(store->find_execution("nope"));
  CHECK_FALSE(store->find_workflow("nope"));
  CHECK_FALSE(store->find_memory("w", "n", "k"));
  CHECK_FALSE(store->find_child("p", "r"));
  CHECK_FALSE(store->cancel_requested("nope"));
  CHECK(store->list_executions({}).empty());
  CHECK(code_of([&] { events_of(*store, "nope"); }) == "execution_not_found");
  CHECK(code_of([&] {
          store->append("nope", {{1, {}, "a", "b"}})->wait();
        }) == "execution_not_found");
}

TEST_CASE("events of neighbouring executions are kept apart") {
  const ScratchFile scratch;
  const auto store = scratch.open();
  add(*store, execution_of("a"), {{1, {}, "a1", ""}});
  add(*store, execution_of("b"), {{1, {}, "b1", ""}});
  store->append("a", {{2, {}, "a2", ""}})->wait();
  CHECK(events_of(*store, "a").size() == 2);
  CHECK(events_of(*store, "a")[1].kind == "a2");
  CHECK(events_of(*store, "b").size() == 1);
}

TEST_CASE("events, node memory and state are written in one transaction") {
  const ScratchFile scratch;
  const auto store = scratch.open();
  add(*store, execution_of("a"), {{1, {}, "started", ""}});
  store::Execution ended = execution_of("a", 1000, Status::failed);
  ended.error = "{}";
  ended.owner = 5;
  // The sequence number is taken: nothing of this may stay.
  CHECK(code_of([&] {
          store->append("a", {{1, {}, "again", ""}}, {{"w", "n", "k", "1"}}, ended)->wait();
        }) == "database_failed");
  CHECK_FALSE(store->find_memory("w", "n", "k"));
  CHECK(store->find_execution("a")->status == Status::running);

  add(*store, execution_of("b"));
  store->append("b", {{1, {}, "started", ""}}, {{"w", "n", "k", "1"}}, ended)->wait();
  CHECK(store->find_memory("w", "n", "k") == "1");
  const auto found = store->find_execution("b");
  CHECK(found->status == Status::failed);
  CHECK(found->finished == from_ms(1010));
  CHECK(found->error == "{}");
  CHECK(found->owner == 0);  // nobody runs what has ended
}

TEST_CASE("pieces come back in order, and those left by a crash are replaced") {
  const ScratchFile scratch;
  const auto store = scratch.open();
  add(*store, execution_of("a"));
  for (std::uint32_t i = 0; i < 12; ++i) store->append_piece("a", 2, i, "old" + std::to_string(i));
  store->append_piece("a", 2, 0, "new0");
  store->append_piece("a", 2, 1, "new1");
  store->append_piece("a", 3, 0, "other");
  store->flush();
  std::vector<std::string> pieces;
  store->read_pieces("a", 2, [&](std::string&& piece) { pieces.push_back(std::move(piece)); });
  CHECK(pieces == std::vector<std::string>{"new0", "new1"});
}

TEST_CASE("pieces are read while the events of the same execution are") {
  const ScratchFile scratch;
  const auto store = scratch.open();
  add(*store, execution_of("a"));
  for (std::uint32_t sequence = 1; sequence <= 3; ++sequence) {
    store->append_piece("a", sequence, 0, std::to_string(sequence));
    store->append("a", {{sequence, {}, "e", ""}});
  }
  store->flush();
  std::string all;
  store->read_events("a", [&](store::Event&& event) {
    store->read_pieces("a", event.sequence, [&](std::string&& piece) { all += piece; });
  });
  CHECK(all == "123");
}

TEST_CASE("executions are listed newest first, filtered, and found by the begin of their id") {
  const ScratchFile scratch;
  const auto store = scratch.open();
  add(*store, execution_of("01a", 1, Status::success));
  add(*store, execution_of("01b", 2, Status::failed));
  add(*store, execution_of("02c", 3, Status::success, "other"));
  add(*store, execution_of("02d", 3, Status::running));
  const auto list = [&](const store::ExecutionFilter& filter) {
    return ids(store->list_executions(filter));
  };
  using Ids = std::vector<std::string>;
  CHECK(list({}) == Ids{"02d", "02c", "01b", "01a"});
  CHECK(list({"w", {}, {}, 50}) == Ids{"02d", "01b", "01a"});
  CHECK(list({"", Status::success, {}, 50}) == Ids{"02c", "01a"});
  CHECK(list({"", {}, from_ms(3), 50}) == Ids{"01b", "01a"});
  CHECK(list({"w", Status::failed, from_ms(3), 50}) == Ids{"01b"});
  CHECK(list({"", {}, {}, 1}) == Ids{"02d"});
  CHECK(store->matching_executions("01", 10) == Ids{"01a", "01b"});
  CHECK(store->matching_executions("01", 1) == Ids{"01a"});
  CHECK(store->matching_executions("02d", 10) == Ids{"02d"});
  CHECK(store->matching_executions("%", 10).empty());
}

TEST_CASE("an execution is claimed by one process only, and only while it is open") {
  const ScratchFile scratch;
  const auto store = scratch.open();
  store::Execution execution = execution_of("a");
  execution.owner = 1;
  add(*store, execution);
  CHECK_FALSE(store->claim_execution("a", 2, 3));
  CHECK(store->claim_execution("a", 1, 2));
  CHECK_FALSE(store->claim_execution("a", 1, 3));
  CHECK(store->find_execution("a")->owner == 2);
  add(*store, execution_of("done", 1, Status::success));
  CHECK_FALSE(store->claim_execution("done", 0, 2));
  CHECK_FALSE(store->claim_execution("nope", 0, 2));
}

TEST_CASE("a request to cancel is seen until the execution is claimed anew") {
  const ScratchFile scratch;
  const auto store = scratch.open();
  add(*store, execution_of("a"));
  CHECK_FALSE(store->cancel_requested("a"));
  CHECK(store->request_cancel("a"));
  CHECK(store->cancel_requested("a"));
  CHECK(store->claim_execution("a", 0, 9));
  CHECK_FALSE(store->cancel_requested("a"));
  add(*store, execution_of("done", 1, Status::cancelled));
  CHECK_FALSE(store->request_cancel("done"));
}

TEST_CASE("the newest execution that a node run called is found") {
  const ScratchFile scratch;
  const auto store = scratch.open();
  for (const char* id : {"c1", "c2"}) {
    store::Execution child = execution_of(id);
    child.parent = "p";
    child.parent_run = "call#1.0";
    add(*store, child);
  }
  CHECK(store->find_child("p", "call#1.0")->id == "c2");
  CHECK_FALSE(store->find_child("p", "call#2.0"));
  CHECK_FALSE(store->find_child("q", "call#1.0"));
}

TEST_CASE("node memory is kept per workflow, node and key, and replaced") {
  const ScratchFile scratch;
  const auto store = scratch.open();
  add(*store, execution_of("a"));
  store->append("a", {}, {{"w", "n", "k", "1"}, {"w", "n", "l", "2"}, {"w", "m", "k", "3"}})
      ->wait();
  store->append("a", {}, {{"w", "n", "k", "4"}})->wait();
  CHECK(store->find_memory("w", "n", "k") == "4");
  CHECK(store->find_memory("w", "n", "l") == "2");
  CHECK(store->find_memory("w", "m", "k") == "3");
  CHECK_FALSE(store->find_memory("x", "n", "k"));
}
