// Goals, views, templates, webhooks, people, attachments.
#include "tests/nodes/clickup_sandbox/support.h"

namespace engine::clickup::sandbox::test {
namespace {

TEST_CASE("a goal is as far as its key results") {
  Desk desk;
  const Value goal = desk.post("/v2/team/1/goal", R"({"name":"Grow"})")["goal"];
  const std::string path = "/v2/goal/" + to_text(goal["id"]);
  const Value result = desk.post(path + "/key_result",
                                 R"({"name":"Sales","type":"number","steps_start":0,"steps_end":10,
                                     "owners":[12]})")["key_result"];
  const std::string result_path = "/v2/key_result/" + to_text(result["id"]);
  CHECK(joined(result["owners"], "id") == "12");
  CHECK(desk.put(result_path,
                 R"({"steps_current":5,"note":"half"})")["key_result"]["percent_completed"]
            .as_number() == 0.5);
  CHECK(desk.get(path)["goal"]["percent_completed"].as_number() == 0.5);
  desk.put(result_path, R"({"steps_current":10})");
  CHECK(desk.get("/v2/team/1/goal?include_completed=false")["goals"].size() == 0);
  CHECK(desk.get("/v2/team/1/goal")["goals"].size() == 1);
  CHECK(desk.put(path, R"({"name":"Grow more","add_owners":[11]})")["goal"]["name"].as_string() ==
        "Grow more");
  CHECK(desk.del(result_path).status == 200);
  CHECK(desk.get(path)["goal"]["key_results"].size() == 0);
  CHECK(desk.del(path).status == 200);
  CHECK(desk.get(path).status == 401);
  CHECK(desk.post("/v2/team/1/goal", R"({"name":""})").status == 400);
}

TEST_CASE("views show the tasks of their place") {
  Desk desk;
  const Value view = desk.post("/v2/list/4/view", R"({"name":"Mine","type":"board",
      "settings":{"me_comments":true}})")["view"];
  const std::string path = "/v2/view/" + to_text(view["id"]);
  CHECK(view["parent"]["id"].as_string() == "4");
  CHECK(view["parent"]["type"].as_integer() == 6);
  CHECK(view["settings"]["me_comments"].as_bool());
  CHECK(joined(desk.get("/v2/list/4/view")["views"], "name") == "Mine");
  CHECK(desk.get("/v2/space/2/view")["views"].size() == 0);
  CHECK(joined(desk.get(path + "/task?page=0")["tasks"], "name") == "Second First");
  CHECK(desk.get(path + "/task").status == 400);
  CHECK(desk.get(path + "/task?page=1")["tasks"].size() == 0);
  CHECK(desk.put(path, R"({"name":"Ours"})")["view"]["settings"]["me_comments"].as_bool());
  CHECK(desk.post(path + "/comment", R"({"comment_text":"chat"})").status == 200);
  CHECK(joined(desk.get(path + "/comment")["comments"], "comment_text") == "chat");
  CHECK(desk.post("/v2/team/1/view", R"({"name":"x","type":"pie"})").status == 400);
  CHECK(desk.del(path).status == 200);
  CHECK(desk.get(path).status == 401);
}

TEST_CASE("templates make tasks, lists and folders") {
  Desk desk{SandboxOptions{}};
  CHECK(joined(desk.get("/v2/team/9001/taskTemplate?page=0")["templates"], "id") == "t-1001");
  CHECK(desk.get("/v2/team/9001/taskTemplate?page=1")["templates"].size() == 0);
  CHECK(desk.get("/v2/team/9001/taskTemplate").status == 400);
  const Reply task = desk.post("/v2/list/906/taskTemplate/t-1001", R"({"name":"From template"})");
  CHECK(desk.get("/v2/task/" + task.text("id")).text("name") == "From template");
  const Reply list = desk.post("/v2/folder/701/list_template/t-1002", R"({"name":"R1"})");
  CHECK(joined(desk.get("/v2/list/" + list.text("id") + "/task?reverse=true")["tasks"], "name") ==
        "Freeze Test Ship");
  const Reply folder = desk.post("/v2/space/802/folder_template/t-1003", R"({"name":"Client X"})");
  CHECK(joined(desk.get("/v2/folder/" + folder.text("id"))["lists"], "name") ==
        "Contract Delivery");
  CHECK(desk.post("/v2/folder/701/list_template/t-1002", "{}").code() == "OAUTH_117");
  CHECK(desk.post("/v2/folder/701/list_template/t-1003", R"({"name":"x"})").status == 401);
}

