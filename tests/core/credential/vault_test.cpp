#include "core/credential/vault.h"

#include <doctest/doctest.h>
#include <sys/stat.h>
#include <unistd.h>

#include <filesystem>
#include <fstream>
#include <functional>
#include <future>
#include <set>

#include "core/base/error.h"
#include "core/credential/key_file.h"
#include "core/store/memory_store.h"

using namespace engine;

namespace {

class StillClock final : public Clock {
 public:
  TimePoint now() const override { return from_ms(1'800'000'000'000); }
};

// A folder of its own, removed afterwards.
class Folder {
 public:
  Folder() {
    std::string name = (std::filesystem::temp_directory_path() / "engine_vault_XXXXXX").string();
    REQUIRE(::mkdtemp(name.data()) != nullptr);
    path_ = name;
  }
  ~Folder() { std::filesystem::remove_all(path_); }
  Folder(const Folder&) = delete;
  Folder& operator=(const Folder&) = delete;
  std::filesystem::path operator/(const char* name) const { return path_ / name; }

 private:
  std::filesystem::path path_;
};

CredentialType token_type() {
  CredentialType type;
  type.id = "acme";
  Parameter token;
  token.name = "token";
  token.required = true;
  token.secret = true;
  Parameter region;
  region.name = "region";
  region.default_value = "eu";
  type.fields = {token, region};
  type.sign = [](const Value& fields, http::Request& request) {
    request.headers.set("Authorization", std::string(fields["token"].as_string()));
    request.secret_headers.emplace_back("Authorization");
  };
  type.hosts = [](const Value&) {
    return std::vector<std::string>{"api.acme.example", "*.files.acme.example", "127.0.0.1:8790"};
  };
  return type;
}

struct Fixture {
  Folder folder;
  engine::store::MemoryStore store;
  CredentialTypes types;
  StillClock clock;

  Fixture() { types.add(token_type()); }
  std::filesystem::path key_file() const { return folder / "key"; }
  Vault vault(std::optional<std::string> key = std::nullopt,
              std::optional<std::string> next = std::nullopt) {
    return Vault(store, types, KeySource{std::move(key), key_file(), std::move(next)}, clock);
  }
  static Value fields(const char* token) { return Value::object({{"token", token}}); }
};

Error failure(const std::function<void()>& action) {
  try {
    action();
  } catch (const Error& error) {
    return error;
  }
  FAIL("nothing was thrown");
  return Error(ErrorCause::bug, "", "");
}

constexpr const char* kKeyA = "AAECAwQFBgcICQoLDA0ODxAREhMUFRYXGBkaGxwdHh8=";
constexpr const char* kKeyB = "BBECAwQFBgcICQoLDA0ODxAREhMUFRYXGBkaGxwdHh8=";

}  // namespace

TEST_CASE("a credential is stored encrypted and opened again") {
  Fixture f;
  Vault vault = f.vault();
  CHECK(vault.list().empty());
  CHECK_FALSE(std::filesystem::exists(f.key_file()));  // made with the first credential
  vault.add("work", "acme", Fixture::fields("pk_s3cret"));
  const Credential credential = vault.open("work");
  CHECK(credential.type->id == "acme");
  CHECK(credential.fields["token"].as_string() == "pk_s3cret");
  CHECK(credential.fields["region"].as_string() == "eu");
  CHECK(vault.type_of("work") == "acme");
  CHECK(vault.type_of("none").empty());
  REQUIRE(vault.list().size() == 1);
  CHECK(vault.list()[0].created == f.clock.now());
  CHECK(f.store.list_credentials()[0].sealed.find("s3cret") == std::string::npos);
  struct stat status {};
  REQUIRE(::stat(f.key_file().c_str(), &status) == 0);
  CHECK((status.st_mode & 0777U) == 0600U);
}

TEST_CASE("fields are checked against the type") {
  Fixture f;
  Vault vault = f.vault();
  CHECK(failure([&] { vault.add("a", "acme", Value::object()); }).code() == "bad_parameter");
  const Error unknown = failure([&] {
    vault.add("a", "acme", Value::object({{"token", "s3cret"}, {"regoin", "us"}}));
  });
  CHECK(unknown.code() == "bad_parameter");
  CHECK(unknown.message().find("'region'") != std::string::npos);
  CHECK(unknown.message().find("s3cret") == std::string::npos);
  const Error type = failure([&] { vault.add("a", "acmee", Fixture::fields("x")); });
  CHECK(type.code() == "credential_type_unknown");
  CHECK(type.message().find("'acme'") != std::string::npos);
  CHECK(failure([&] { vault.add("a b", "acme", Fixture::fields("x")); }).code() ==
        "bad_credential_name");
  CHECK(vault.list().empty());
}

