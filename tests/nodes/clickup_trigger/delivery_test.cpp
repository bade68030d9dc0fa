// What a trigger makes of deliveries: genuine ones start the workflow, once, if they are wanted.
#include "nodes/clickup/delivery.h"

#include "core/crypto/digest.h"
#include "core/crypto/encoding.h"
#include "nodes/clickup/events.h"
#include "nodes/clickup/sandbox/world/events.h"
#include "tests/nodes/clickup_trigger/stage.h"
#include "tests/support/fake_context.h"

namespace engine::clickup::test {
namespace {

using Texts = std::vector<std::string>;

http::ServerRequest signed_with(std::string_view secret, const std::string& body) {
  http::ServerRequest request;
  request.method = "POST";
  request.body = body;
  request.headers.add("X-Signature", to_hex(hmac_of("sha256", secret, body)));
  return request;
}

/// What a workflow with these parameters hears of a change to the sandbox.
Texts heard(const char* with, const char* method, const char* target, const char* body) {
  Stage stage;
  Served served(stage.desk, kUrl, with);
  served.activate();
  stage.open(served);
  CHECK(stage.desk.ask(method, target, body).status < 300);
  stage.settle();
  for (const int status : stage.board.statuses) CHECK(status == 200);
  return served.started();
}

TEST_CASE("the events are those of the vendor") {
  Texts names;
  for (const EventKind& event : event_kinds()) names.emplace_back(event.name);
  CHECK(names == sandbox::event_names());
}

TEST_CASE("a delivery starts the workflow with its body") {
  Stage stage;
  Served served(stage.desk, kUrl, R"({"team":"1","events":["taskStatusUpdated"]})");
  served.activate();
  stage.open(served);
  stage.desk.put("/v2/task/aaa1", R"({"status":"doing"})");
  stage.settle();
  REQUIRE(served.items().size() == 1);
  const View json = served.items()[0].json.view();
  CHECK(json["event"].as_string() == "taskStatusUpdated");
  CHECK(json["task_id"].as_string() == "aaa1");
  CHECK(json["history_items"][std::size_t{0}]["after"]["status"].as_string() == "doing");
}

TEST_CASE("a wrong signature is answered 403, never what would suspend the webhook") {
  Stage stage;
  Served served(stage.desk, kUrl, R"({"team":"1","events":"*"})");
  const std::string body = R"({"event":"taskDeleted","task_id":"aaa1","webhook_id":"w"})";
  CHECK(served.receive(signed_with("", body)) == 503);  // not registered yet
  served.activate();
  const std::string secret(served.context.stored["secret"].as_string());
  CHECK(served.receive(signed_with("guess", body)) == 403);
  http::ServerRequest bare;
  bare.body = body;
  CHECK(served.receive(bare) == 403);
  http::ServerRequest changed = signed_with(secret, body);
  changed.body += " ";
  CHECK(served.receive(changed) == 403);
  CHECK(served.started().empty());
  CHECK(served.receive(signed_with(secret, body)) == 200);
  CHECK(served.started() == Texts{"taskDeleted aaa1"});
}

TEST_CASE("a genuine delivery that is no JSON object is answered 400") {
  Stage stage;
  Served served(stage.desk, kUrl, R"({"team":"1","events":"*"})");
  served.activate();
  const std::string secret(served.context.stored["secret"].as_string());
  for (const char* body : {"", "{", "[]", "7", "\"x\"", "{\"a\":\xff}"}) {
    CHECK(served.receive(signed_with(secret, body)) == 400);
  }
  // Members of the wrong kind are not events that anybody asked for by name.
  CHECK(served.receive(signed_with(secret, R"({"event":7,"history_items":{"a":1}})")) == 200);
}

TEST_CASE("a delivery that is sent again has the same key") {
  const Value moved = parse_json(
      R"({"event":"taskMoved","webhook_id":"w","task_id":"t","history_items":[{"id":"7"}]})");
  CHECK(dedupe_key(moved) == "w:taskMoved:7");
  const Value removed = parse_json(R"({"event":"taskDeleted","webhook_id":"w","task_id":"t"})");
  CHECK(dedupe_key(removed) == "w:taskDeleted:t");
  const Value target = parse_json(
      R"({"event":"keyResultCreated","webhook_id":"w","goal_id":"g","key_result_id":"k"})");
  CHECK(dedupe_key(target) == "w:keyResultCreated:k");
  // Nothing tells two of these apart, and none may be lost.
  CHECK(dedupe_key(parse_json(R"({"event":"spaceUpdated","webhook_id":"w","space_id":"s"})")) ==
        "");
}

TEST_CASE("paired events with one history id are two") {
  const Texts all = heard(R"({"team":"1","events":["taskUpdated","taskPriorityUpdated"]})", "PUT",
                          "/v2/task/aaa1", R"({"priority":1})");
  CHECK(all.size() == 2);
}

TEST_CASE("only changes of the wanted fields start the workflow") {
  const auto with = [](const char* fields) {
    return R"({"team":"1","events":["taskUpdated","taskCreated"],"fields":)" + std::string(fields) +
           "}";
  };
  const auto name = [](const std::string& given) {
    return heard(given.c_str(), "PUT", "/v2/task/aaa1", R"({"name":"n"})").size();
  };
  CHECK(name(with(R"(["name"])")) == 1);
  CHECK(name(with(R"(["status","priority"])")) == 0);
  CHECK(
      heard(with(R"("assignee")").c_str(), "PUT", "/v2/task/aaa1", R"({"assignees":{"rem":[11]}})")
          .size() == 1);
  CHECK(heard(with(R"("status")").c_str(), "POST", "/v2/list/4/task", R"({"name":"n"})").size() ==
        1);
}

TEST_CASE("custom fields are wanted by name or id") {
  const auto level = [](const char* fields) {
    const std::string with =
        R"({"team":"1","events":"taskUpdated","fields":)" + std::string(fields) + "}";
    return heard(with.c_str(), "POST", "/v2/task/aaa1/field/f-drop", R"({"value":"o-low"})").size();
  };
  CHECK(level(R"(["level"])") == 1);
  CHECK(level(R"(["f-drop"])") == 1);
  CHECK(level(R"(["Note"])") == 0);
}

TEST_CASE("ignore_own leaves out what the credential's user did") {
  const char* with = R"({"team":"1","events":"taskUpdated","ignore_own":true})";
  CHECK(heard(with, "PUT", "/v2/task/aaa1", R"({"name":"n"})").empty());
  Stage stage;
  Served served(stage.desk, kUrl, with);
  served.activate();
  CHECK(served.context.stored["user"].as_integer() == 11);
  stage.open(served);
  stage.desk.token = "pk_two";
  stage.desk.put("/v2/task/aaa1", R"({"name":"n"})");
  stage.settle();
  CHECK(served.started() == Texts{"taskUpdated aaa1"});
}

TEST_CASE("include_task adds the task, or null when it is gone") {
  sandbox::test::Desk desk;
  const NodeType type = trigger();
  engine::test::FakeContext context(type,
                                    parse_json(R"({"team":"1","events":"*","include_task":true})"));
  for (const char* id : {"aaa1", "gone"}) {
    const sandbox::test::Reply reply = desk.get("/v2/task/" + std::string(id));
    http::Response response;
    response.status = reply.status;
    response.body = reply.body;
    context.responses.push_back(std::move(response));
  }
  Items items;
  for (const char* id : {"aaa1", "gone"}) {
    items.push_back({Value::object({{"event", "taskUpdated"}, {"task_id", id}}), {}, Origin()});
  }
  items.push_back({Value::object({{"event", "listDeleted"}, {"list_id", "4"}}), {}, Origin()});
  context.inputs = {items};
  const NodeResult result = type.node->run(context);
  REQUIRE(result.outputs.size() == 1);
  REQUIRE(result.outputs[0].size() == 3);
  REQUIRE(context.requests.size() == 2);
  CHECK(context.requests[0].url ==
        "https://api.clickup.com/api/v2/task/aaa1?include_markdown_description=true");
  CHECK(result.outputs[0][0].json.view()["task"]["name"].as_string() == "First");
  CHECK(result.outputs[0][1].json.view()["task"].null());
  CHECK(result.outputs[0][2].json.view()["task"].missing());
}

}  // namespace
}  // namespace engine::clickup::test
