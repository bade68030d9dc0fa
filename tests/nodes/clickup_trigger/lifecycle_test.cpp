// The webhook of a trigger: made, reused, repaired, changed, removed; against the sandbox.
#include "tests/nodes/clickup_trigger/stage.h"

namespace engine::clickup::test {
namespace {

constexpr const char* kCreated = R"({"team":"1","events":["taskCreated"]})";

template <typename Action>
Error error_of(Action&& action) {
  try {
    action();
  } catch (const Error& error) {
    return error;
  }
  FAIL("no error");
  return {ErrorCause::bug, "", ""};
}

TEST_CASE("activating makes a webhook whose id and secret are the state") {
  Stage stage;
  Served served(stage.desk, kUrl, R"({"team":"1","events":["taskCreated"],"list":"4"})");
  served.activate();
  const Value hook = stage.hooks()[std::size_t{0}];
  CHECK(stage.hooks().size() == 1);
  CHECK(hook["endpoint"].as_string() == kUrl);
  CHECK(hook["list_id"].as_integer() == 4);
  CHECK(hook["events"][std::size_t{0}].as_string() == "taskCreated");
  CHECK(served.context.stored["id"].as_string() == hook["id"].as_string());
  CHECK(served.context.stored["secret"].as_string() == hook["secret"].as_string());
}

TEST_CASE("an active webhook is reused, also when the state was lost") {
  Stage stage;
  Served served(stage.desk, kUrl, kCreated);
  served.activate();
  const std::string id = served.id();
  served.asked.clear();
  served.activate();
  CHECK(served.asked == std::vector<std::string>{"GET /v2/team/1/webhook"});
  CHECK(served.id() == id);
  served.context.stored = {};
  served.activate();
  CHECK(served.id() == id);
  CHECK(stage.hooks().size() == 1);
}

TEST_CASE("a failing and a suspended webhook are woken") {
  Stage stage;
  Served served(stage.desk, kUrl, kCreated);
  served.activate();
  const std::string id = served.id();
  stage.desk.post("/v2/list/4/task", R"({"name":"nobody listens"})");
  stage.settle();
  CHECK(stage.hooks()[std::size_t{0}]["health"]["status"].as_string() == "failing");
  served.activate();
  CHECK(stage.hooks()[std::size_t{0}]["health"]["status"].as_string() == "active");
  for (int i = 0; i < 100; ++i) stage.desk.post("/v2/list/4/task", R"({"name":"n"})");
  stage.settle();
  CHECK(stage.hooks()[std::size_t{0}]["health"]["status"].as_string() == "suspended");
  served.activate();
  CHECK(stage.hooks()[std::size_t{0}]["health"]["status"].as_string() == "active");
  CHECK(served.id() == id);
  stage.open(served);
  const std::string task = stage.desk.post("/v2/list/4/task", R"({"name":"n"})").text("id");
  stage.settle();
  CHECK(served.started() == std::vector<std::string>{"taskCreated " + task});
}

TEST_CASE("other events change the webhook, another place replaces it") {
  Stage stage;
  Served first(stage.desk, kUrl, kCreated);
  first.activate();
  Served more(stage.desk, kUrl, R"({"team":"1","events":"*"})");
  more.context.stored = first.context.stored;
  more.activate();
  CHECK(more.id() == first.id());
  CHECK(stage.hooks()[std::size_t{0}]["events"][std::size_t{0}].as_string() == "*");
  Served elsewhere(stage.desk, kUrl, R"({"team":"1","events":"*","list":"4"})");
  elsewhere.context.stored = more.context.stored;
  elsewhere.activate();
  CHECK(elsewhere.id() != more.id());
  CHECK(stage.hook_ids() == elsewhere.id());
}

TEST_CASE("a new public URL moves the webhook") {
  Stage stage;
  Served served(stage.desk, kUrl, kCreated);
  served.activate();
  const std::string id = served.id();
  served.context.public_url = "https://new.example/hooks/Flow/trigger";
  served.activate();
  CHECK(stage.hook_ids() == id);
  CHECK(stage.hooks()[std::size_t{0}]["endpoint"].as_string() == served.context.public_url);
}

TEST_CASE("another workspace takes the webhook along") {
  Stage stage;
  stage.desk.token = "pk_two";  // belongs to both
  Served served(stage.desk, kUrl, kCreated);
  served.activate();
  Served other(stage.desk, kUrl, R"({"team":"9","events":["taskCreated"]})");
  other.context.stored = served.context.stored;
  other.activate();
  CHECK(stage.hooks().size() == 0);
  const Value there = stage.desk.get("/v2/team/9/webhook")["webhooks"];
  CHECK(sandbox::test::joined(there, "id") == other.id());
}

TEST_CASE("deactivating deletes the webhook, and one that is gone is no error") {
  Stage stage;
  Served served(stage.desk, kUrl, kCreated);
  served.activate();
  const Value state = served.context.stored;
  served.deactivate();
  CHECK(stage.hooks().size() == 0);
  served.context.stored = state;
  served.deactivate();
  served.deactivate();  // was never active
  CHECK(stage.hooks().size() == 0);
}

TEST_CASE("a webhook deleted behind our back is made again") {
  Stage stage;
  Served served(stage.desk, kUrl, kCreated);
  served.activate();
  const std::string id = served.id();
  stage.desk.del("/v2/webhook/" + id);
  served.activate();
  CHECK(served.id() != id);
  CHECK(stage.hook_ids() == served.id());
}

TEST_CASE("two workflows on one workspace, and one under two names, each have their own") {
  Stage stage;
  Served one(stage.desk, "https://me.example/hooks/One/trigger", kCreated);
  Served two(stage.desk, "https://me.example/hooks/Two/trigger", kCreated);
  one.activate();
  two.activate();
  CHECK(one.id() != two.id());
  stage.open(one);
  stage.open(two);
  const std::string task = stage.desk.post("/v2/list/4/task", R"({"name":"n"})").text("id");
  stage.settle();
  CHECK(one.started() == std::vector<std::string>{"taskCreated " + task});
  CHECK(two.started() == std::vector<std::string>{"taskCreated " + task});
  one.deactivate();
  CHECK(stage.hook_ids() == two.id());
}

TEST_CASE("'already exists' finds the webhook that was made meanwhile") {
  Stage stage;
  Served served(stage.desk, kUrl, kCreated);
  bool made = false;
  const auto through = served.context.answer;
  served.context.answer = [&](const http::Request& request) {
    // Another server, or an earlier try whose answer was lost, comes first.
    if (request.method == "POST" && !std::exchange(made, true)) {
      stage.desk.post("/v2/team/1/webhook", std::get<std::string>(request.body.parts.front()));
    }
    return through(request);
  };
  served.activate();
  CHECK(stage.hook_ids() == served.id());
  CHECK_FALSE(served.context.stored["secret"].as_string().empty());
}

TEST_CASE("'already exists' with nothing listed says whose it may be") {
  Stage stage;
  Served served(stage.desk, kUrl, kCreated);
  served.context.answer = [](const http::Request& request) {
    http::Response response;
    response.status = request.method == "GET" ? 200 : 400;
    response.body = request.method == "GET"
                        ? R"({"webhooks":[]})"
                        : R"({"err":"Webhook configuration already exists","ECODE":"OAUTH_171"})";
    return response;
  };
  const Error error = error_of([&] { served.activate(); });
  CHECK(error.code() == "webhook_taken");
  CHECK(error.message().find("belongs to another user") != std::string::npos);
}

TEST_CASE("a revoked token, a wrong workspace and a failing service are told apart") {
  Stage stage;
  Served served(stage.desk, kUrl, kCreated);
  stage.desk.token = "pk_gone";
  CHECK(error_of([&] { served.activate(); }).cause() == ErrorCause::credential);
  stage.desk.token = "pk_one";
  Served elsewhere(stage.desk, kUrl, R"({"team":"77","events":["taskCreated"]})");
  const Error wrong = error_of([&] { elsewhere.activate(); });
  CHECK(wrong.cause() == ErrorCause::user);
  CHECK(wrong.message().find("OAUTH_023") != std::string::npos);
  served.context.answer = [](const http::Request&) {
    http::Response response;
    response.status = 502;
    response.body = "<html>";
    return response;
  };
  CHECK(error_of([&] { served.activate(); }).cause() == ErrorCause::upstream);
}

TEST_CASE("without a public URL the trigger says what to do") {
  Stage stage;
  Served served(stage.desk, "", kCreated);
  const Error error = error_of([&] { served.activate(); });
  CHECK(error.code() == "no_public_url");
  CHECK(error.message().find("--public-url") != std::string::npos);
  CHECK(error.message().find("mode: poll") != std::string::npos);
  CHECK(served.asked.empty());
}

TEST_CASE("two places are refused, links are read") {
  Stage stage;
  Served two(stage.desk, kUrl, R"({"team":"1","events":"*","space":"2","list":"4"})");
  CHECK(error_of([&] { two.activate(); }).code() == "bad_parameter");
  Served links(stage.desk, kUrl,
               R"({"team":"https://app.clickup.com/1/","events":"*",
                   "list":"https://app.clickup.com/1/v/li/4?pr=2"})");
  links.activate();
  CHECK(stage.hooks()[std::size_t{0}]["list_id"].as_integer() == 4);
}

}  // namespace
}  // namespace engine::clickup::test
