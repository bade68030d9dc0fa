#include "tests/core/store/scratch_store.h"

using namespace engine;
using namespace engine::test;

namespace {

store::CredentialRecord record(const std::string& name, const std::string& sealed) {
  return {name, "clickup", "key1", sealed, 1, from_ms(10), from_ms(10)};
}

}  // namespace

TEST_CASE("a credential is read back byte by byte, and its name is taken once") {
  const ScratchFile scratch;
  const auto store = scratch.open();
  const std::string sealed("\0\xff\x01 secret", 10);
  CHECK(store->add_credential(record("b", sealed)));
  CHECK_FALSE(store->add_credential(record("b", "other")));
  CHECK(store->add_credential(record("a", "x")));
  const auto found = store->find_credential("b");
  REQUIRE(found);
  CHECK(found->type == "clickup");
  CHECK(found->key_id == "key1");
  CHECK(found->sealed == sealed);
  CHECK(found->created == from_ms(10));
  const auto all = store->list_credentials();
  REQUIRE(all.size() == 2);
  CHECK(all[0].name == "a");
  CHECK_FALSE(store->find_credential("c"));
}

TEST_CASE("a credential is changed only by who saw its newest revision") {
  const ScratchFile scratch;
  const auto store = scratch.open();
  store->add_credential(record("a", "1"));
  auto mine = *store->find_credential("a");
  const auto stale = mine;
  mine.sealed = "2";
  mine.updated = from_ms(20);
  CHECK(store->update_credential(mine));
  auto found = *store->find_credential("a");
  CHECK(found.sealed == "2");
  CHECK(found.revision == stale.revision + 1);
  CHECK(found.created == from_ms(10));
  CHECK(found.updated == from_ms(20));
  CHECK_FALSE(store->update_credential(stale));
  CHECK(store->find_credential("a")->sealed == "2");
  CHECK_FALSE(store->update_credential(record("nope", "x")));
}

TEST_CASE("several credentials are changed together or not at all") {
  const ScratchFile scratch;
  const auto store = scratch.open();
  store->add_credential(record("a", "1"));
  store->add_credential(record("b", "1"));
  auto records = store->list_credentials();
  records[0].sealed = records[1].sealed = "2";
  records[1].revision += 1;  // somebody else was there
  CHECK_FALSE(store->update_credentials(records));
  CHECK(store->find_credential("a")->sealed == "1");
  records[1].revision -= 1;
  CHECK(store->update_credentials(records));
  CHECK(store->find_credential("a")->sealed == "2");
  CHECK(store->find_credential("b")->sealed == "2");
}

TEST_CASE("a credential is removed once") {
  const ScratchFile scratch;
  const auto store = scratch.open();
  store->add_credential(record("a", "1"));
  CHECK(store->remove_credential("a"));
  CHECK_FALSE(store->remove_credential("a"));
  CHECK_FALSE(store->find_credential("a"));
}
