// What happened while nobody listened, and polling.
#include "core/crypto/digest.h"
#include "core/crypto/encoding.h"
#include "nodes/clickup/sandbox/world/events.h"
#include "tests/nodes/clickup_trigger/stage.h"

namespace engine::clickup::test {
namespace {

using Texts = std::vector<std::string>;

constexpr const char* kCatchUp =
    R"({"team":"1","events":["taskCreated","taskUpdated"],"catch_up":true})";
constexpr std::int64_t kHour = 3'600'000;

TEST_CASE("after an hour of downtime each changed task starts the workflow once") {
  Stage stage;
  Served served(stage.desk, kUrl, kCatchUp);
  stage.tell_time(served);
  served.activate();
  stage.open(served);
  stage.pass(1000);
  stage.desk.put("/v2/task/aaa1", R"({"name":"seen"})");
  stage.settle();
  CHECK(served.started() == Texts{"taskUpdated aaa1"});

  stage.close(served);  // every delivery fails for good
  stage.pass(kHour / 2);
  stage.desk.put("/v2/task/aaa2", R"({"name":"missed"})");
  const std::string task = stage.desk.post("/v2/list/4/task", R"({"name":"new"})").text("id");
  stage.desk.put("/v2/task/" + task, R"({"name":"newer"})");
  stage.settle();
  stage.pass(kHour / 2);

  served.restart();
  stage.open(served);
  stage.tell_time(served);
  served.activate();
  CHECK(stage.hooks()[std::size_t{0}]["health"]["status"].as_string() == "active");
  // Delivered as usual, so it is not to be caught up with.
  stage.pass(1000);
  stage.desk.put("/v2/task/aaa1", R"({"name":"live"})");
  stage.settle();
  CHECK(served.started() == Texts{"taskUpdated aaa1"});
  served.catch_up();
  REQUIRE(served.items().size() == 2);
  CHECK(served.items()[1].json.view()["task"]["name"].as_string() == "newer");
  CHECK(served.started() == Texts{"taskUpdated aaa2", "taskCreated " + task});

  // Another restart has nothing to add.
  served.restart();
  stage.pass(1000);
  stage.tell_time(served);
  served.activate();
  served.catch_up();
  CHECK(served.started().empty());
}

TEST_CASE("a delivery that comes before the activation hides no downtime") {
  Stage stage;
  Served served(stage.desk, kUrl, kCatchUp);
  stage.tell_time(served);
  served.activate();
  stage.pass(kHour);
  stage.desk.put("/v2/task/aaa1", R"({"name":"missed"})");
  stage.settle();
  stage.pass(kHour);
  served.restart();
  stage.open(served);
  stage.desk.put("/v2/task/aaa2", R"({"name":"early"})");
  stage.settle();
  CHECK(served.started() == Texts{"taskUpdated aaa2"});
  stage.pass(1000);
  stage.tell_time(served);
  served.activate();
  // Catching up fails, so that the server activates again.
  const auto through = std::exchange(served.context.answer, [](const http::Request&) {
    http::Response response;
    response.status = 502;
    return response;
  });
  CHECK_THROWS_AS(served.catch_up(), Error);
  served.context.answer = through;
  stage.pass(1000);
  stage.desk.put("/v2/task/aaa2", R"({"name":"live"})");
  stage.settle();
  CHECK(served.started() == Texts{"taskUpdated aaa2"});
  stage.tell_time(served);
  served.activate();
  served.catch_up();
  CHECK(served.started() == Texts{"taskUpdated aaa1"});
}

TEST_CASE("what ClickUp sends again after the downtime was told by catching up") {
  Stage stage;
  Served served(stage.desk, kUrl, kCatchUp);
  stage.tell_time(served);
  served.activate();
  stage.pass(kHour);
  stage.desk.put("/v2/task/aaa1", R"({"name":"missed"})");
  stage.settle();
  served.restart();
  Value late;
  for (const sandbox::Event& event : stage.desk.sandbox.events_since(0)) late = event.payload;
  stage.pass(1000);
  stage.tell_time(served);
  served.activate();
  served.catch_up();
  CHECK(served.started() == Texts{"taskUpdated aaa1"});
  http::ServerRequest request;
  request.body = print_json(late);
  request.headers.add(
      "X-Signature",
      to_hex(hmac_of("sha256", served.context.stored["secret"].as_string(), request.body)));
  CHECK(served.receive(request) == 200);
  CHECK(served.started().empty());
}

TEST_CASE("without catch_up, what happened meanwhile is past") {
  Stage stage;
  Served served(stage.desk, kUrl, R"({"team":"1","events":"*"})");
  stage.tell_time(served);
  served.activate();
  stage.pass(kHour);
  stage.desk.put("/v2/task/aaa1", R"({"name":"missed"})");
  served.restart();
  served.asked.clear();
  served.catch_up();
  CHECK(served.asked.empty());
  CHECK(served.started().empty());
}

constexpr const char* kPoll = R"({"team":"1","events":"*","mode":"poll"})";

TEST_CASE("polling begins with now and gives each change once") {
  Stage stage;
  Served served(stage.desk, "", kPoll);
  stage.tell_time(served);
  served.poll();
  CHECK(served.asked.empty());
  CHECK(served.started().empty());
  stage.pass(10'000);
  stage.desk.put("/v2/task/aaa1", R"({"status":"shut"})");
  const std::string task = stage.desk.post("/v2/list/5/task", R"({"name":"n"})").text("id");
  served.poll();
  CHECK(served.items()[0].json.view()["task"]["status"]["status"].as_string() == "shut");
  CHECK(served.started() == Texts{"taskUpdated aaa1", "taskCreated " + task});
  served.poll();
  CHECK(served.started().empty());
  stage.pass(1000);
  stage.desk.put("/v2/task/" + task, R"({"name":"m"})");
  served.poll();
  CHECK(served.started() == Texts{"taskUpdated " + task});
}

TEST_CASE("polling keeps to its place and its events") {
  Stage stage;
  Served list(stage.desk, "", R"({"team":"1","events":"*","mode":"poll","list":"5"})");
  Served one(stage.desk, "", R"({"team":"1","events":"*","mode":"poll","task":"aaa2"})");
  Served created(stage.desk, "", R"({"team":"1","events":"taskCreated","mode":"poll"})");
  for (Served* served : {&list, &one, &created}) {
    stage.tell_time(*served);
    served->poll();
  }
  stage.pass(10'000);
  stage.desk.put("/v2/task/aaa1", R"({"name":"a"})");
  stage.desk.put("/v2/task/aaa2", R"({"name":"b"})");
  const std::string task = stage.desk.post("/v2/list/5/task", R"({"name":"n"})").text("id");
  for (Served* served : {&list, &one, &created}) served->poll();
  CHECK(list.started() == Texts{"taskCreated " + task});
  CHECK(one.started() == Texts{"taskUpdated aaa2"});
  CHECK(created.started() == Texts{"taskCreated " + task});
}

TEST_CASE("more tasks than a page are all there") {
  Stage stage;
  Served served(stage.desk, "", kPoll);
  stage.tell_time(served);
  served.poll();
  stage.pass(10'000);
  for (int i = 0; i < 230; ++i) {
    stage.pass(1);
    stage.desk.post("/v2/list/5/task", R"({"name":"n"})");
  }
  served.poll();
  CHECK(served.started().size() == 230);
  CHECK(served.asked.size() == 3);
}

TEST_CASE("polling refuses what only webhooks can tell") {
  Stage stage;
  for (const char* with : {R"({"team":"1","events":"taskMoved","mode":"poll"})",
                           R"({"team":"1","events":"*","mode":"poll","fields":"status"})",
                           R"({"team":"1","events":"*","mode":"poll","ignore_own":true})"}) {
    Served served(stage.desk, "", with);
    CHECK_THROWS_AS(served.poll(), Error);
  }
}

}  // namespace
}  // namespace engine::clickup::test
