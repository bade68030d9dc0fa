#include <doctest/doctest.h>
#include <signal.h>

#include "core/value/json.h"
#include "tests/e2e/browser.h"
#include "tests/e2e/clickup.h"

namespace engine::e2e {
namespace {

constexpr const char* kClientSecret = "sandbox-secret";

/// A sandbox and a profile `acme` of its app.
struct Desk {
  Place place;
  ClickUp clickup;

  explicit Desk(const std::vector<std::string>& allow = {}) : clickup(place) {
    std::vector<std::string> add{"profiles",
                                 "add",
                                 "acme",
                                 "--type",
                                 "clickup",
                                 "--field",
                                 "client_secret=-",
                                 "--field",
                                 "client_id=sandbox-client",
                                 "--field",
                                 "api_url=" + clickup.api_url()};
    for (const std::string& pattern : allow) {
      add.emplace_back("--allow");
      add.push_back(pattern);
    }
    const Outcome added = place.engine(add, std::string(kClientSecret) + "\n");
    REQUIRE_MESSAGE(added.code == 0, added.all());
    CHECK(contains(added.err, "http://127.0.0.1:8791/oauth2/callback"));
  }

  Process connect(const std::string& name, const std::vector<std::string>& more = {}) const {
    std::vector<std::string> arguments{"credentials", "connect", name, "--port", "0"};
    if (more.empty()) arguments.insert(arguments.end(), {"--profile", "acme"});
    arguments.insert(arguments.end(), more.begin(), more.end());
    Command command = place.command(arguments);
    command.typed = true;
    return Process(command);
  }
  std::size_t credentials() const {
    return parse_json(place.engine({"credentials", "list", "--format", "json"}).out).size();
  }
};

std::string authorize_url(Process& process) {
  return address_in(process.read_error_line("response_type=code"));
}

void check_refused(const Desk& desk, const Outcome& outcome, const std::string& message) {
  CHECK(outcome.code == 4);
  CHECK(outcome.out.empty());
  CHECK_MESSAGE(contains(outcome.err, message), outcome.err);
  CHECK(desk.credentials() == 0);
}

}  // namespace

TEST_CASE("an account is connected through the browser on loopback, and works") {
  const Desk desk;
  Process process = desk.connect("ann");
  const std::string url = authorize_url(process);
  CHECK(contains(process.read_error_line("Waiting"), "for 5m"));
  const http::Response page = fetch(decide(url));
  CHECK(page.status == 200);
  CHECK(contains(page.body, "You can close this window"));
  const Outcome outcome = process.wait();
  CHECK(outcome.code == 0);
  CHECK(outcome.out == "connected 'ann': Ada Okafor, workspaces Acme\n");
  CHECK(desk.place.engine({"credentials", "test", "ann"}).out ==
        "works: Ada Okafor, workspaces Acme\n");
  const Outcome shown = desk.place.engine({"credentials", "show", "ann"});
  CHECK(contains(shown.out, "101"));
  CHECK(contains(shown.out, "acme"));
  const std::string bytes = desk.place.stored_bytes();
  for (const std::string& text : {bytes, outcome.all(), shown.all(), page.body}) {
    CHECK_FALSE(contains(text, kClientSecret));
    CHECK_FALSE(contains(text, "101_"));  // how the sandbox's tokens begin
  }
}

TEST_CASE("without a browser the pasted address does it, and an account is connected anew") {
  const Desk desk;
  for (int i = 0; i < 2; ++i) {
    Process process = desk.connect("ann", {"--profile", "acme", "--no-browser"});
    process.type(decide(authorize_url(process)) + "\n");
    const Outcome outcome = process.wait();
    CHECK_MESSAGE(outcome.code == 0, outcome.all());
    CHECK(contains(outcome.out, "Ada Okafor"));
  }
  CHECK(desk.credentials() == 1);
}

TEST_CASE("an account is connected without a profile, or its credential stored first") {
  const Desk desk;
  const std::vector<std::string> fields{"--type",  "clickup",
                                        "--field", "client_id=sandbox-client",
                                        "--field", "client_secret=" + std::string(kClientSecret),
                                        "--field", "api_url=" + desk.clickup.api_url()};
  std::vector<std::string> direct{"--no-browser"};
  direct.insert(direct.end(), fields.begin(), fields.end());
  Process process = desk.connect("direct", direct);
  process.type(decide(authorize_url(process)) + "\n");
  CHECK(process.wait().code == 0);

  std::vector<std::string> add{"credentials", "add", "later", "--field", "auth=oauth2"};
  add.insert(add.end(), fields.begin(), fields.end());
  const Outcome added = desk.place.engine(add);
  CHECK(added.code == 0);
  CHECK(contains(added.err, "engine credentials connect later"));
  const Outcome early = desk.place.engine({"credentials", "test", "later"});
  CHECK(early.code == 4);
  CHECK(contains(early.err, "has no access token yet"));
  Process later = desk.connect("later", {"--no-browser"});
  later.type(decide(authorize_url(later)) + "\n");
  CHECK(later.wait().code == 0);
  CHECK(desk.place.engine({"credentials", "test", "later"}).code == 0);
}

TEST_CASE("denied consent, a wrong state and a missing code store nothing and exit with 4") {
  const Desk desk;
  const std::string mine = "http://127.0.0.1:1/oauth2/callback?";
  SUBCASE("denied") {
    Process process = desk.connect("ann");
    const http::Response page = fetch(decide(authorize_url(process), "deny"));
    CHECK(contains(page.body, "denied"));
    check_refused(desk, process.wait(), "denied");
  }
  SUBCASE("wrong state") {
    Process process = desk.connect("ann");
    std::string back = decide(authorize_url(process));
    back.replace(back.find("state=") + 6, 4, "xxxx");
    CHECK(contains(fetch(back).body, "does not belong to this attempt"));
    check_refused(desk, process.wait(), "does not belong to this attempt");
  }
  SUBCASE("pasted without a code") {
    Process process = desk.connect("ann", {"--profile", "acme", "--no-browser"});
    const std::string url = authorize_url(process);
    process.type(mine + url.substr(url.find("state=")) + "\n");
    check_refused(desk, process.wait(), "no code");
  }
  SUBCASE("pasted something else") {
    Process process = desk.connect("ann", {"--profile", "acme", "--no-browser"});
    authorize_url(process);
    process.type("hello\n");
    check_refused(desk, process.wait(), "paste all of what");
  }
}

TEST_CASE("a code that was used already is refused with what to do") {
  const Desk desk;
  Process process = desk.connect("ann", {"--profile", "acme", "--no-browser"});
  const std::string back = decide(authorize_url(process));
  // Somebody else was faster with the same code.
  const std::size_t at = back.find("code=") + 5;
  const std::string code = back.substr(at, back.find('&', at) - at);
  CHECK(fetch(desk.clickup.api_url() + "/v2/oauth/token?client_id=sandbox-client&client_secret=" +
              kClientSecret + "&code=" + code)
            .status != 200);  // only POST takes it
  CHECK(
      post(desk.clickup.api_url() + "/v2/oauth/token",
           "client_id=sandbox-client&client_secret=" + std::string(kClientSecret) + "&code=" + code)
          .status == 200);
  process.type(back + "\n");
  const Outcome outcome = process.wait();
  check_refused(desk, outcome, "OAUTH_014");
  CHECK(contains(outcome.err, "Connect again"));
  CHECK_FALSE(contains(outcome.err, code));
}

TEST_CASE("a wrong client is refused with what to do, and a new secret mends it") {
  const Desk desk;
  CHECK(
      desk.place.engine({"profiles", "set", "acme", "--field", "client_secret=-"}, "wrong-secret\n")
          .code == 0);
  Process process = desk.connect("ann");
  fetch(decide(authorize_url(process)));
  const Outcome refused = process.wait();
  check_refused(desk, refused, "OAUTH_010");
  CHECK(contains(refused.err, "client id and secret"));
  CHECK_FALSE(contains(refused.err, "wrong-secret"));
  CHECK(desk.place
            .engine({"profiles", "set", "acme", "--field", "client_secret=-"},
                    std::string(kClientSecret) + "\n")
            .code == 0);
  Process again = desk.connect("ann");
  fetch(decide(authorize_url(again)));
  CHECK(again.wait().code == 0);
}

TEST_CASE("a wait that ends names the redirect URL, which the page may have refused") {
  const Desk desk;
  Process process = desk.connect("ann", {"--profile", "acme", "--timeout", "200ms"});
  const Outcome outcome = process.wait();
  check_refused(desk, outcome, "Nobody came back from the browser within 200ms");
  CHECK(contains(outcome.err, "/oauth2/callback into the app"));
  // What the person sees meanwhile when the app does not know the address.
  const std::string page =
      desk.clickup.api_url() + "?client_id=sandbox-client&redirect_uri=https%3A%2F%2Fother.example";
  CHECK(contains(fetch(page).body, "OAUTH_007"));
}

TEST_CASE("an input that ends without an address is a wait that ended") {
  const Desk desk;
  const Outcome outcome =
      desk.place.engine({"credentials", "connect", "ann", "--profile", "acme", "--no-browser"}, "");
  check_refused(desk, outcome, "Nothing was stored");
}

TEST_CASE("Ctrl-C ends the wait with 130") {
  const Desk desk;
  for (const char* option : {"--timeout=1h", "--no-browser"}) {
    Process process = desk.connect("ann", {"--profile", "acme", option});
    authorize_url(process);
    process.send_signal(SIGINT);
    const Outcome outcome = process.wait();
    CHECK(outcome.code == 130);
    CHECK(contains(outcome.err, "Nothing was stored"));
  }
  CHECK(desk.credentials() == 0);
}

TEST_CASE("what cannot be connected is said before anybody is sent to a browser") {
  const Desk desk;
  const auto refused = [&](const std::vector<std::string>& more) {
    std::vector<std::string> arguments{"credentials", "connect"};
    arguments.insert(arguments.end(), more.begin(), more.end());
    const Outcome outcome = desk.place.engine(arguments);
    CHECK_FALSE(contains(outcome.err, "Open this address"));
    return std::to_string(outcome.code) + " " + outcome.err;
  };
  CHECK(contains(refused({"ann"}), "2 error: There is no credential 'ann' yet"));
  CHECK(contains(refused({"ann", "--profile", "acne"}), "Did you mean 'acme'?"));
  CHECK(contains(refused({"a/b", "--profile", "acme"}), "1 to 100 letters"));
  CHECK(contains(refused({"ann", "--type", "bearer"}), "is required"));
  CHECK(contains(refused({"ann", "--type", "clickup"}), "client secret of the app are needed"));
  CHECK(contains(refused({"ann", "--profile", "acme", "--timeout", "soon"}), "duration"));
  CHECK(contains(refused({"ann", "--profile", "acme", "--field", "client_id=x"}), "profiles set"));
}

TEST_CASE("a node that the profile does not allow is a fault of the file, with 4") {
  const Desk desk({"user.*", "task.get"});
  Process process = desk.connect("ann");
  fetch(decide(authorize_url(process)));
  REQUIRE(process.wait().code == 0);
  const std::string good = desk.place.file("good.yaml", workflow("Good", R"(  - id: me
    type: clickup.user.get_me
    credential: ann
)"));
  CHECK(desk.place.engine({"run", good}).code == 0);
  const std::string bad = desk.place.file("bad.yaml", workflow("Bad", R"(  - id: list
    type: clickup.list.get
    credential: ann
    with: { list_id: "901" }
)"));
  const Outcome run = desk.place.engine({"run", bad});
  CHECK(run.code == 4);
  CHECK(
      contains(run.err, "bad.yaml:7:17: The credential 'ann' was made through the profile 'acme'"));
  CHECK(contains(run.err, "'clickup.list.get'"));
  CHECK(desk.place.engine({"profiles", "set", "acme", "--allow-all"}).code == 0);
  CHECK(desk.place.engine({"run", bad}).code == 0);
}

TEST_CASE("profiles are listed, shown and removed; their secrets are never seen") {
  const Desk desk({"task.*"});
  const Value list = parse_json(desk.place.engine({"profiles", "list", "--format", "json"}).out);
  REQUIRE(list.size() == 1);
  CHECK(list[std::size_t{0}]["name"].as_string() == "acme");
  CHECK(print_json(list[std::size_t{0}]["allow"]) == R"(["task.*"])");
  const Outcome shown = desk.place.engine({"profiles", "show", "acme"});
  CHECK(contains(shown.out, "sandbox-client"));
  CHECK(contains(shown.out, "(secret)"));
  CHECK_FALSE(contains(shown.all(), kClientSecret));
  CHECK_FALSE(contains(desk.place.stored_bytes(), kClientSecret));
  CHECK(desk.place.engine({"credentials", "rotate-key"}).code == 0);
  CHECK(desk.place.engine({"profiles", "show", "acme"}).code == 0);
  const Outcome typo = desk.place.engine({"profiles", "set", "acme", "--allow", "tsk.*"});
  CHECK(typo.code == 2);
  CHECK(contains(typo.err, "no operation 'tsk.*'"));
  CHECK(desk.place.engine({"profiles", "remove", "acme"}).code == 0);
  CHECK(desk.place.engine({"profiles", "remove", "acme"}).code == 4);
}

TEST_CASE("a request that was refused for its token names the credential and what to do") {
  const Place place;
  const ClickUp clickup(place);
  clickup.add_credential(place, "old", "pk_was_revoked");
  const std::string flow = place.file("flow.yaml", workflow("Flow", R"(  - id: me
    type: clickup.user.get_me
    credential: old
)"));
  const Outcome run = place.engine({"run", flow});
  CHECK(run.code == 4);
  CHECK(contains(run.err, "engine credentials test old"));
  CHECK_FALSE(contains(run.all(), "pk_was_revoked"));
}

}  // namespace engine::e2e
