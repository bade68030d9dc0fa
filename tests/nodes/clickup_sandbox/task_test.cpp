// Tasks: reading, filtering, paging, changing.
#include <set>

#include "tests/nodes/clickup_sandbox/support.h"

namespace engine::clickup::sandbox::test {
namespace {

TEST_CASE("a task reads as on the wire") {
  Desk desk;
  const Reply task = desk.get("/v2/task/aaa1");
  REQUIRE(task.status == 200);
  CHECK(task.text("id") == "aaa1");
  CHECK(task["custom_id"].null());
  CHECK(task["custom_item_id"].as_integer() == 0);
  CHECK(task["status"]["status"].as_string() == "to do");
  CHECK(task["status"]["orderindex"].as_integer() == 0);
  CHECK(task["status"]["type"].as_string() == "open");
  CHECK(task.text("date_created") == std::to_string(desk.clock.ms - 10LL * 86'400'000));
  CHECK(task.text("date_updated") == std::to_string(desk.clock.ms - 3LL * 86'400'000));
  CHECK(task["date_closed"].null());
  CHECK(task.text("due_date") == std::to_string(desk.clock.ms + 2LL * 86'400'000));
  CHECK(task["start_date"].null());
  CHECK(task["priority"].null());
  CHECK(task["parent"].null());
  CHECK(task["creator"]["id"].as_integer() == 11);
  CHECK(joined(task["assignees"], "username") == "Owner One");
  CHECK(joined(task["tags"], "name") == "bug");
  CHECK(task["list"]["name"].as_string() == "List");
  CHECK(task["folder"]["id"].as_string() == "3");
  CHECK(task["project"].equals(task["folder"]));
  CHECK(task["space"]["id"].as_string() == "2");
  CHECK(task.text("team_id") == "1");
  CHECK(task.text("url") == "https://app.clickup.com/t/aaa1");
  CHECK(task["custom_fields"].size() == 10);
  CHECK(task["custom_fields"][std::size_t{0}]["value"].as_string() == "3");
  CHECK(task["custom_fields"][std::size_t{1}]["value"].missing());
  const Reply second = desk.get("/v2/task/aaa2");
  CHECK(print_json(second["priority"]) ==
        R"({"id":"2","priority":"high","color":"#f8ae00","orderindex":"2"})");
}

TEST_CASE("a created task is found, an updated one is changed, a deleted one is gone") {
  Desk desk;
  const Reply made = desk.post("/v2/list/4/task", R"({
    "name": "Made", "markdown_content": "# Title\n**bold**", "assignees": [12], "tags": ["docs"],
    "status": "DOING", "priority": 1, "due_date": 1790000000001, "due_date_time": true,
    "time_estimate": 60000, "points": 2.5, "custom_fields": [{"id": "f-drop", "value": "o-high"}]})");
  REQUIRE(made.status == 200);
  const std::string id = made.text("id");
  CHECK(made["status"]["status"].as_string() == "doing");
  CHECK(made.text("due_date") == "1790000000001");
  CHECK(made["time_estimate"].as_integer() == 60000);
  CHECK(made["points"].as_number() == 2.5);
  CHECK(made.text("text_content") == "Title\nbold");
  CHECK(made["custom_fields"][std::size_t{2}]["value"].as_integer() == 1);
  CHECK(joined(desk.get("/v2/list/4/task")["tasks"], "id") == id + " aaa2 aaa1");

  desk.clock.ms += 1000;
  const Reply changed = desk.put("/v2/task/" + id, R"({"name": "Renamed", "status": "shut",
    "assignees": {"add": [11], "rem": [12]}, "priority": null, "due_date": null,
    "description": " "})");
  REQUIRE(changed.status == 200);
  CHECK(changed.text("name") == "Renamed");
  CHECK(joined(changed["assignees"], "id") == "11");
  CHECK(changed["priority"].null());
  CHECK(changed["due_date"].null());
  CHECK(changed.text("description") == "");
  CHECK(changed.text("date_closed") == std::to_string(desk.clock.ms));
  CHECK(changed.text("date_updated") == std::to_string(desk.clock.ms));
  CHECK(desk.get("/v2/list/4/task")["tasks"].size() == 2);
  CHECK(desk.get("/v2/list/4/task?include_closed=true")["tasks"].size() == 3);