TEST_CASE("a webhook is made once, listed with its secret, repaired and deleted") {
  Desk desk;
  const std::string body =
      R"({"endpoint":"https://x.example/h","events":["taskCreated"],"list_id":4})";
  const Reply made = desk.post("/v2/team/1/webhook", body);
  REQUIRE(made.status == 200);
  const Value hook = made["webhook"];
  CHECK(hook["list_id"].as_integer() == 4);
  CHECK(hook["task_id"].null());
  CHECK(hook["health"]["status"].as_string() == "active");
  CHECK(hook["secret"].as_string().size() == 64);
  CHECK(desk.post("/v2/team/1/webhook", body).code() == "OAUTH_171");
  const Value listed = desk.get("/v2/team/1/webhook")["webhooks"];
  CHECK(joined(listed, "secret") == to_text(hook["secret"]));
  const std::string path = "/v2/webhook/" + made.text("id");
  CHECK(desk.put(path, R"({"events":"*","status":"active"})")["webhook"]["events"].size() == 1);
  CHECK(desk.post("/v2/team/1/webhook", R"({"endpoint":"x","events":["taskMade"]})").status == 400);
  CHECK(
      desk.post("/v2/team/1/webhook", R"({"endpoint":"x.example","events":["*"],"task_id":"zzz1"})")
          .status == 401);
  desk.token = "pk_two";
  CHECK(desk.get("/v2/team/1/webhook")["webhooks"].size() == 0);
  CHECK(desk.del(path).status == 401);
  desk.token = "pk_one";
  CHECK(desk.del(path).status == 200);
  CHECK(desk.post("/v2/team/1/webhook", body).status == 200);
}

SandboxOptions enterprise() {
  SandboxOptions options = Desk::small();
  const std::size_t plan = options.seed.find("Business");
  options.seed.replace(plan, 8, "Enterprise");
  return options;
}

TEST_CASE("guests and users are for Enterprise alone") {
  Desk desk;
  CHECK(desk.post("/v2/team/1/guest", R"({"email":"g@x.example"})").code() == "TEAM_110");
  CHECK(desk.get("/v2/team/1/user/12").status == 403);
  CHECK(desk.post("/v3/workspaces/1/auditlogs", "{}").status == 403);
  CHECK(desk.patch("/v3/workspaces/1/list/4/acls", "{}").status == 403);
}

TEST_CASE("a guest is invited, shared with and removed") {
  Desk desk(enterprise());
  const Value members =
      desk.post("/v2/team/1/guest", R"({"email":"g@x.example"})")["team"]["members"];
  const std::string id = to_text(members[members.size() - 1]["user"]["id"]);
  const std::string guest = "/guest/" + id;
  CHECK(desk.put("/v2/team/1" + guest, R"({"can_edit_tags":false})")["guest"]["can_edit_tags"]
            .as_bool(true) == false);
  CHECK(desk.post("/v2/list/4" + guest, R"({"permission_level":"all"})").status == 400);
  const Value shared =
      desk.post("/v2/list/4" + guest, R"({"permission_level":"read"})")["guest"]["shared"];
  CHECK(joined(shared["lists"], "name") == "List");
  CHECK(joined(desk.get("/v2/list/4/member")["members"], "id") == "11 12 " + id);
  CHECK(desk.get("/v2/team/1/seats")["guests"]["filled_guest_seats"].as_integer() == 1);
  CHECK(desk.del("/v2/list/4" + guest)["guest"]["shared"]["lists"].size() == 0);
  CHECK(desk.del("/v2/team/1" + guest)["team"]["members"].size() == 2);
  CHECK(desk.get("/v2/team/1" + guest).status == 401);
  CHECK(desk.post("/v2/team/1/guest", R"({"email":"two@x.example"})").status == 400);
}

