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

namespace {

store::ProfileRecord profile(const std::string& name, const std::string& sealed) {
  return {name, "clickup", R"(["task.*"])", "key1", sealed, 1, from_ms(10), from_ms(10)};
}

}  // namespace

TEST_CASE("a profile is read back, swapped by revision, and its name is taken once") {
  const ScratchFile scratch;
  const auto store = scratch.open();
  const std::string sealed("\0\xff", 2);
  CHECK(store->add_profile(profile("p", sealed)));
  CHECK_FALSE(store->add_profile(profile("p", "other")));
  auto found = *store->find_profile("p");
  CHECK(found.type == "clickup");
  CHECK(found.allow == R"(["task.*"])");
  CHECK(found.key_id == "key1");
  CHECK(found.sealed == sealed);
  const auto stale = found;
  found.allow = "[]";
  found.updated = from_ms(20);
  CHECK(store->update_profile(found));
  CHECK_FALSE(store->update_profile(stale));
  CHECK(store->find_profile("p")->allow == "[]");
  CHECK(store->find_profile("p")->revision == 2);
  CHECK(store->find_profile("p")->created == from_ms(10));
  CHECK_FALSE(store->find_profile("q"));
  CHECK(store->list_profiles().size() == 1);
}

TEST_CASE("a profile is removed when no credential was made through it") {
  const ScratchFile scratch;
  const auto store = scratch.open();
  store->add_profile(profile("p", "x"));
  auto linked = record("a", "1");
  linked.profile = "p";
  store->add_credential(linked);
  CHECK(store->find_credential("a")->profile == "p");
  CHECK_FALSE(store->remove_profile("p"));
  store->remove_credential("a");
  CHECK(store->remove_profile("p"));
  CHECK_FALSE(store->remove_profile("p"));
}

TEST_CASE("credentials and profiles are changed together or not at all") {
  const ScratchFile scratch;
  const auto store = scratch.open();
  store->add_credential(record("a", "1"));
  store->add_profile(profile("p", "1"));
  auto credentials = store->list_credentials();
  auto profiles = store->list_profiles();
  credentials[0].sealed = profiles[0].sealed = "2";
  ++profiles[0].revision;  // somebody else was there
  CHECK_FALSE(store->update_credentials(credentials, profiles));
  CHECK(store->find_credential("a")->sealed == "1");
  --profiles[0].revision;
  CHECK(store->update_credentials(credentials, profiles));
  CHECK(store->find_credential("a")->sealed == "2");
  CHECK(store->find_profile("p")->sealed == "2");
}

TEST_CASE("a lease is swapped by who saw the last one, and leaves the revision") {
  const ScratchFile scratch;
  const auto store = scratch.open();
  const store::Lease mine{7, from_ms(100)};
  CHECK_FALSE(store->swap_lease("a", {}, mine));
  store->add_credential(record("a", "1"));
  CHECK(store->credential_lease("a") == store::Lease{});
  CHECK(store->swap_lease("a", {}, mine));
  CHECK(store->credential_lease("a") == mine);
  CHECK_FALSE(store->swap_lease("a", {}, {8, from_ms(200)}));
  CHECK_FALSE(store->swap_lease("a", {7, from_ms(99)}, {8, from_ms(200)}));
  CHECK(store->find_credential("a")->revision == 1);
  CHECK(store->swap_lease("a", mine, {}));
}

TEST_CASE("a setting is added once, and set together with credentials or not at all") {
  const ScratchFile scratch;
  const auto store = scratch.open();
  CHECK(store->add_setting("secret", "one"));
  CHECK_FALSE(store->add_setting("secret", "two"));
  CHECK(store->find_setting("secret") == "one");
  store::CredentialRecord stale;
  stale.name = "gone";
  CHECK_FALSE(store->update_credentials({stale}, {}, {{"secret", "three"}}));
  CHECK(store->find_setting("secret") == "one");
  CHECK(store->update_credentials({}, {}, {{"secret", "three"}}));
  CHECK(store->find_setting("secret") == "three");
}
