#include "tests/core/credential/fake_service.h"

using namespace engine;
using namespace engine::test;

namespace {

Value app(const std::string& secret = "app-secret") {
  return Value::object(
      {{"url", "http://127.0.0.1:1"}, {"client_id", "app"}, {"client_secret", secret}});
}

Value account(const char* token) {
  return Value::object({{kAccessToken, token}});
}

struct ProfileDesk : VaultFixture {
  ProfileDesk() {
    vault->add_profile("acme", "svc", app(), {"task.*", "comment.create"});
    vault->add("ann", "svc", account("t-ann"), "acme");
  }
};

}  // namespace

TEST_CASE("a credential has its own token and the fields of its profile") {
  ProfileDesk desk;
  const Credential ann = desk.vault->open("ann");
  CHECK(ann.profile == "acme");
  CHECK(to_text(ann.fields[kAccessToken]) == "t-ann");
  CHECK(to_text(ann.fields["client_secret"]) == "app-secret");
  CHECK(desk.vault->list().at(0).profile == "acme");
  const ProfileSummary summary = desk.vault->list_profiles().at(0);
  CHECK(summary.name == "acme");
  CHECK(summary.allowed == std::vector<std::string>{"task.*", "comment.create"});
  CHECK(summary.credentials == std::vector<std::string>{"ann"});
}

TEST_CASE("a new client secret keeps the accounts") {
  ProfileDesk desk;
  Profile profile = desk.vault->open_profile("acme");
  profile.fields = app("new-secret");
  desk.vault->replace_profile(profile);
  const Credential ann = desk.vault->open("ann");
  CHECK(to_text(ann.fields["client_secret"]) == "new-secret");
  CHECK(to_text(ann.fields[kAccessToken]) == "t-ann");
  CHECK(error_from([&] { desk.vault->replace_profile(profile); }).code() == "credential_changed");
}

TEST_CASE("an account that is stored again does not take the fields of its profile along") {
  ProfileDesk desk;
  Credential ann = desk.vault->open("ann");
  ann.fields = with_path(ann.fields, {kAccessToken}, Value("t-ann-2"));
  desk.vault->replace(ann);
  Profile profile = desk.vault->open_profile("acme");
  profile.fields = app("new-secret");
  desk.vault->replace_profile(profile);
  CHECK(to_text(desk.vault->open("ann").fields["client_secret"]) == "new-secret");
  CHECK(to_text(desk.vault->open("ann").fields[kAccessToken]) == "t-ann-2");
}

TEST_CASE("rotating the key re-encrypts profiles with the credentials") {
  ProfileDesk desk;
  const std::string before = desk.store.find_profile("acme")->key_id;
  const std::string id = desk.open_vault(VaultFixture::kKey, VaultFixture::kOtherKey)->rotate_key();
  CHECK(id != before);
  CHECK(desk.store.find_profile("acme")->key_id == id);
  CHECK(desk.store.find_credential("ann")->key_id == id);
  CHECK(error_from([&] { desk.vault->open_profile("acme"); }).code() == "wrong_encryption_key");
  const auto other = desk.open_vault(VaultFixture::kOtherKey);
  CHECK(to_text(other->open("ann").fields["client_secret"]) == "app-secret");
}

TEST_CASE("the only secret of a vault may be a profile's: its key counts") {
  VaultFixture desk;
  desk.vault->add_profile("acme", "svc", app(), {});
  const auto other = desk.open_vault(VaultFixture::kOtherKey);
  CHECK(error_from([&] { other->add("bob", "svc", account("t"), ""); }).code() ==
        "wrong_encryption_key");
  CHECK(error_from([&] { other->add("ann", "svc", account("t"), "acme"); }).code() ==
        "wrong_encryption_key");
  CHECK(error_from([&] { other->check_ready("ann"); }).code() == "wrong_encryption_key");
}

TEST_CASE("what was swapped in the database does not open") {
  ProfileDesk desk;
  desk.vault->add_profile("open", "svc", app(), {});
  auto record = *desk.store.find_profile("acme");
  record.allow = "[]";
  REQUIRE(desk.store.update_profile(record));
  CHECK(error_from([&] { desk.vault->open_profile("acme"); }).code() == "credential_damaged");
  auto ann = *desk.store.find_credential("ann");
  ann.profile = "open";
  REQUIRE(desk.store.update_credential(ann));
  CHECK(error_from([&] { desk.vault->open("ann"); }).code() == "credential_damaged");
}

TEST_CASE("a profile is not removed while accounts need it") {
  ProfileDesk desk;
  const Error error = error_from([&] { desk.vault->remove_profile("acme"); });
  CHECK(error.code() == "profile_in_use");
  CHECK(has(error.message(), "'ann'"));
  desk.vault->remove("ann");
  desk.vault->remove_profile("acme");
  CHECK(desk.vault->list_profiles().empty());
  desk.vault->add_profile("acne", "svc", app(), {});
  CHECK(has(error_from([&] { desk.vault->remove_profile("acme"); }).message(),
            "Did you mean 'acne'?"));
}

TEST_CASE("a profile holds an app and nothing of an account") {
  VaultFixture desk;
  const auto refused = [&](const Value& fields) {
    return error_from([&] { desk.vault->add_profile("p", "svc", fields, {}); }).message();
  };
  CHECK(has(refused(Value::object({{"client_id", "app"}})), "client secret"));
  CHECK(has(refused(account("t")), "belongs to an account"));
  CHECK(has(refused(Value::object({{"nope", "x"}})), "Unknown key"));
  desk.vault->add_profile("p", "svc", app(), {});
  CHECK(error_from([&] { desk.vault->add_profile("p", "svc", app(), {}); }).code() ==
        "profile_exists");
}

TEST_CASE("only the operations of the profile may be used, and all without a list") {
  ProfileDesk desk;
  CHECK(desk.vault->refusal("ann", "svc.task.get").empty());
  CHECK(desk.vault->refusal("ann", "svc.comment.create").empty());
  const std::string refusal = desk.vault->refusal("ann", "svc.comment.delete");
  CHECK(has(refusal, "'ann'"));
  CHECK(has(refusal, "'acme'"));
  CHECK(has(refusal, "'svc.comment.delete'"));
  CHECK(has(refusal, "'task.*'"));
  CHECK_FALSE(desk.vault->refusal("ann", "http_request").empty());
  desk.vault->add("bob", "svc", account("t"), "acme");
  Profile profile = desk.vault->open_profile("acme");
  profile.allowed.clear();
  desk.vault->replace_profile(profile);
  CHECK(desk.vault->refusal("bob", "svc.comment.delete").empty());
}

TEST_CASE("patterns cover what they say") {
  const auto allowed = [](const char* type, const char* pattern) {
    return operation_allowed(type, {pattern});
  };
  CHECK(allowed("clickup.task.create", "task.*"));
  CHECK(allowed("clickup.task.create", "clickup.task.*"));
  CHECK(allowed("clickup.task.create", "*.create"));
  CHECK(allowed("clickup.task.create", "*"));
  CHECK(allowed("http_request", "http_request"));
  CHECK(allowed("http_request", "*"));
  CHECK_FALSE(allowed("clickup.task.create", "task"));
  CHECK_FALSE(allowed("clickup.task.create", "task.creat"));
  CHECK_FALSE(allowed("clickup.time_entry.create", "task.*"));
  CHECK_FALSE(allowed("clickup.task.create", "other.task.*"));
  CHECK_FALSE(operation_allowed("clickup.task.create", {}));
}
