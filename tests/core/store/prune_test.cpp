#include "tests/core/store/scratch_store.h"

using namespace engine;
using namespace engine::test;
using store::Status;
using Ids = std::vector<std::string>;

namespace {

Ids left(store::Store& store) {
  return ids(store.list_executions({"", {}, {}, 1000}));
}

}  // namespace

TEST_CASE("old executions go by when they finished, successes and failures apart") {
  const ScratchFile scratch;
  const auto store = scratch.open();
  add(*store, execution_of("old", 1, Status::success));
  store::Execution slow = execution_of("slow", 2, Status::success);
  slow.finished = from_ms(5000);  // waited for long
  add(*store, slow);
  add(*store, execution_of("bad", 3, Status::failed));
  add(*store, execution_of("open", 4, Status::waiting));
  store::PruneRules rules;
  rules.success_before = from_ms(1000);
  CHECK(store->prune(rules) == 1);
  CHECK(left(*store) == Ids{"open", "bad", "slow"});
  rules.error_before = from_ms(1000);
  CHECK(store->prune(rules) == 1);
  CHECK(left(*store) == Ids{"open", "slow"});
  CHECK(store->prune(rules) == 0);
}

TEST_CASE("the newest finished executions of each workflow are kept; open ones do not count") {
  const ScratchFile scratch;
  const auto store = scratch.open();
  for (int i = 0; i < 4; ++i) {
    add(*store, execution_of("w" + std::to_string(i), i, Status::success));
    add(*store, execution_of("v" + std::to_string(i), i, Status::failed, "v"));
  }
  add(*store, execution_of("open", 100));
  store::PruneRules rules;
  rules.keep_newest = 2;
  SUBCASE("of all workflows") {
    CHECK(store->prune(rules) == 4);
    CHECK(left(*store) == Ids{"open", "v3", "w3", "v2", "w2"});
  }
  SUBCASE("of one workflow") {
    rules.workflow = "v";
    CHECK(store->prune(rules) == 2);
    CHECK(left(*store) == Ids{"open", "v3", "w3", "v2", "w2", "w1", "w0"});
  }
}

TEST_CASE("pruning removes events, pieces and unused workflows, and gives the space back") {
  const ScratchFile scratch;
  const auto store = scratch.open();
  const std::string large(64U << 10U, 'x');
  for (int i = 0; i < 40; ++i) {
    const std::string id = "e" + std::to_string(i);
    add(*store, execution_of(id, i, Status::success, "big"), {{1, {}, "e", large}});
    store->append_piece(id, 1, 0, large);
  }
  add(*store, execution_of("stays", 1, Status::running, "small"), {{1, {}, "e", "x"}});
  store::PruneRules none;
  none.success_before = from_ms(-1);
  CHECK(store->prune(none) == 0);
  CHECK(store->find_workflow("hash-big"));
  store::PruneRules rules;
  rules.success_before = from_ms(1000);
  CHECK(store->prune(rules) == 40);
  const auto size = std::filesystem::file_size(scratch.file());
  CHECK(size < 200'000);  // of more than five million
  CHECK_FALSE(store->find_workflow("hash-big"));
  CHECK(store->find_workflow("hash-small"));
  CHECK(events_of(*store, "stays").size() == 1);
}

TEST_CASE("more executions than fit one transaction are pruned in one call") {
  const ScratchFile scratch;
  const auto store = scratch.open();
  for (int i = 0; i < 1100; ++i) {
    store->create_execution(execution_of("e" + std::to_string(i), i, Status::success), text_of("w"),
                            {});
  }
  store::PruneRules rules;
  rules.keep_newest = 10;
  CHECK(store->prune(rules) == 1090);
  CHECK(left(*store).size() == 10);
  CHECK(left(*store).front() == "e1099");
}
