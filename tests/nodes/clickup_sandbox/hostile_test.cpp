// Whatever comes in, an answer goes out that can be read.
#include "tests/nodes/clickup_sandbox/support.h"

namespace engine::clickup::sandbox::test {
namespace {

const char* const kTargets[] = {"/v2/team/1/space",
                                "/v2/space/2",
                                "/v2/space/2/folder",
                                "/v2/folder/3",
                                "/v2/folder/3/list",
                                "/v2/space/2/list",
                                "/v2/list/4",
                                "/v2/list/4/task",
                                "/v2/task/aaa1",
                                "/v2/list/5/task/aaa1",
                                "/v2/task/aaa1/comment",
                                "/v2/list/4/comment",
                                "/v2/task/aaa1/checklist",
                                "/v2/task/aaa1/field/f-number",
                                "/v2/task/aaa1/field/f-users",
                                "/v2/task/aaa1/field/f-labels",
                                "/v2/task/aaa1/field/f-progress",
                                "/v2/space/2/tag",
                                "/v2/space/2/tag/bug",
                                "/v2/task/aaa1/tag/x",
                                "/v2/task/aaa1/dependency",
                                "/v2/task/aaa1/link/aaa2",
                                "/v2/task/aaa1/merge",
                                "/v2/task/aaa1/time",
                                "/v2/team/1/time_entries",
                                "/v2/team/1/time_entries/start",
                                "/v2/team/1/time_entries/stop",
                                "/v2/team/1/time_entries/current",
                                "/v2/team/1/time_entries/tags",
                                "/v2/team/1/goal",
                                "/v2/team/1/group",
                                "/v2/list/4/view",
                                "/v2/team/1/webhook",
                                "/v2/team/1/guest",
                                "/v2/team/1/user/12",
                                "/v2/task/aaa1/attachment",
                                "/v2/oauth/token",
                                "/api",
                                "/v3/workspaces/1/chat/channels",
                                "/v3/workspaces/1/chat/channels/location",
                                "/v3/workspaces/1/chat/channels/direct_message",
                                "/v3/workspaces/1/docs",
                                "/v3/workspaces/1/tasks/aaa1/home_list/5",
                                "/v3/workspaces/1/tasks/aaa1/time_estimates_by_user",
                                "/v3/workspaces/1/auditlogs",
                                "/v3/workspaces/1/list/4/acls",
                                "",
                                "/",
                                "//",
                                "/v2",
                                "/api/",
                                "/v2/task/%00",
                                "/v2/task/..%2F..",
                                "/v2/list/99999999999999999999/task"};

const char* const kBodies[] = {
    "",
    "{}",
    "[]",
    "null",
    "0",
    "\"x\"",
    "{",
    "{\"name\":null}",
    "{\"name\":[]}",
    "{\"name\":\"\\u0000\"}",
    "{\"name\":\"x\",\"assignees\":[null]}",
    R"({"name":"x","parent":"aaa1","tags":["a"],"custom_fields":[{"id":"f-users","value":{"add":[{}]}}]})",
    "{\"name\":\"x\",\"due_date\":9223372036854775807,\"time_estimate\":-9223372036854775808}",
    "{\"value\":{}}",
    "{\"value\":{\"add\":5}}",
    "{\"value\":{\"current\":1e308}}",
    "{\"value\":[[[]]]}",
    "{\"comment\":[{\"text\":{}}]}",
    "{\"comment_text\":\"\\ud83d\\udc1b\"}",
    "{\"tag\":{\"name\":\"\"}}",
    "{\"depends_on\":\"aaa1\",\"dependency_of\":\"aaa1\"}",
    "{\"start\":-9223372036854775808,\"end\":9223372036854775807,\"time\":1}",
    "{\"start\":9223372036854775807,\"duration\":9223372036854775807}",
    "{\"source_task_ids\":[\"aaa1\",\"aaa2\",\"aaa2\"]}",
    R"([{"assignee":11,"time":9223372036854775807},{"assignee":12,"time":1}])",
    "{\"events\":{\"a\":1},\"endpoint\":\"x\"}",
    "{\"type\":\"post\",\"content\":\"x\"}"};

TEST_CASE("every answer is JSON, a page or empty, whatever was sent") {
  for (const char* method : {"GET", "POST", "PUT", "PATCH", "DELETE", "BREW"}) {
    Desk desk;
    for (const char* target : kTargets) {
      for (const char* body : kBodies) {
        CAPTURE(method);
        CAPTURE(target);
        CAPTURE(body);
        const Reply reply = desk.ask(method, target, body);
        CHECK(reply.status >= 200);
        CHECK(reply.status <= 500);
      }
    }
    CHECK(desk.get("/v2/user").status == 200);
  }
}

TEST_CASE("broken queries and deep bodies are refused") {
  Desk desk;
  for (const char* query : {"page=9223372036854775807", "page=99999999999999999999", "=", "&&=&",
                            "custom_fields=[[[]]]", "custom_fields=[5]", "custom_fields=[{}]"}) {
    CAPTURE(query);
    const Reply reply = desk.get(std::string("/v2/list/4/task?") + query);
    CHECK((reply.status == 200 || reply.status == 400));
  }
  CHECK(desk.post("/v2/list/4/task", std::string(100'000, '[')).status == 400);
  CHECK(desk.post("/v2/task/aaa1/comment", R"({"comment":[{"text":"x","attributes":)" +
                                               std::string(200, '[') + std::string(200, ']') +
                                               "}]}")
            .status == 400);
}

}  // namespace
}  // namespace engine::clickup::sandbox::test