TEST_CASE("names are unique, and a missing one is told with near names") {
  Fixture f;
  Vault vault = f.vault();
  vault.add("work", "acme", Fixture::fields("1"));
  CHECK(failure([&] { vault.add("work", "acme", Fixture::fields("2")); }).code() ==
        "credential_exists");
  const Error missing = failure([&] { vault.open("wrok"); });
  CHECK(missing.code() == "credential_not_found");
  CHECK(missing.cause() == ErrorCause::credential);
  CHECK(missing.message().find("'work'") != std::string::npos);
  CHECK(failure([&] { vault.remove("wrok"); }).code() == "credential_not_found");
  vault.remove("work");
  CHECK_FALSE(vault.exists("work"));
}

TEST_CASE("a change is refused when somebody else was faster") {
  Fixture f;
  Vault vault = f.vault();
  vault.add("work", "acme", Fixture::fields("1"));
  Credential mine = vault.open("work");
  Credential theirs = vault.open("work");
  theirs.fields = Fixture::fields("2");
  vault.replace(theirs);
  mine.fields = Fixture::fields("3");
  CHECK(failure([&] { vault.replace(mine); }).code() == "credential_changed");
  CHECK(vault.open("work").fields["token"].as_string() == "2");
}

TEST_CASE("a wrong key is told by name and changes nothing") {
  Fixture f;
  f.vault(kKeyA).add("work", "acme", Fixture::fields("1"));
  const auto before = f.store.list_credentials();
  const std::string needed = EncryptionKey::parse(kKeyA).id();
  for (const auto& action : std::vector<std::function<void()>>{
           [&] { f.vault(kKeyB).open("work"); },
           [&] { f.vault(kKeyB).add("other", "acme", Fixture::fields("1")); },
           [&] { f.vault(kKeyB, EncryptionKey::generate().text()).rotate_key(); },
           [&] { f.vault().open("work"); },
           [&] { f.vault().add("other", "acme", Fixture::fields("1")); },
           [&] { f.vault().rotate_key(); }}) {
    const Error error = failure(action);
    CHECK(error.code() == "wrong_encryption_key");
    CHECK(error.message().find(needed) != std::string::npos);
    CHECK(error.message().find(kKeyB) == std::string::npos);
  }
  CHECK(f.store.list_credentials().size() == 1);
  CHECK(f.store.list_credentials()[0].sealed == before[0].sealed);
  CHECK_FALSE(std::filesystem::exists(f.key_file()));
}

TEST_CASE("a record that was moved to another name does not open") {
  Fixture f;
  Vault vault = f.vault(kKeyA);
  vault.add("work", "acme", Fixture::fields("1"));
  auto record = *f.store.find_credential("work");
  record.name = "other";
  f.store.add_credential(record);
  CHECK(failure([&] { vault.open("other"); }).code() == "credential_damaged");
}

TEST_CASE("a key file that others may read is refused") {
  Fixture f;
  Vault vault = f.vault();
  vault.add("work", "acme", Fixture::fields("1"));
  REQUIRE(::chmod(f.key_file().c_str(), 0640) == 0);
  const Error error = failure([&] { vault.open("work"); });
  CHECK(error.code() == "key_file_exposed");
  CHECK(error.message().find("chmod 600") != std::string::npos);
}

TEST_CASE("a damaged key file is not taken for a missing one") {
  Fixture f;
  std::ofstream(f.key_file()) << "half a k";
  REQUIRE(::chmod(f.key_file().c_str(), 0600) == 0);
  Vault vault = f.vault();
  CHECK(failure([&] { vault.add("a", "acme", Fixture::fields("1")); }).code() ==
        "bad_encryption_key");
}

TEST_CASE("many who make the key file at once end with one key") {
  const Folder folder;
  std::vector<std::future<std::string>> makers;
  for (int i = 0; i < 8; ++i) {
    makers.push_back(std::async(std::launch::async, [&] {
      return create_key_file(folder / "key", EncryptionKey::generate()).id();
    }));
  }
  std::set<std::string> ids;
  for (auto& maker : makers) ids.insert(maker.get());
  CHECK(ids.size() == 1);
  CHECK(read_key_file(folder / "key")->id() == *ids.begin());
  std::size_t files = 0;
  for ([[maybe_unused]] const auto& entry :
       std::filesystem::directory_iterator((folder / "key").parent_path())) {
    ++files;
  }
  CHECK(files == 1);
}

TEST_CASE("rotating makes a new key that opens everything") {
  Fixture f;
  Vault vault = f.vault();
  vault.add("a", "acme", Fixture::fields("1"));
  vault.add("b", "acme", Fixture::fields("2"));
  const std::string old_id = read_key_file(f.key_file())->id();
  const std::string id = vault.rotate_key();
  CHECK(id != old_id);
  CHECK(read_key_file(f.key_file())->id() == id);
  for (const CredentialSummary& each : vault.list()) CHECK(each.key_id == id);
  CHECK(vault.open("a").fields["token"].as_string() == "1");
  CHECK(vault.open("b").fields["token"].as_string() == "2");
  CHECK_FALSE(std::filesystem::exists(f.folder / "key.new"));
}

