// A change is seen wherever what was changed is read.
#include "tests/nodes/clickup_sandbox/support.h"

namespace engine::clickup::sandbox::test {
namespace {

TEST_CASE("names of lists, folders, spaces, tags and people are those of now") {
  Desk desk;
  desk.put("/v2/list/4", R"({"name":"List B"})");
  desk.put("/v2/folder/3", R"({"name":"Folder B"})");
  desk.put("/v2/space/2/tag/bug", R"({"tag":{"name":"defect","fg_color":"#111111"}})");
  const Reply task = desk.get("/v2/task/aaa1");
  CHECK(task["list"]["name"].as_string() == "List B");
  CHECK(task["folder"]["name"].as_string() == "Folder B");
  CHECK(joined(task["tags"], "name") == "defect");
  CHECK(joined(task["tags"], "tag_fg") == "#111111");
  CHECK(joined(desk.get("/v2/list/4/task?tags[]=defect")["tasks"], "id") == "aaa1");
  CHECK(desk.get("/v2/list/4/task?tags[]=bug")["tasks"].size() == 0);
  CHECK(joined(desk.get("/v2/space/2/tag")["tags"], "name") == "defect docs");
  CHECK(desk.get("/v2/list/4")["folder"]["name"].as_string() == "Folder B");
}

TEST_CASE("tasks that are gone are neither linked to nor waited for") {
  Desk desk;
  desk.post("/v2/task/aaa1/dependency", R"({"depends_on":"aaa2"})");
  desk.post("/v2/task/aaa1/link/aaa2");
  CHECK(desk.get("/v2/task/aaa1")["dependencies"].size() == 1);
  CHECK(desk.get("/v2/task/aaa1")["linked_tasks"].size() == 1);
  desk.del("/v2/task/aaa2");
  CHECK(desk.get("/v2/task/aaa1")["dependencies"].size() == 0);
  CHECK(desk.get("/v2/task/aaa1")["linked_tasks"].size() == 0);
}

TEST_CASE("a deleted list is no place of its guests any more") {
  Desk desk;
  desk.post("/v2/list/5/task/aaa1");
  CHECK(joined(desk.get("/v2/task/aaa1")["locations"], "name") == "Loose");
  desk.del("/v2/list/5");
  CHECK(desk.get("/v2/task/aaa1")["locations"].size() == 0);
  CHECK(desk.get("/v2/task/aaa1").status == 200);
}

TEST_CASE("a deleted group is assigned to nothing") {
  Desk desk;
  const std::string group =
      desk.post("/v2/team/1/group", R"({"name":"Crew","members":[11]})").text("id");
  REQUIRE(!group.empty());
  desk.put("/v2/task/aaa1", R"({"group_assignees":{"add":[")" + group + "\"]}}");
  CHECK(joined(desk.get("/v2/task/aaa1")["group_assignees"], "name") == "Crew");
  desk.del("/v2/group/" + group);
  CHECK(desk.get("/v2/task/aaa1")["group_assignees"].size() == 0);
}

TEST_CASE("attachments of a merged task are those of the one that stays") {
  Desk desk;
  desk.content_type = "multipart/form-data; boundary=b";
  desk.post("/v2/task/aaa1/attachment",
            "--b\r\nContent-Disposition: form-data; name=\"attachment\"; filename=\"a.txt\"\r\n\r\n"
            "hi\r\n--b--\r\n");
  desk.content_type = "application/json";
  CHECK(desk.post("/v2/task/aaa2/merge", R"({"source_task_ids":["aaa1"]})").status == 200);
  CHECK(joined(desk.get("/v2/task/aaa2")["attachments"], "title") == "a.txt");
}

TEST_CASE("a task keeps its tags in another space") {
  Desk desk;
  const std::string space = desk.post("/v2/team/1/space", R"({"name":"Far"})").text("id");
  const Value lists = desk.get("/v2/space/" + space + "/list")["lists"];
  REQUIRE(lists.size() == 1);  // the one that every new space has
  const std::string list = to_text(lists[std::size_t{0}]["id"]);
  CHECK(desk.put("/v3/workspaces/1/tasks/aaa1/home_list/" + list, "{}").status == 200);
  CHECK(joined(desk.get("/v2/task/aaa1")["tags"], "name") == "bug");
  CHECK(joined(desk.get("/v2/space/" + space + "/tag")["tags"], "name") == "bug");
}

}  // namespace
}  // namespace engine::clickup::sandbox::test