  const Reply gone = desk.del("/v2/task/" + id);
  CHECK(gone.status == 204);
  CHECK(gone.body.empty());
  CHECK(desk.get("/v2/task/" + id).status == 404);
  CHECK(desk.get("/v2/task/" + id).code() == "ITEM_013");
  CHECK(desk.get("/v2/list/4/task?include_closed=true")["tasks"].size() == 2);
}

TEST_CASE("subtasks belong to their parent") {
  Desk desk;
  const Reply child = desk.post("/v2/list/4/task", R"({"name":"Child","parent":"aaa1"})");
  const std::string id = child.text("id");
  CHECK(child.text("parent") == "aaa1");
  const Reply grandchild =
      desk.post("/v2/list/4/task", R"({"name":"Grand","parent":")" + id + "\"}");
  CHECK(grandchild.text("top_level_parent") == "aaa1");
  CHECK(desk.get("/v2/list/4/task")["tasks"].size() == 2);
  CHECK(desk.get("/v2/list/4/task?subtasks=true")["tasks"].size() == 4);
  CHECK(joined(desk.get("/v2/team/1/task?parent=aaa1")["tasks"], "name") == "Child");
  const Reply parent = desk.get("/v2/task/aaa1?include_subtasks=true");
  CHECK(joined(parent["subtasks"], "name") == "Child");
  CHECK(desk.put("/v2/task/aaa1", R"({"parent":")" + id + "\"}").code() == "ITEM_137");
  desk.del("/v2/task/aaa1");
  CHECK(desk.get("/v2/task/" + id).code() == "ITEM_013");
}

TEST_CASE("markdown is read when it is asked for") {
  Desk desk;
  desk.put("/v2/task/aaa1", R"({"markdown_content":"**x**"})");
  CHECK(desk.get("/v2/task/aaa1")["markdown_description"].missing());
  const Reply task = desk.get("/v2/task/aaa1?include_markdown_description=true");
  CHECK(task.text("markdown_description") == "**x**");
  CHECK(task.text("description") == "x");
}

struct Filter {
  const char* query;
  const char* names;
};

TEST_CASE("every filter finds its tasks") {
  Desk desk;
  const Filter filters[] = {
      {"", "Second First"},
      {"reverse=true", "First Second"},
      {"order_by=due_date", "First Second"},
      {"order_by=updated", "First Second"},
      {"order_by=id", "Second First"},
      {"tags[]=bug", "First"},
      {"tags[]=bug&tags[]=docs", "First"},
      {"tags[]=none", ""},
      {"statuses[]=doing", "Second"},
      {"statuses[]=TO%20DO", "First"},
      {"assignees[]=11", "First"},
      {"assignees[]=12", ""},
      {"watchers[]=11", "Second First"},
      {"custom_items[]=0", "Second First"},
      {"custom_items[]=1", ""},
      {"archived=true", ""},
      {"due_date_gt=1790000000000", "First"},
      {"due_date_lt=1790000000000", ""},
      {"date_created_gt=1789200000000", "Second"},
      {"date_created_lt=1789200000000", "First"},
      {"date_updated_gt=1789600000000", "First"},
      {"date_updated_lt=1789600000000", "Second"},
      {"date_done_gt=0", ""},
      {"page=0", "Second First"},
      {"page=1", ""},
  };
  for (const Filter& one : filters) {
    CAPTURE(one.query);
    CHECK(joined(desk.get(std::string("/v2/list/4/task?") + one.query)["tasks"], "name") ==
          one.names);
  }
}

TEST_CASE("the tasks of a workspace are filtered by place") {
  Desk desk;
  desk.post("/v2/list/5/task", R"({"name":"Third"})");
  const Filter filters[] = {
      {"", "Third Second First"},
      {"list_ids[]=5", "Third"},
      {"list_ids[]=4&list_ids[]=5", "Third Second First"},
      {"project_ids[]=3", "Second First"},
      {"space_ids[]=2", "Third Second First"},
      {"space_ids[]=92", ""},
  };
  for (const Filter& one : filters) {
    CAPTURE(one.query);
    CHECK(joined(desk.get(std::string("/v2/team/1/task?") + one.query)["tasks"], "name") ==
          one.names);
  }
}

