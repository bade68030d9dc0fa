// What is refused, in the words of the service: a table of requests and answers.
#include "tests/nodes/clickup_sandbox/support.h"

namespace engine::clickup::sandbox::test {
namespace {

struct Case {
  const char* what;
  const char* method;
  const char* target;
  const char* body;
  int status;
  const char* code;
};

const Case kCases[] = {
    {"an unknown operation", "GET", "/v2/nothing", "", 404, "APP_001"},
    {"an unknown workspace", "GET", "/v2/team/77/space", "", 401, "OAUTH_023"},
    {"a workspace of others", "GET", "/v2/team/9/space", "", 401, "OAUTH_023"},
    {"an unknown space", "GET", "/v2/space/77", "", 401, "OAUTH_027"},
    {"a space of others", "GET", "/v2/space/92", "", 401, "OAUTH_027"},
    {"an unknown list", "PUT", "/v2/list/77", R"({"name":"x"})", 401, "OAUTH_027"},
    {"a list of others", "GET", "/v2/list/94/task", "", 401, "OAUTH_027"},
    {"a task of others", "GET", "/v2/task/zzz1", "", 401, "OAUTH_027"},
    {"an unknown task", "GET", "/v2/task/nope", "", 401, "OAUTH_027"},
    {"a list id that is no number", "GET", "/v2/list/abc", "", 400, "INPUT_003"},
    {"a folder id that is no number", "GET", "/v2/folder/abc", "", 400, "INPUT_011"},
    {"a task without a name", "POST", "/v2/list/4/task", "{}", 400, "INPUT_005"},
    {"a task with an empty name", "POST", "/v2/list/4/task", R"({"name":" "})", 400, "INPUT_005"},
    {"broken JSON", "POST", "/v2/list/4/task", R"({"name":)", 400, "INPUT_005"},
    {"a body that is no object", "POST", "/v2/list/4/task", "[]", 400, "INPUT_005"},
    {"an unknown member", "POST", "/v2/list/4/task", R"({"name":"x","asignees":[]})", 400,
     "INPUT_005"},
    {"a member of the wrong type", "POST", "/v2/list/4/task", R"({"name":"x","priority":"3"})", 400,
     "INPUT_005"},
    {"a priority out of range", "POST", "/v2/list/4/task", R"({"name":"x","priority":5})", 400,
     "INPUT_005"},
    {"a date that is a text", "POST", "/v2/list/4/task", R"({"name":"x","due_date":"2026-01-01"})",
     400, "INPUT_006"},
    {"a status on create that the list has not", "POST", "/v2/list/4/task",
     R"({"name":"x","status":"nope"})", 400, "CRTSK_001"},
    {"a status on update that the list has not", "PUT", "/v2/task/aaa1", R"({"status":"nope"})",
     400, "ITEM_114"},
    {"a parent in another list", "POST", "/v2/list/5/task", R"({"name":"x","parent":"aaa1"})", 400,
     "ITEM_137"},
    {"a task as its own parent", "PUT", "/v2/task/aaa1", R"({"parent":"aaa1"})", 400, "ITEM_137"},
    {"an assignee who is a stranger", "POST", "/v2/list/4/task", R"({"name":"x","assignees":[99]})",
     400, "INPUT_005"},
    {"assignees of an update as an array", "PUT", "/v2/task/aaa1", R"({"assignees":[11]})", 400,
     "INPUT_005"},
    {"custom fields in an update", "PUT", "/v2/task/aaa1", R"({"custom_fields":[]})", 400,
     "INPUT_005"},
    {"tags in an update", "PUT", "/v2/task/aaa1", R"({"tags":["bug"]})", 400, "INPUT_005"},
    {"statuses without brackets", "GET", "/v2/list/4/task?statuses=x", "", 400, "OAUTH_040"},
    {"assignees without brackets", "GET", "/v2/list/4/task?assignees=1", "", 400, "OAUTH_043"},
    {"tags without brackets", "GET", "/v2/list/4/task?tags=x", "", 500, "ITEMV2_003"},
    {"list ids without brackets", "GET", "/v2/team/1/task?list_ids=4", "", 400, "INPUT_005"},
    {"an unknown order", "GET", "/v2/list/4/task?order_by=name", "", 500, "ITEMV2_003"},
    {"reverse that is no boolean", "GET", "/v2/list/4/task?reverse=1", "", 500, "ITEMV2_003"},
    {"a page that is no number", "GET", "/v2/list/4/task?page=x", "", 400, "INPUT_005"},
    {"a negative page", "GET", "/v2/list/4/task?page=-1", "", 400, "INPUT_005"},
    {"a date filter that is a text", "GET", "/v2/list/4/task?due_date_gt=today", "", 400,
     "INPUT_006"},
    {"a field filter that is no JSON", "GET", "/v2/list/4/task?custom_fields=x", "", 400,
     "ITEM_155"},
    {"a field filter that is no array", "GET", "/v2/list/4/task?custom_fields=%7B%7D", "", 400,
     "ITEM_155"},
    {"an unknown query parameter", "GET", "/v2/list/4/task?colour=red", "", 400, "INPUT_005"},
    {"half of a comment cursor", "GET", "/v2/task/aaa1/comment?start=5", "", 400, "INPUT_005"},
    {"a comment without text", "POST", "/v2/task/aaa1/comment", "{}", 400, "INPUT_005"},
    {"an unknown comment", "DELETE", "/v2/comment/77", "", 401, "OAUTH_027"},
    {"a custom id without its workspace", "GET", "/v2/task/X-1?custom_task_ids=true", "", 400,
     "INPUT_005"},
    {"a list name that is taken", "POST", "/v2/folder/3/list", R"({"name":"list"})", 400,
     "SUBCAT_016"},
};

TEST_CASE("what the service refuses is refused with its status and code") {
  Desk desk;
  for (const Case& one : kCases) {
    CAPTURE(one.what);
    const Reply reply = desk.ask(one.method, one.target, one.body);
    CHECK(reply.status == one.status);
    CHECK(reply.code() == one.code);
    CHECK_FALSE(reply.text("err").empty());
  }
}

TEST_CASE("a refusal of a misspelt member names the nearest") {
  Desk desk;
  const Reply reply = desk.post("/v2/list/4/task", R"({"name":"x","asignees":[]})");
  CHECK(reply.text("err") == "Unknown field 'asignees'. Did you mean 'assignees'?");
}

TEST_CASE("a refused create leaves no task behind") {
  Desk desk;
  desk.post("/v2/list/4/task", R"({"name":"x","tags":["bug"],"status":"nope"})");
  desk.post("/v2/list/4/task", R"({"name":"x","custom_item_id":77})");
  desk.post("/v2/list/4/task", R"({"name":"x","group_assignees":["nope"]})");
  desk.post("/v2/list/4/task", R"({"name":"x","tags":[""]})");
  CHECK(joined(desk.get("/v2/list/4/task")["tasks"], "name") == "Second First");
}

TEST_CASE("a form is not read as JSON") {
  Desk desk;
  desk.content_type = "application/x-www-form-urlencoded";
  CHECK(desk.post("/v2/list/4/task", "name=x").status == 400);
}

TEST_CASE("refusals of v3 have its own body") {
  Desk desk;
  const Reply reply = desk.get("/api/v3/workspaces/77/nothing");
  CHECK(reply.status == 404);
  CHECK(reply["status"].as_integer() == 404);
  CHECK(reply["timestamp"].as_integer() == desk.clock.ms);
  CHECK(reply["trace_id"].as_integer().has_value());
  CHECK(reply["ECODE"].missing());
}

TEST_CASE("bytes that are no text are refused, and the answer is JSON all the same") {
  Desk desk;
  CHECK(desk.post("/v2/task/aaa1/tag/%FF").status == 400);
  CHECK(desk.post("/v2/task/aaa1/tag/%C0%80").status == 400);
  CHECK(desk.post("/v2/task/aaa1/tag/%ED%A0%80").status == 400);
  CHECK(desk.get("/v2/list/4/task?tags[]=%FE").status == 400);
  CHECK(desk.get("/v2/list/4/task?%80=1").status == 400);
  CHECK(desk.post("/v2/task/aaa1/tag/%F0%9F%90%9B").status == 200);
  CHECK(joined(desk.get("/v2/task/aaa1")["tags"], "name") == "bug \xF0\x9F\x90\x9B");
  desk.content_type = "multipart/form-data; boundary=B";
  CHECK(
      desk.post("/v2/task/aaa1/attachment",
                "--B\r\nContent-Disposition: form-data; name=\"attachment\"; filename=\"\xFF\"\r\n"
                "\r\nx\r\n--B--")
          .code() == "ATTCH_045");
}

TEST_CASE("nothing nests without end") {
  Desk desk;
  std::string parent = "aaa1";
  int levels = 0;
  for (; levels < 50; ++levels) {
    const Reply made = desk.post("/v2/list/4/task", R"({"name":"x","parent":")" + parent + "\"}");
    if (made.status != 200) break;
    parent = made.text("id");
  }
  CHECK(levels == 7);
  CHECK(desk.post("/v2/task/" + parent + "/merge", R"({"source_task_ids":["aaa1"]})").status ==
        400);
  CHECK(desk.put("/v2/task/aaa1", R"({"parent":"aaa2"})").code() == "ITEM_137");
}

}  // namespace
}  // namespace engine::clickup::sandbox::test
