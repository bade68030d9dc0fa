// Tokens, rate limits, faults, and the default seed.
#include "core/base/error.h"
#include "nodes/clickup/sandbox/world/events.h"
#include "tests/nodes/clickup_sandbox/support.h"

namespace engine::clickup::sandbox::test {
namespace {

TEST_CASE("a personal token is sent bare") {
  Desk desk;
  CHECK(desk.get("/v2/user")["user"]["id"].as_integer() == 11);
  desk.token = "Bearer pk_one";
  CHECK(desk.get("/v2/user").status == 401);
  CHECK(desk.get("/v2/user").code() == "OAUTH_025");
}

TEST_CASE("a missing token and an unknown one are told apart") {
  Desk desk;
  desk.token = "pk_unknown";
  CHECK(desk.get("/v2/user").code() == "OAUTH_025");
  CHECK(desk.get("/v2/user").text("err") == "Token invalid");
  desk.token = "";
  CHECK(desk.get("/v2/user").status == 401);
  CHECK(desk.get("/v2/user").code() == "OAUTH_017");
}

TEST_CASE("both base paths work") {
  Desk desk;
  CHECK(desk.get("/api/v2/user").status == 200);
  CHECK(desk.get("/v2/user").status == 200);
}

TEST_CASE("a token sees the workspaces of its user") {
  Desk desk;
  CHECK(joined(desk.get("/v2/team")["teams"], "name") == "Small");
  desk.token = "pk_two";
  CHECK(joined(desk.get("/v2/team")["teams"], "name") == "Small Elsewhere");
  CHECK(desk.get("/v2/task/zzz1").text("name") == "Secret");
}

TEST_CASE("without a rate limit the headers tell of a budget that lasts") {
  Desk desk;
  for (int i = 0; i < 300; ++i) CHECK(desk.get("/v2/user").status == 200);
  const Reply reply = desk.get("/v2/user");
  CHECK(reply.headers.find("X-RateLimit-Limit") == "10000");
  CHECK(reply.headers.find("X-RateLimit-Remaining") == "9999");
  CHECK(reply.headers.find("X-RateLimit-Reset") == std::to_string(desk.clock.ms / 1000 + 60));
}

TEST_CASE("over the rate limit a token waits for its next minute") {
  SandboxOptions options = Desk::small();
  options.rate_limit = 2;
  Desk desk(std::move(options));
  CHECK(desk.get("/v2/user").headers.find("X-RateLimit-Remaining") == "1");
  desk.clock.ms += 10'000;
  CHECK(desk.get("/v2/user").headers.find("X-RateLimit-Remaining") == "0");
  const Reply refused = desk.get("/v2/user");
  CHECK(refused.status == 429);
  CHECK(refused.body == R"({"err":"Rate limit reached","ECODE":"APP_002"})");
  CHECK(refused.headers.find("X-RateLimit-Limit") == "2");
  CHECK(refused.headers.find("X-RateLimit-Reset") ==
        std::to_string((desk.clock.ms - 10'000) / 1000 + 60));
  desk.token = "pk_two";
  CHECK(desk.get("/v2/user").status == 200);
  desk.token = "pk_one";
  desk.clock.ms += 50'000;
  CHECK(desk.get("/v2/user").status == 200);
}

SandboxOptions with_fault(const char* fault) {
  SandboxOptions options = Desk::small();
  options.faults = {fault};
  return options;
}

TEST_CASE("a status fault answers without doing anything") {
  Desk desk(with_fault("POST /v2/list/*/task:503:1"));
  CHECK(desk.post("/api/v2/list/4/task", R"({"name":"x"})").status == 503);
  CHECK(desk.get("/v2/list/4/task")["tasks"].size() == 2);
}

TEST_CASE("a latency fault answers late") {
  SandboxOptions options = with_fault("* /v2/user:1500ms:1");
  Milliseconds waited{0};
  options.pause = [&](Milliseconds duration) { waited += duration; };
  Desk desk(std::move(options));
  CHECK(desk.get("/v2/user").status == 200);
  CHECK(desk.get("/v2/team").status == 200);
  CHECK(waited.count() == 1500);
}

TEST_CASE("truncate and garbage faults spoil the answer of what was done") {
  Desk cut(with_fault("POST /v2/list/4/task:truncate:1"));
  http::ServerRequest request;
  request.method = "POST";
  request.path = "/v2/list/4/task";
  request.body = R"({"name":"x"})";
  request.headers.add("Authorization", "pk_one");
  const http::ServerResponse response = cut.sandbox.handle(request);
  CHECK(response.cut_after == response.body.size() / 2);
  CHECK(cut.get("/v2/list/4/task")["tasks"].size() == 3);
  Desk garbage(with_fault("GET /v2/user:garbage:1"));
  const Reply reply = garbage.get("/v2/user");
  CHECK(reply.status == 200);
  CHECK(reply.json.missing());
}

TEST_CASE("a fault strikes about as often as it says") {
  Desk desk(with_fault("GET /v2/user:500:0.25"));
  int struck = 0;
  for (int i = 0; i < 400; ++i) struck += desk.get("/v2/user").status == 500 ? 1 : 0;
  CHECK(struck > 60);
  CHECK(struck < 140);
}

TEST_CASE("faults that cannot be read say how they are written") {
  for (const char* text : {"", "POST", "POST /x", "POST /x:500", "POST /x:500:2", "POST /x:7:1",
                           "POST /x:soon:1", ":500:1", "POST :500:1", "::", " ::"}) {
    CAPTURE(text);
    CHECK_THROWS_WITH_AS(Desk{with_fault(text)}, doctest::Contains("METHOD PATH:WHAT"), Error);
  }
}

TEST_CASE("seeds that cannot be used say why") {
  const auto plant = [](const char* seed) {
    SandboxOptions options;
    options.seed = seed;
    Desk desk(std::move(options));
  };
  CHECK_THROWS_AS(plant("{"), Error);
  CHECK_THROWS_WITH_AS(plant("{}"), doctest::Contains("workspaces"), Error);
  CHECK_THROWS_WITH_AS(plant(R"({"workspaces":[{"id":"1"}]})"), doctest::Contains("'name'"), Error);
  CHECK_THROWS_WITH_AS(plant(R"({"workspaces":[{"id":"1","name":"a"},{"id":"1","name":"b"}]})"),
                       doctest::Contains("twice"), Error);
  CHECK_THROWS_WITH_AS(
      plant(R"({"workspaces":[{"name":"a","spaces":[{"name":"s","lists":[{"name":"l",
               "tasks":[{"name":"t","status":"gone"}]}]}]}]})"),
      doctest::Contains("no status 'gone'"), Error);
}

