// Spaces, folders and lists.
#include "tests/nodes/clickup_sandbox/support.h"

namespace engine::clickup::sandbox::test {
namespace {

TEST_CASE("a space is created, changed and deleted") {
  Desk desk;
  const Reply made = desk.post("/v2/team/1/space", R"({"name":"New","multiple_assignees":true,
    "features":{"due_dates":{"enabled":true}}})");
  REQUIRE(made.status == 200);
  const std::string id = made.text("id");
  CHECK(joined(made["statuses"], "status") == "to do complete");
  CHECK(made["features"]["due_dates"]["enabled"].as_bool());
  CHECK(desk.post("/v2/team/1/space", R"({"name":"new"})").status == 400);
  CHECK(
      desk.put("/v2/space/" + id, R"({"name":"Other","private":true,"color":"#ffffff"})")["private"]
          .as_bool());
  CHECK(joined(desk.get("/v2/team/1/space")["spaces"], "name") == "Space Other");
  CHECK(desk.del("/v2/space/" + id).body == "{}");
  CHECK(joined(desk.get("/v2/team/1/space")["spaces"], "name") == "Space");
}

TEST_CASE("a deleted folder is still there to see, its tasks are not") {
  Desk desk;
  CHECK(desk.del("/v2/folder/3").status == 200);
  const Reply folder = desk.get("/v2/folder/3");
  CHECK(folder.status == 200);
  CHECK(folder["deleted"].as_bool());
  CHECK(desk.get("/v2/list/4")["deleted"].as_bool());
  CHECK(desk.get("/v2/space/2/folder")["folders"].size() == 0);
  CHECK(desk.get("/v2/task/aaa1").code() == "ITEM_013");
  CHECK(desk.post("/v2/list/4/task", R"({"name":"x"})").code() == "ITEM_015");
}

TEST_CASE("folders count their tasks as text and list their lists") {
  Desk desk;
  const Reply made = desk.post("/v2/space/2/folder", R"({"name":"Sub","parent_folder_id":"3"})");
  CHECK(made.text("parent_folder") == "3");
  const Reply folder = desk.get("/v2/folder/3?include_subfolders=true");
  CHECK(folder.text("task_count") == "2");
  CHECK(joined(folder["lists"], "name") == "List");
  CHECK(joined(folder["subfolders"], "name") == "Sub");
  CHECK(desk.put("/v2/folder/3", R"({"name":"Renamed"})").text("name") == "Renamed");
  CHECK(joined(desk.get("/v2/space/2/folder")["folders"], "name") == "Renamed Sub");
}

TEST_CASE("a list in a space has a hidden folder") {
  Desk desk;
  const Reply made = desk.post("/v2/space/2/list", R"({"name":"Loose 2","content":"c","priority":1,
    "assignee":12,"status":"red","due_date":5})");
  REQUIRE(made.status == 200);
  CHECK(made["folder"]["name"].as_string() == "hidden");
  CHECK(made["folder"]["hidden"].as_bool());
  CHECK(made["status"]["status"].as_string() == "red");
  CHECK(made["priority"]["priority"].as_string() == "urgent");
  CHECK(made["assignee"]["id"].as_integer() == 12);
  CHECK(made.text("due_date") == "5");
  CHECK(made["task_count"].as_integer() == 0);
  CHECK(joined(desk.get("/v2/space/2/list")["lists"], "name") == "Loose Loose 2");
  CHECK(joined(desk.get("/v2/space/2/folder")["folders"], "name") == "Folder");
}

TEST_CASE("a list is changed member by member") {
  Desk desk;
  const Reply list = desk.put("/v2/list/4", R"({"name":"Renamed","assignee":"none",
    "unset_status":true,"content":"About"})");
  CHECK(list.text("name") == "Renamed");
  CHECK(list["assignee"].null());
  CHECK(list["status"].null());
  CHECK(list.text("content") == "About");
  CHECK(desk.put("/v2/list/4", R"({"archived":true})")["archived"].as_bool());
  CHECK(desk.get("/v2/folder/3/list")["lists"].size() == 0);
  CHECK(joined(desk.get("/v2/folder/3/list?archived=true")["lists"], "name") == "Renamed");
  CHECK(desk.del("/v2/list/4").body == "{}");
  CHECK(desk.put("/v2/list/4", R"({"name":"Ghost"})")["deleted"].as_bool());
}

}  // namespace
}  // namespace engine::clickup::sandbox::test
