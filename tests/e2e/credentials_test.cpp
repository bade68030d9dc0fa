#include <doctest/doctest.h>
#include <sys/stat.h>

#include "core/value/json.h"
#include "tests/e2e/clickup.h"

namespace engine::e2e {
namespace {

const std::string kToken = "pk_sandbox";
const std::string kSecret = "hunter2-of-the-tests";
const std::string kOneKey = "MYoWCvGIclj3mL4xiBZmCQiPvV6J2lFckKY9wb8DHeQ=";
const std::string kOtherKey = "NEM8PNkM2fgvALAJUbcgSMHkStwyr7gIn+i9CGaA+nE=";

Outcome add_bearer(const Place& place, const std::string& name) {
  return place.engine({"credentials", "add", name, "--type", "bearer", "--field", "token=-"},
                      kSecret + "\n");
}

unsigned mode_of(const std::filesystem::path& file) {
  struct stat status {};
  return ::stat(file.c_str(), &status) == 0 ? status.st_mode & 0777U : 0U;
}

}  // namespace

TEST_CASE("a credential is added, listed, shown, tested and removed; its secret is never seen") {
  const Place place;
  const ClickUp clickup(place);
  std::string seen;
  const auto engine = [&](const std::vector<std::string>& arguments) {
    Outcome outcome = place.engine(arguments);
    seen += outcome.all();
    return outcome;
  };
  clickup.add_credential(place, "acme");
  CHECK(add_bearer(place, "shop").code == 0);

  const Value list = parse_json(engine({"credentials", "list", "--format", "json"}).out);
  REQUIRE(list.size() == 2);
  CHECK(list[std::size_t{0}]["name"].as_string() == "acme");
  CHECK(list[std::size_t{0}]["type"].as_string() == "clickup");
  CHECK(list[std::size_t{1}]["name"].as_string() == "shop");
  const Outcome shown = engine({"credentials", "show", "acme"});
  CHECK(contains(shown.out, clickup.api_url()));
  CHECK(contains(shown.out, "(secret)"));
  const Outcome tested = engine({"credentials", "test", "acme"});
  CHECK(tested.code == 0);
  CHECK(tested.out == "works: Ada Okafor, workspaces Acme\n");
  CHECK(engine({"--log-level", "debug", "credentials", "test", "acme"}).code == 0);
  CHECK(engine({"credentials", "remove", "shop"}).code == 0);
  const Outcome gone = engine({"credentials", "remove", "shop"});
  CHECK(gone.code == 4);
  CHECK(contains(gone.err, "There is no credential 'shop'"));
  CHECK(parse_json(engine({"credentials", "list", "--format", "json"}).out).size() == 1);

  const std::string bytes = place.stored_bytes();
  CHECK(bytes.size() > 4096);
  for (const std::string& secret : {kToken, kSecret}) {
    CHECK_FALSE(contains(seen, secret));
    CHECK_FALSE(contains(bytes, secret));
  }
}

TEST_CASE("a secret does not get into executions, not even of a run that fails") {
  const Place place;
  const ClickUp clickup(place, {"--fault", "GET /v2/list/*:500:1"});
  clickup.add_credential(place, "acme");
  const std::string flow = place.file("flow.yaml", workflow("Flow", R"(  - id: user
    type: clickup.user.get_me
    credential: acme
  - id: tasks
    type: clickup.list.get
    credential: acme
    with: { list_id: "901" }
)"));
  const Outcome run = place.engine({"--log-level", "debug", "run", flow});
  CHECK(run.code == 1);
  const std::string id = place.newest();
  const Outcome shown = place.engine({"executions", "show", id, "--format", "json"});
  for (const std::string& text : {run.all(), shown.all(), place.stored_bytes()}) {
    CHECK(text.size() > 100);
    CHECK_FALSE(contains(text, kToken));
  }
}

TEST_CASE("a service that refuses a credential makes its test exit with 4") {
  const Place place;
  const ClickUp clickup(place);
  clickup.add_credential(place, "old", "pk_was_revoked");
  const Outcome tested = place.engine({"credentials", "test", "old"});
  CHECK(tested.code == 4);
  CHECK(contains(tested.err, "status 401"));
  CHECK_FALSE(contains(tested.all(), "pk_was_revoked"));
}

TEST_CASE("what is wrong with a new credential is said, and nothing is stored") {
  const Place place;
  const auto refused = [&](const std::vector<std::string>& options) {
    std::vector<std::string> arguments{"credentials", "add", "acme"};
    arguments.insert(arguments.end(), options.begin(), options.end());
    const Outcome outcome = place.engine(arguments);
    CHECK(outcome.code == 2);
    return outcome.err;
  };
  CHECK(contains(refused({"--type", "clikup"}), "Did you mean 'clickup'?"));
  CHECK(contains(refused({"--type", "clickup", "--field", "tokne=x"}), "Did you mean 'token'?"));
  CHECK(
      refused({"--type", "clickup"}) ==
      "error: A credential of the type 'clickup' needs 'token'. Add --field token=- ('-' asks for "
      "the value, or reads it from the standard input).\n");
  CHECK(contains(refused({"--type", "header"}),
                 "needs 'name', 'value'. Add --field name=VALUE --field value=- "));
  CHECK(contains(refused({"--type", "clickup", "--field", "auth=toke", "--field", "token=x"}),
                 "parameter 'auth': Expected 'token' or 'oauth2', got the text 'toke'."));
  CHECK(contains(refused({"--type", "bearer", "--field", "token="}), "got an empty text"));
  CHECK(contains(refused({"--type", "clickup", "--from-env", "token=NOT_SET"}), "NOT_SET"));
  CHECK(parse_json(place.engine({"credentials", "list", "--format", "json"}).out).size() == 0);
}

TEST_CASE("a name that is taken stays with its owner") {
  Place place;
  place.environment["TOKEN"] = kSecret;
  const std::vector<std::string> add{"credentials", "add",        "acme",       "--type",
                                     "bearer",      "--from-env", "token=TOKEN"};
  CHECK(place.engine(add).code == 0);
  const Outcome again = place.engine(add);
  CHECK(again.code == 4);
  CHECK(contains(again.err, "There is a credential 'acme' already"));
  CHECK_FALSE(contains(again.all(), kSecret));
}

TEST_CASE("the database and the key file belong to their user alone") {
  const Place place;
  REQUIRE(add_bearer(place, "acme").code == 0);
  CHECK(mode_of(place.database()) == 0600U);
  CHECK(mode_of(place.folder() / "engine.key") == 0600U);
}

TEST_CASE("a wrong key is refused with 4 and changes nothing") {
  Place place;
  place.environment["ENGINE_KEY"] = kOneKey;
  const ClickUp clickup(place);
  clickup.add_credential(place, "acme");
  const Outcome before = place.engine({"credentials", "list", "--format", "json"});
  for (const std::string& key : {kOtherKey, std::string("too short")}) {
    place.environment["ENGINE_KEY"] = key;
    for (const std::vector<std::string>& arguments :
         {std::vector<std::string>{"credentials", "test", "acme"},
          std::vector<std::string>{"credentials", "show", "acme"},
          std::vector<std::string>{"credentials", "rotate-key"}}) {
      const Outcome refused = place.engine(arguments);
      CHECK(refused.code == 4);
      CHECK(contains(refused.err, key.size() < 44 ? "$ENGINE_KEY is not a key."
                                                  : "but $ENGINE_KEY holds the key"));
      CHECK_FALSE(contains(refused.all(), key));
    }
  }
  place.environment["ENGINE_KEY"] = kOneKey;
  CHECK(place.engine({"credentials", "list", "--format", "json"}).out == before.out);
  CHECK(place.engine({"credentials", "test", "acme"}).code == 0);
}

TEST_CASE("rotating the key of the key file keeps every credential") {
  const Place place;
  const ClickUp clickup(place);
  clickup.add_credential(place, "acme");
  const std::string key = read_all(place.folder() / "engine.key");
  const Outcome rotated = place.engine({"credentials", "rotate-key"});
  CHECK(rotated.code == 0);
  const std::string next = read_all(place.folder() / "engine.key");
  CHECK(next.size() == key.size());
  CHECK(next != key);
  CHECK_FALSE(contains(rotated.all(), next.substr(0, 44)));
  CHECK(mode_of(place.folder() / "engine.key") == 0600U);
  CHECK(place.engine({"credentials", "test", "acme"}).code == 0);
}

TEST_CASE("rotating the key of the environment goes to the new key") {
  Place place;
  place.environment["ENGINE_KEY"] = kOneKey;
  const ClickUp clickup(place);
  clickup.add_credential(place, "acme");
  CHECK(place.engine({"credentials", "rotate-key"}).code == 4);  // no new key was given
  place.environment["ENGINE_NEW_KEY"] = kOtherKey;
  CHECK(place.engine({"credentials", "rotate-key"}).code == 0);
  place.environment.erase("ENGINE_NEW_KEY");
  CHECK(place.engine({"credentials", "test", "acme"}).code == 4);
  place.environment["ENGINE_KEY"] = kOtherKey;
  CHECK(place.engine({"credentials", "test", "acme"}).code == 0);
}

TEST_CASE("credential types are listed with their fields") {
  const Place place;
  const Outcome text = place.engine({"credentials", "types"});
  CHECK(text.code == 0);
  CHECK(contains(text.out, "clickup"));
  CHECK(contains(text.out, "required, secret"));
  const Value types = parse_json(place.engine({"credentials", "types", "--format", "json"}).out);
  CHECK(contains(print_json(types), R"("id":"clickup")"));
}

}  // namespace engine::e2e