TEST_CASE("custom fields are filtered by each operator") {
  Desk desk;
  desk.post("/v2/list/4/task", R"({"name":"Third","custom_fields":[
    {"id":"f-number","value":8},{"id":"f-labels","value":["l-web","l-api"]},
    {"id":"f-drop","value":"o-low"},{"id":"f-text","value":"Hi"}]})");
  const Filter filters[] = {
      {R"([{"field_id":"f-number","operator":"=","value":3}])", "First"},
      {R"([{"field_id":"f-number","operator":"=","value":"3"}])", "First"},
      {R"([{"field_id":"f-number","operator":"!=","value":3}])", "Third Second"},
      {R"([{"field_id":"f-number","operator":">","value":3}])", "Third"},
      {R"([{"field_id":"f-number","operator":">=","value":3}])", "Third First"},
      {R"([{"field_id":"f-number","operator":"<","value":8}])", "First"},
      {R"([{"field_id":"f-number","operator":"<=","value":8}])", "Third First"},
      {R"([{"field_id":"f-number","operator":"RANGE","value":[2,4]}])", "First"},
      {R"([{"field_id":"f-number","operator":"RANGE","value":{"low_value":3,"high_value":8}}])",
       "Third First"},
      {R"([{"field_id":"f-number","operator":"IS NULL"}])", "Second"},
      {R"([{"field_id":"f-number","operator":"IS NOT NULL"}])", "Third First"},
      {R"([{"field_id":"f-labels","operator":"ANY","value":["l-web"]}])", "Third"},
      {R"([{"field_id":"f-labels","operator":"ALL","value":["l-web","l-api"]}])", "Third"},
      {R"([{"field_id":"f-labels","operator":"NOT ANY","value":["l-api"]}])", "Second First"},
      {R"([{"field_id":"f-labels","operator":"NOT ALL","value":["l-api"]}])", "Second First"},
      {R"([{"field_id":"f-drop","operator":"=","value":"o-low"}])", "Third"},
      {R"([{"field_id":"f-text","operator":"=","value":"hi"}])", "Third"},
      {R"([{"field_id":"f-number","operator":">","value":1},
           {"field_id":"f-text","operator":"IS NULL"}])",
       "First"},
  };
  for (const Filter& one : filters) {
    CAPTURE(one.query);
    const std::string json = http::percent_encode(one.query);
    CHECK(joined(desk.get("/v2/list/4/task?custom_fields=" + json)["tasks"], "name") == one.names);
  }
  const auto refused = [&](const char* json) {
    return desk.get("/v2/list/4/task?custom_fields=" + http::percent_encode(json)).status == 400;
  };
  CHECK(refused(R"([{"field_id":"f-labels","operator":"=","value":"l-web"}])"));
  CHECK(refused(R"([{"field_id":"f-number","operator":"LIKE","value":3}])"));
  CHECK(refused(R"([{"field_id":"nope","operator":"=","value":3}])"));
  CHECK(refused(R"([{"field_id":"f-number","operator":"ANY","value":3}])"));
  CHECK(refused(R"([{"field_id":"f-number","operator":"RANGE","value":[1]}])"));
}

TEST_CASE("pages have 100 tasks, meet no task twice, and end") {
  Desk desk{SandboxOptions{}};
  std::set<std::string> seen;
  int pages = 0;
  for (bool last = false; !last; ++pages) {
    const Reply page = desk.get("/v2/team/9001/task?subtasks=true&include_closed=true&page=" +
                                std::to_string(pages));
    REQUIRE(page.status == 200);
    CHECK(page["tasks"].size() == 100);
    for (const View task : page["tasks"].elements()) seen.emplace(task["id"].as_string());
    last = page["last_page"].as_bool();
    REQUIRE(pages < 20);
  }
  CHECK(pages == 10);
  CHECK(seen.size() == 1000);
  const Reply after = desk.get("/v2/team/9001/task?page=99999999999999999");
  CHECK(after["tasks"].size() == 0);
  CHECK(after["last_page"].as_bool());
}

TEST_CASE("a task can be shown in a second list") {
  Desk desk;
  CHECK(desk.post("/v2/list/5/task/aaa1").status == 200);
  CHECK(joined(desk.get("/v2/task/aaa1")["locations"], "id") == "5");
  CHECK(desk.get("/v2/list/5/task")["tasks"].size() == 0);
  CHECK(joined(desk.get("/v2/list/5/task?include_timl=true")["tasks"], "id") == "aaa1");
  CHECK(desk.del("/v2/list/5/task/aaa1").status == 200);
  CHECK(desk.get("/v2/task/aaa1")["locations"].size() == 0);
  CHECK(desk.del("/v2/list/4/task/aaa1").status == 400);
}

TEST_CASE("custom task ids need their workspace") {
  Desk desk{SandboxOptions{}};
  const Reply task = desk.get("/v2/task/acme-7?custom_task_ids=true&team_id=9001");
  CHECK(task.status == 200);
  CHECK(task.text("custom_id") == "ACME-7");
  CHECK(desk.get("/v2/task/ACME-7").status == 401);
}

TEST_CASE("a page shows what has changed since it was read") {
  Desk desk;
  const std::string page = "/v2/list/4/task";
  CHECK(desk.get(page).body == desk.get(page).body);
  CHECK(joined(desk.get(page)["tasks"], "name") == "Second First");
  desk.put("/v2/task/aaa1", R"({"name":"Renamed"})");
  CHECK(joined(desk.get(page)["tasks"], "name") == "Second Renamed");
  desk.put("/v2/list/4", R"({"name":"Other"})");
  CHECK(desk.get(page)["tasks"][std::size_t{0}]["list"]["name"].as_string() == "Other");
  const Value plain = desk.get(page)["tasks"][std::size_t{0}];
  const Value rich = desk.get(page + "?include_markdown_description=true")["tasks"][std::size_t{0}];
  CHECK(plain["markdown_description"].missing());
  CHECK(rich["markdown_description"].is_string());
}

}  // namespace
}  // namespace engine::clickup::sandbox::test