TEST_CASE("a rotation that crashed on either side of its transaction loses nothing") {
  for (const bool committed : {false, true}) {
    Fixture f;
    Vault vault = f.vault();
    vault.add("a", "acme", Fixture::fields("1"));
    const auto old_record = *f.store.find_credential("a");
    const EncryptionKey old_key = *read_key_file(f.key_file());
    vault.rotate_key();
    const EncryptionKey new_key = *read_key_file(f.key_file());
    // Both key files, as they are in the middle.
    std::filesystem::remove(f.key_file());
    create_key_file(f.key_file(), old_key);
    create_key_file(f.folder / "key.new", new_key);
    if (!committed) {
      f.store.remove_credential("a");
      f.store.add_credential(old_record);
    }
    CHECK(vault.open("a").fields["token"].as_string() == "1");
    vault.add("b", "acme", Fixture::fields("2"));
    CHECK(vault.list()[0].key_id == vault.list()[1].key_id);
    const std::string id = vault.rotate_key();
    CHECK(read_key_file(f.key_file())->id() == id);
    CHECK(vault.open("a").fields["token"].as_string() == "1");
    CHECK(vault.open("b").fields["token"].as_string() == "2");
  }
}

TEST_CASE("a key from the environment is rotated to the new one that is given") {
  Fixture f;
  f.vault(kKeyA).add("a", "acme", Fixture::fields("1"));
  const Error error = failure([&] { f.vault(kKeyA).rotate_key(); });
  CHECK(error.code() == "new_key_missing");
  CHECK(error.message().find("$ENGINE_NEW_KEY") != std::string::npos);
  f.vault(kKeyA, kKeyB).rotate_key();
  CHECK(f.vault(kKeyB).open("a").fields["token"].as_string() == "1");
  CHECK(failure([&] { f.vault(kKeyA).open("a"); }).code() == "wrong_encryption_key");
  CHECK_FALSE(std::filesystem::exists(f.key_file()));
}

TEST_CASE("a request is signed only on its way to an allowed host") {
  Fixture f;
  Vault vault = f.vault(kKeyA);
  vault.add("work", "acme", Fixture::fields("s3cret"));
  const Credential credential = vault.open("work");
  for (const char* url : {"https://api.acme.example/x", "https://API.acme.example:443/x",
                          "https://a.files.acme.example/", "https://a.b.files.acme.example/",
                          "http://127.0.0.1:8790/"}) {
    CAPTURE(url);
    http::Request request;
    request.url = url;
    vault.sign(credential, request);
    CHECK(request.headers.find("Authorization") == "s3cret");
  }
  for (const char* url :
       {"https://evil.example/", "https://api.acme.example.evil.example/",
        "https://xapi.acme.example/", "https://files.acme.example/", "https://xfiles.acme.example/",
        "http://127.0.0.1:8791/", "https://acme.example/"}) {
    CAPTURE(url);
    http::Request request;
    request.url = url;
    const Error error = failure([&] { vault.sign(credential, request); });
    CHECK(error.code() == "host_not_allowed");
    CHECK(error.cause() == ErrorCause::credential);
    CHECK(request.headers.empty());
  }
}

TEST_CASE("two types of one name are refused") {
  CredentialTypes types;
  types.add(token_type());
  CHECK(failure([&] { types.add(token_type()); }).code() == "duplicate_credential_type");
  CHECK(types.ids() == std::vector<std::string>{"acme"});
  CHECK(types.find("none") == nullptr);
}

TEST_CASE("the server's secret stays the same for a purpose, also when the key is rotated") {
  Fixture f;
  const std::string urls = f.vault().server_secret("urls");
  CHECK(urls.size() == 32);
  CHECK(f.vault().server_secret("urls") == urls);
  CHECK(f.vault().server_secret("states") != urls);
  const std::string stored = *f.store.find_setting("server_secret");
  f.vault().rotate_key();
  CHECK(*f.store.find_setting("server_secret") != stored);
  CHECK(f.vault().server_secret("urls") == urls);
  Fixture other;
  CHECK(other.vault().server_secret("urls") != urls);
}

TEST_CASE("the server's secret is not replaced when the key is another one or it is damaged") {
  Fixture f;
  f.vault(kKeyA).server_secret("urls");
  const std::string stored = *f.store.find_setting("server_secret");
  CHECK(failure([&] { f.vault(kKeyB).server_secret("urls"); }).code() == "wrong_encryption_key");
  CHECK(failure([&] { f.vault(kKeyB).add("acme", "acme", Fixture::fields("t")); }).code() ==
        "wrong_encryption_key");
  CHECK(*f.store.find_setting("server_secret") == stored);
  for (const std::string& damaged : {stored + "AA", stored.substr(0, 20), std::string("nothing")}) {
    f.store.set_setting("server_secret", damaged);
    CAPTURE(damaged);
    CHECK(failure([&] { f.vault(kKeyA).server_secret("urls"); }).cause() == ErrorCause::credential);
    CHECK(*f.store.find_setting("server_secret") == damaged);
  }
}