TEST_CASE("the default seed is the same every time") {
  Desk a{SandboxOptions{}};
  Desk b{SandboxOptions{}};
  for (const char* target : {"/v2/list/901/task", "/v2/team/9001/space", "/v2/space/801/folder",
                             "/v2/list/906/field", "/v2/team"}) {
    CAPTURE(target);
    CHECK(a.get(target).body == b.get(target).body);
  }
}

TEST_CASE("the default seed has what the examples need") {
  Desk desk{SandboxOptions{}};
  CHECK(desk.get("/v2/user")["user"]["id"].as_integer() == 101);
  CHECK(joined(desk.get("/v2/team")["teams"], "id") == "9001");
  CHECK(joined(desk.get("/v2/team/9001/space")["spaces"], "id") == "801 802");
  CHECK(joined(desk.get("/v2/folder/701/list")["lists"], "id") == "901 902 903");
  CHECK(joined(desk.get("/v2/folder/702/list")["lists"], "id") == "904 905");
  CHECK(joined(desk.get("/v2/space/802/list")["lists"], "id") == "906");
  const std::string week = std::to_string(desk.clock.ms - 7LL * 86'400'000);
  CHECK(desk.get("/v2/team/9001/task?date_updated_gt=" + week)["tasks"].size() == 100);
  std::size_t unassigned = 0;
  const Reply bugs = desk.get("/v2/list/901/task?tags[]=bug&statuses[]=new");
  for (const View task : bugs["tasks"].elements()) unassigned += task["assignees"].size() == 0;
  CHECK(unassigned > 5);
  desk.token = kSecondToken;
  CHECK(desk.get("/v2/user")["user"]["id"].as_integer() == 103);
}

TEST_CASE("events are told with their place, and in order") {
  std::vector<std::string> heard;
  SandboxOptions options = Desk::small();
  options.on_event = [&](const Event& event) { heard.push_back(event.name); };
  Desk desk(std::move(options));
  desk.post("/v2/list/4/task", R"({"name":"New"})");
  CHECK(heard == std::vector<std::string>{"taskCreated", "taskStatusUpdated"});
  desk.put("/v2/task/aaa1", R"({"status":"doing"})");
  const auto events = desk.sandbox.events_since(2);
  REQUIRE(events.size() == 2);
  CHECK(events[0].name == "taskStatusUpdated");
  CHECK(events[1].name == "taskUpdated");
  CHECK(events[0].place.list_id == "4");
  CHECK(events[0].place.folder_id == "3");
  CHECK(events[0].place.space_id == "2");
  const Value item = events[0].payload["history_items"][std::size_t{0}];
  CHECK(item["field"].as_string() == "status");
  CHECK(item["before"]["status"].as_string() == "to do");
  CHECK(item["after"]["status"].as_string() == "doing");
  CHECK(item["user"]["id"].as_integer() == 11);
  CHECK(item["parent_id"].as_string() == "4");
  CHECK(events[1].payload["history_items"].equals(events[0].payload["history_items"]));
}

}  // namespace
}  // namespace engine::clickup::sandbox::test