TEST_CASE("a user is invited, made admin and removed; the owner stays") {
  Desk desk(enterprise());
  CHECK(
      desk.put("/v2/team/1/user/12", R"({"admin":true})")["member"]["user"]["role"].as_integer() ==
      2);
  CHECK(desk.del("/v2/team/1/user/11").status == 400);
  CHECK(desk.del("/v2/team/1/user/12").status == 200);
  CHECK(joined(desk.get("/v2/team")["teams"], "name") == "Small");
  desk.token = "pk_two";
  CHECK(desk.get("/v2/list/4").status == 401);
}

TEST_CASE("groups, roles, types, seats and plan are told") {
  Desk desk;
  const Reply made = desk.post("/v2/team/1/group", R"({"name":"Dev Team","members":[11]})");
  CHECK(made.text("handle") == "devteam");
  const std::string path = "/v2/group/" + made.text("id");
  CHECK(joined(desk.put(path, R"({"members":{"add":[12],"rem":[11]}})")["members"], "id") == "12");
  CHECK(joined(desk.get("/v2/group?team_id=1")["groups"], "name") == "Dev Team");
  CHECK(desk.get("/v2/group").status == 400);
  CHECK(desk.del(path).status == 200);
  CHECK(desk.get("/v2/group?team_id=1")["groups"].size() == 0);
  CHECK(desk.get("/v2/team/1/plan").text("plan_name") == "Business");
  CHECK(desk.get("/v2/team/1/seats")["members"]["filled_members_seats"].as_integer() == 2);
  CHECK(desk.get("/v2/team/1/shared")["shared"]["lists"].size() == 0);
  CHECK(joined(desk.get("/v2/task/aaa1/member")["members"], "id") == "11");
  Desk acme{SandboxOptions{}};
  CHECK(joined(acme.get("/v2/team/9001/custom_item")["custom_items"], "name") == "Bug Campaign");
  CHECK(joined(acme.get("/v2/team/9001/customroles")["custom_roles"], "name") == "Contractor");
}

const char* const kUpload =
    "--B\r\nContent-Disposition: form-data; name=\"attachment\"; filename=\"a b.txt\"\r\n"
    "Content-Type: text/plain\r\n\r\nhello\r\n--not\r\n--B--\r\n";

TEST_CASE("an upload is downloaded as it was, without a token") {
  Desk desk;
  desk.content_type = "multipart/form-data; boundary=B";
  const Reply made = desk.post("/v2/task/aaa1/attachment", kUpload);
  REQUIRE(made.status == 200);
  CHECK(made.text("title") == "a b.txt");
  CHECK(made.text("extension") == "txt");
  const std::string url = made.text("url");
  const std::string base = "http://127.0.0.1:8790";
  REQUIRE(url.rfind(base + "/attachments/", 0) == 0);
  desk.token = "";
  const Reply file = desk.get(url.substr(base.size()));
  CHECK(file.body == "hello\r\n--not");
  CHECK(file.headers.find("Content-Type") == "text/plain");
  desk.token = "pk_one";
  CHECK(joined(desk.get("/v2/task/aaa1")["attachments"], "title") == "a b.txt");
  CHECK(joined(desk.get("/v3/workspaces/1/attachments/aaa1/attachments")["data"], "title") ==
        "a b.txt");
}

TEST_CASE("forms that are broken are refused") {
  Desk desk;
  for (const char* body : {"", "--B", "--B--", "--B\r\n\r\n", "--B\r\nx\r\n--B--",
                           "--B\r\nContent-Disposition: form-data; name=\"x\"\r\n\r\n1\r\n--B--"}) {
    CAPTURE(body);
    desk.content_type = "multipart/form-data; boundary=B";
    CHECK(desk.post("/v2/task/aaa1/attachment", body).code() == "ATTCH_045");
  }
  desk.content_type = "application/json";
  CHECK(desk.post("/v2/task/aaa1/attachment", kUpload).code() == "ATTCH_045");
}

}  // namespace
}  // namespace engine::clickup::sandbox::test
