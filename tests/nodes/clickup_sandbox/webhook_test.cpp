// Webhooks as they are delivered: signature, tries, health, who hears of what.
#include <algorithm>

#include "nodes/clickup/sandbox/delivery/post_office.h"
#include "nodes/clickup/sandbox/delivery/subscription.h"
#include "tests/nodes/clickup_sandbox/mailbox.h"
#include "tests/nodes/clickup_sandbox/support.h"

namespace engine::clickup::sandbox::test {
namespace {

/// A sandbox with an address that listens.
class Post {
 public:
  Post() : desk(options(mailbox)) {}

  static SandboxOptions options(Mailbox& mailbox) {
    SandboxOptions given = Desk::small();
    given.client = &mailbox;
    given.webhook_retry = Milliseconds(0);
    return given;
  }

  /// Members of the body beside the endpoint; gives the webhook.
  Value hook(const std::string& members) {
    return desk.post("/v2/team/1/webhook",
                     R"({"endpoint":"http://me.example/h",)" + members + "}")["webhook"];
  }
  Value listed() { return desk.get("/v2/team/1/webhook")["webhooks"][std::size_t{0}]; }
  std::string health() {
    const Value state = listed()["health"];
    return std::string(state["status"].as_string()) + " " + to_text(state["fail_count"]);
  }

  std::vector<Mailbox::Mail> delivered() {
    desk.sandbox.wait_until_delivered();
    return mailbox.take();
  }
  /// Sorted, because the order is not promised.
  std::string names() {
    std::vector<std::string> events;
    for (const auto& mail : delivered()) events.emplace_back(mail.json["event"].as_string());
    std::sort(events.begin(), events.end());
    std::string text;
    for (const std::string& one : events) text += (text.empty() ? "" : " ") + one;
    return text;
  }

  Mailbox mailbox;
  Desk desk;
};

TEST_CASE("a delivery is signed over its bytes with the webhook's secret") {
  Post post;
  const Value hook = post.hook(R"("events":["taskStatusUpdated"])");
  post.desk.put("/v2/task/aaa1", R"({"status":"doing"})");
  const auto mails = post.delivered();
  REQUIRE(mails.size() == 1);
  CHECK(mails[0].url == "http://me.example/h");
  CHECK(mails[0].timeout == Milliseconds(7000));
  CHECK(mails[0].signature == to_hex(hmac_of("sha256", hook["secret"].as_string(), mails[0].body)));
  const Value& body = mails[0].json;
  CHECK(body["webhook_id"].as_string() == hook["id"].as_string());
  CHECK(body["task_id"].as_string() == "aaa1");
  CHECK(body["team_id"].as_string() == "1");
  CHECK(body["history_items"][std::size_t{0}]["field"].as_string() == "status");
}

TEST_CASE("paired events travel apart and share the history id") {
  Post post;
  post.hook(R"("events":"*")");
  post.desk.put("/v2/task/aaa1", R"({"priority":1})");
  const auto mails = post.delivered();
  REQUIRE(mails.size() == 2);
  const auto id = [&](std::size_t i) {
    return std::string(mails[i].json["history_items"][std::size_t{0}]["id"].as_string());
  };
  CHECK(id(0) == id(1));
  CHECK(mails[0].json["event"].as_string() != mails[1].json["event"].as_string());
}

TEST_CASE("an event is tried five times, then it counts as one failure") {
  Post post;
  post.hook(R"("events":["taskDeleted"])");
  post.mailbox.status = 500;
  post.desk.del("/v2/task/aaa1");
  CHECK(post.delivered().size() == 5);
  CHECK(post.health() == "failing 1");
  post.mailbox.status = 0;
  post.desk.del("/v2/task/aaa2");
  CHECK(post.delivered().size() == 5);
  CHECK(post.health() == "failing 2");
}

TEST_CASE("a success makes a failing webhook active") {
  Post post;
  post.hook(R"("events":["taskUpdated"])");
  post.mailbox.status = 302;
  post.desk.put("/v2/task/aaa1", R"({"name":"a"})");
  CHECK(post.delivered().size() == 5);
  CHECK(post.health() == "failing 1");
  post.mailbox.status = 204;
  post.desk.put("/v2/task/aaa1", R"({"name":"b"})");
  CHECK(post.delivered().size() == 1);
  CHECK(post.health() == "active 0");
}

TEST_CASE("401 and 410 suspend at once, and only an update wakes the webhook") {
  for (const int status : {401, 410}) {
    Post post;
    const Value hook = post.hook(R"("events":["taskUpdated"])");
    post.mailbox.status = status;
    post.desk.put("/v2/task/aaa1", R"({"name":"a"})");
    CHECK(post.delivered().size() == 1);
    CHECK(post.health() == "suspended 1");
    post.mailbox.status = 200;
    post.desk.put("/v2/task/aaa1", R"({"name":"b"})");
    CHECK(post.delivered().empty());
    const std::string path = "/v2/webhook/" + std::string(hook["id"].as_string());
    CHECK(post.desk.put(path, R"({"status":"active"})").status == 200);
    CHECK(post.health() == "active 0");
    post.desk.put("/v2/task/aaa1", R"({"name":"c"})");
    CHECK(post.delivered().size() == 1);
  }
}

TEST_CASE("the hundredth failure suspends") {
  Webhook hook;
  for (int i = 0; i < 99; ++i) settle(hook, Outcome::failed);
  CHECK(hook.status == "failing");
  settle(hook, Outcome::failed);
  CHECK(hook.status == "suspended");
  CHECK(hook.fail_count == 100);
  settle(hook, Outcome::delivered);
  CHECK(hook.status == "suspended");
}

TEST_CASE("the narrowest location decides what a webhook hears") {
  struct Row {
    const char* location;
    const char* heard;  ///< of a change to the first task, the list "Loose" and the space
  };
  for (const Row& row :
       {Row{"", "listUpdated spaceUpdated taskUpdated"},
        Row{R"(,"space_id":2)", "listUpdated spaceUpdated taskUpdated"},
        Row{R"(,"folder_id":3)", "taskUpdated"}, Row{R"(,"list_id":4)", "taskUpdated"},
        Row{R"(,"list_id":5)", "listUpdated"}, Row{R"(,"task_id":"aaa1")", "taskUpdated"},
        Row{R"(,"task_id":"aaa2")", ""}, Row{R"(,"space_id":2,"list_id":5)", "listUpdated"}}) {
    CAPTURE(row.location);
    Post post;
    post.hook(R"("events":"*")" + std::string(row.location));
    post.desk.put("/v2/task/aaa1", R"({"name":"a"})");
    post.desk.put("/v2/list/5", R"({"name":"b"})");
    post.desk.put("/v2/space/2", R"({"name":"c"})");
    CHECK(post.names() == row.heard);
  }
}

TEST_CASE("deleted webhooks and those of people who left stay silent") {
  Post post;
  const Value hook = post.hook(R"("events":"*")");
  post.desk.del("/v2/webhook/" + std::string(hook["id"].as_string()));
  post.desk.put("/v2/task/aaa1", R"({"name":"a"})");
  CHECK(post.delivered().empty());
  World world(post.desk.clock, post.desk.random);
  Team team;
  team.id = "1";
  world.teams.add(team);
  Webhook theirs;
  theirs.team_id = "1";
  theirs.user = 11;
  CHECK_FALSE(is_awake(world, theirs));
}

TEST_CASE("every change tells its events") {
  struct Row {
    const char* method;
    const char* target;
    const char* body;
    const char* heard;
  };
  const Row rows[] = {
      {"POST", "/v2/list/4/task", R"({"name":"n"})", "taskCreated taskStatusUpdated"},
      {"PUT", "/v2/task/aaa1", R"({"name":"n"})", "taskUpdated"},
      {"DELETE", "/v2/task/aaa1", "", "taskDeleted"},
      {"PUT", "/v2/task/aaa1", R"({"priority":1})", "taskPriorityUpdated taskUpdated"},
      {"PUT", "/v2/task/aaa1", R"({"status":"doing"})", "taskStatusUpdated taskUpdated"},
      {"PUT", "/v2/task/aaa1", R"({"assignees":{"add":[12]}})", "taskAssigneeUpdated taskUpdated"},
      {"PUT", "/v2/task/aaa1", R"({"due_date":null})", "taskDueDateUpdated taskUpdated"},
      {"POST", "/v2/task/aaa1/tag/docs", "", "taskTagUpdated taskUpdated"},
      {"PUT", "/v3/workspaces/1/tasks/aaa1/home_list/5", "{}",
       "spaceUpdated taskMoved taskUpdated"},
      {"POST", "/v2/task/aaa1/comment", R"({"comment_text":"c"})", "taskCommentPosted taskUpdated"},
      {"PUT", "/v2/task/aaa1", R"({"time_estimate":60000})", "taskTimeEstimateUpdated taskUpdated"},
      {"POST", "/v2/team/1/time_entries", R"({"tid":"aaa1","start":1,"duration":5})",
       "taskTimeTrackedUpdated taskUpdated"},
      {"POST", "/v2/task/aaa1/field/f-number", R"({"value":5})", "taskUpdated"},
      {"POST", "/v2/folder/3/list", R"({"name":"n"})", "listCreated spaceUpdated"},
      {"PUT", "/v2/list/4", R"({"name":"n"})", "listUpdated"},
      {"DELETE", "/v2/list/4", "", "listDeleted"},
      {"POST", "/v2/space/2/folder", R"({"name":"n"})", "folderCreated"},
      {"PUT", "/v2/folder/3", R"({"name":"n"})", "folderUpdated"},
      {"DELETE", "/v2/folder/3", "", "folderDeleted listDeleted spaceUpdated"},
      {"POST", "/v2/team/1/space", R"({"name":"n"})", "listCreated spaceCreated spaceUpdated"},
      {"PUT", "/v2/space/2", R"({"name":"n"})", "spaceUpdated"},
      {"DELETE", "/v2/space/2", "", "listDeleted listDeleted spaceDeleted"},
      {"POST", "/v2/team/1/goal", R"({"name":"n"})", "goalCreated"},
  };
  for (const Row& row : rows) {
    CAPTURE(row.method);
    CAPTURE(row.target);
    Post post;
    post.hook(R"("events":"*")");
    CHECK(post.desk.ask(row.method, row.target, row.body).status < 300);
    CHECK(post.names() == row.heard);
  }
}

TEST_CASE("changes of what was made just now tell their events") {
  Post post;
  post.hook(R"("events":["taskCommentUpdated","goalUpdated","goalDeleted","keyResultCreated",)"
            R"("keyResultUpdated","keyResultDeleted"])");
  const std::string comment =
      to_text(post.desk.post("/v2/task/aaa1/comment", R"({"comment_text":"c"})")["id"]);
  CHECK(post.names().empty());
  post.desk.put("/v2/comment/" + comment, R"({"resolved":true})");
  CHECK(post.names() == "taskCommentUpdated");
  const std::string goal =
      std::string(post.desk.post("/v2/team/1/goal", R"({"name":"g"})")["goal"]["id"].as_string());
  const Reply made = post.desk.post(
      "/v2/goal/" + goal + "/key_result",
      R"({"name":"k","type":"number","owners":[],"steps_start":0,"steps_end":9,"unit":"x",
          "task_ids":[],"list_ids":[]})");
  const std::string target(made["key_result"]["id"].as_string());
  CHECK(post.names() == "keyResultCreated");
  post.desk.put("/v2/key_result/" + target, R"({"steps_current":3})");
  const auto updated = post.delivered();
  REQUIRE(updated.size() == 1);
  CHECK(updated[0].json["goal_id"].as_string() == goal);
  CHECK(updated[0].json["key_result_id"].as_string() == target);
  CHECK(updated[0].json["history_items"].size() == 0);
  post.desk.del("/v2/key_result/" + target);
  CHECK(post.names() == "keyResultDeleted");
  post.desk.put("/v2/goal/" + goal, R"({"name":"h"})");
  CHECK(post.names() == "goalUpdated");
  post.desk.del("/v2/goal/" + goal);
  CHECK(post.names() == "goalDeleted");
}

TEST_CASE("histories show changes as the service does") {
  Post post;
  post.hook(R"("events":["taskUpdated","taskCommentPosted","taskTimeTrackedUpdated"])");
  const auto item = [&] {
    const auto mails = post.delivered();
    REQUIRE(mails.size() >= 1);
    return mails[0].json["history_items"][std::size_t{0}];
  };
  post.desk.put("/v2/task/aaa1", R"({"description":"Hi"})");
  CHECK(item()["after"].as_string() == R"({"ops":[{"insert":"Hi\n"}]})");
  post.desk.post("/v2/task/aaa1/field/f-drop", R"({"value":"o-high"})");
  const Value field = item();
  CHECK(field["field"].as_string() == "custom_field");
  CHECK(field["after"].as_string() == "o-high");
  CHECK(field["custom_field"]["name"].as_string() == "Level");
  const std::string comment =
      to_text(post.desk.get("/v2/task/aaa1/comment")["comments"][std::size_t{0}]["id"]);
  post.desk.post("/v2/comment/" + comment + "/reply", R"({"comment_text":"Well"})");
  const Value reply = item();
  CHECK(reply["comment"]["text_content"].as_string() == "Well");
  CHECK(reply["parent_comment"].as_string() == comment);
  post.desk.post("/v2/team/1/time_entries", R"({"tid":"aaa1","start":1,"duration":5})");
  for (const auto& mail : post.delivered()) {
    if (mail.json["event"].as_string() != "taskTimeTrackedUpdated") continue;
    CHECK(mail.json["data"]["description"].as_string() == "Time Tracking Created");
    CHECK(mail.json["history_items"][std::size_t{0}]["data"]["total_time"].as_string() == "5");
  }
}

/// Answers only when it is told to stop.
class Silence final : public http::Client {
 public:
  http::Response send(const http::Request&, const Cancellation& cancellation) override {
    cancellation.wait_for(Milliseconds(600'000));
    cancellation.check();
    return {};
  }
};

TEST_CASE("a sandbox ends while deliveries are under way") {
  Silence silence;
  SandboxOptions options = Desk::small();
  options.client = &silence;
  Desk desk(std::move(options));
  desk.post("/v2/team/1/webhook", R"({"endpoint":"http://me.example/h","events":"*"})");
  for (int i = 0; i < 20; ++i) {
    CHECK(desk.post("/v2/list/4/task", R"({"name":"n"})").status == 200);
  }
}

}  // namespace
}  // namespace engine::clickup::sandbox::test
