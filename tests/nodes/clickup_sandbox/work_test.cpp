// What hangs on tasks: checklists, fields, tags, relations, time, history.
#include "nodes/clickup/sandbox/world/events.h"
#include "tests/nodes/clickup_sandbox/support.h"

namespace engine::clickup::sandbox::test {
namespace {

Value first(const Value& elements) {
  return elements[std::size_t{0}];
}

TEST_CASE("checklists hold items that nest and are ticked") {
  Desk desk;
  const Value made = desk.post("/v2/task/aaa1/checklist", R"({"name":"Steps"})")["checklist"];
  const std::string path = "/v2/checklist/" + to_text(made["id"]);
  CHECK(to_text(made["task_id"]) == "aaa1");
  const Value one =
      desk.post(path + "/checklist_item", R"({"name":"A","assignee":12})")["checklist"];
  CHECK(one["unresolved"].as_integer() == 1);
  const Value item = first(one["items"]);
  CHECK(item["assignee"]["id"].as_integer() == 12);
  const std::string a = to_text(item["id"]);
  const Value two = desk.post(path + "/checklist_item", R"({"name":"B"})")["checklist"];
  const std::string b = to_text(two["items"][std::size_t{1}]["id"]);
  const Value nested = desk.put(path + "/checklist_item/" + b,
                                R"({"parent":")" + a + R"(","resolved":true})")["checklist"];
  CHECK(nested["resolved"].as_integer() == 1);
  CHECK(joined(nested["items"], "name") == "A");
  CHECK(joined(first(nested["items"])["children"], "name") == "B");
  CHECK(desk.put(path + "/checklist_item/" + a, R"({"parent":")" + b + "\"}").status == 400);
  CHECK(desk.put(path, R"({"name":"Renamed"})")["checklist"]["name"].as_string() == "Renamed");
  CHECK(joined(desk.get("/v2/task/aaa1")["checklists"], "name") == "Renamed");
  CHECK(desk.del(path + "/checklist_item/" + a).status == 200);
  CHECK(first(desk.get("/v2/task/aaa1")["checklists"])["items"].size() == 0);
  CHECK(desk.del(path).status == 200);
  CHECK(desk.get("/v2/task/aaa1")["checklists"].size() == 0);
  CHECK(desk.put(path, R"({"name":"x"})").status == 401);
}

struct FieldCase {
  const char* field;
  const char* value;
  const char* read;  ///< as JSON; empty: refused
};

const FieldCase kFieldCases[] = {
    {"f-number", "8", R"("8")"},
    {"f-number", "2.5", R"("2.5")"},
    {"f-number", R"("8")", ""},
    {"f-text", R"("hi")", R"("hi")"},
    {"f-text", "5", ""},
    {"f-drop", R"("o-high")", "1"},
    {"f-drop", R"("o-none")", ""},
    {"f-drop", "1", ""},
    {"f-labels", R"(["l-web","l-api"])", R"(["l-web","l-api"])"},
    {"f-labels", R"(["nope"])", ""},
    {"f-labels", R"("l-web")", ""},
    {"f-check", "true", R"("true")"},
    {"f-check", R"("true")", ""},
    {"f-date", "1790000000000", R"("1790000000000")"},
    {"f-date", R"("today")", ""},
    {"f-rating", "5", R"("5")"},
    {"f-rating", "6", ""},
    {"f-progress", R"({"current":50})", R"({"percent_complete":0.25,"current":"50"})"},
    {"f-progress", R"({"current":201})", ""},
    {"f-progress", "50", ""},
    {"f-users", "[11]", ""},
    {"f-users", R"({"add":[99]})", ""},
    {"f-formula", "5", ""},
};

TEST_CASE("a custom field takes the values of its type and no others") {
  for (const FieldCase& one : kFieldCases) {
    CAPTURE(one.field);
    CAPTURE(one.value);
    Desk desk;
    const std::string path = std::string("/v2/task/aaa2/field/") + one.field;
    const Reply reply = desk.post(path, std::string(R"({"value":)") + one.value + "}");
    const bool refused = std::string_view(one.read).empty();
    CHECK(reply.status == (refused ? 400 : 200));
    const Reply task = desk.get("/v2/task/aaa2");
    for (const View field : task["custom_fields"].elements()) {
      if (field["id"].as_string() != one.field) continue;
      CHECK(print_json(field["value"].missing() ? View() : field["value"]) ==
            (refused ? print_json(View()) : std::string(one.read)));
    }
  }
}

TEST_CASE("people fields are added to and taken from; clearing empties") {
  Desk desk;
  const auto reviewers = [&] {
    const Reply task = desk.get("/v2/task/aaa1");
    for (const View field : task["custom_fields"].elements()) {
      if (field["id"].as_string() != "f-users") continue;
      std::string names;
      for (const View user : field["value"].elements()) names += user["username"].as_string();
      return names;
    }
    return std::string("?");
  };
  const std::string path = "/v2/task/aaa1/field/f-users";
  desk.post(path, R"({"value":{"add":[11,12]}})");
  CHECK(reviewers() == "Owner OneMember Two");
  desk.post(path, R"({"value":{"rem":[11]}})");
  CHECK(reviewers() == "Member Two");
  desk.del(path);
  CHECK(reviewers() == "");
  CHECK(desk.post("/v2/task/aaa1/field/nope", R"({"value":1})").status == 400);
  CHECK(joined(desk.get("/v2/list/4/field")["fields"], "name").rfind("Size Note Level", 0) == 0);
  CHECK(desk.get("/v2/space/2/field")["fields"].size() == 10);
  CHECK(desk.get("/v2/folder/3/field")["fields"].size() == 0);
  CHECK(desk.get("/v2/team/1/field")["fields"].size() == 0);
}

TEST_CASE("a renamed tag is renamed everywhere, a deleted one is gone everywhere") {
  Desk desk;
  CHECK(desk.post("/v2/space/2/tag", R"({"tag":{"name":"a/b c"}})").status == 200);
  CHECK(desk.post("/v2/task/aaa1/tag/a%2Fb%20c").status == 200);
  CHECK(joined(desk.get("/v2/task/aaa1")["tags"], "name") == "bug a/b c");
  CHECK(desk.put("/v2/space/2/tag/bug",
                 R"({"tag":{"name":"defect","fg_color":"#111111"}})")["tag"]["fg_color"]
            .as_string() == "#111111");
  CHECK(joined(desk.get("/v2/task/aaa1")["tags"], "name") == "defect a/b c");
  CHECK(joined(desk.get("/v2/space/2/tag")["tags"], "name") == "defect docs a/b c");
  CHECK(joined(desk.get("/v2/list/4/task?tags[]=defect")["tasks"], "id") == "aaa1");
  CHECK(desk.del("/v2/task/aaa1/tag/a%2Fb%20c").status == 200);
  CHECK(desk.del("/v2/space/2/tag/defect").status == 200);
  CHECK(desk.get("/v2/task/aaa1")["tags"].size() == 0);
  CHECK(desk.del("/v2/space/2/tag/defect").status == 404);
}

TEST_CASE("dependencies and links show at both ends") {
  Desk desk;
  CHECK(desk.post("/v2/task/aaa1/dependency", R"({"depends_on":"aaa2"})").status == 200);
  for (const char* id : {"aaa1", "aaa2"}) {
    const Value one = first(desk.get(std::string("/v2/task/") + id)["dependencies"]);
    CHECK(to_text(one["task_id"]) == "aaa1");
    CHECK(to_text(one["depends_on"]) == "aaa2");
  }
  CHECK(desk.del("/v2/task/aaa2/dependency?dependency_of=aaa1").status == 200);
  CHECK(desk.get("/v2/task/aaa1")["dependencies"].size() == 0);
  CHECK(desk.post("/v2/task/aaa1/dependency", "{}").status == 400);
  CHECK(desk.post("/v2/task/aaa1/dependency", R"({"depends_on":"zzz1"})").status == 401);
  CHECK(desk.post("/v2/task/aaa1/dependency", R"({"depends_on":"aaa1"})").status == 400);
  const Value linked = desk.post("/v2/task/aaa1/link/aaa2")["task"];
  CHECK(joined(linked["linked_tasks"], "link_id") == "aaa2");
  CHECK(joined(desk.get("/v2/task/aaa2")["linked_tasks"], "link_id") == "aaa1");
  CHECK(desk.del("/v2/task/aaa2/link/aaa1")["task"]["linked_tasks"].size() == 0);
  CHECK(desk.get("/v2/task/aaa1")["linked_tasks"].size() == 0);
}

TEST_CASE("a timer runs until it is stopped, and its task counts it") {
  Desk desk;
  const Value started =
      desk.post("/v2/team/1/time_entries/start", R"({"tid":"aaa1","description":"work"})")["data"];
  desk.clock.ms += 60'000;
  const Value current = desk.get("/v2/team/1/time_entries/current")["data"];
  CHECK(to_text(current["id"]) == to_text(started["id"]));
  CHECK(to_text(current["duration"]) == "-60000");
  const Value stopped = desk.post("/v2/team/1/time_entries/stop")["data"];
  CHECK(to_text(stopped["duration"]) == "60000");
  CHECK(desk.get("/v2/task/aaa1")["time_spent"].as_integer() == 60'000);
  CHECK(desk.get("/v2/team/1/time_entries/current")["data"].null());
  CHECK(desk.post("/v2/team/1/time_entries/stop").status == 400);
}

TEST_CASE("time entries are made, found, changed and deleted") {
  Desk desk;
  const std::string start = std::to_string(desk.clock.ms - 3'600'000);
  const Value made = desk.post(
      "/v2/team/1/time_entries",
      R"({"start":)" + start +
          R"(,"duration":1000,"tid":"aaa1","billable":true,"tags":[{"name":"x"}]})")["data"];
  const std::string path = "/v2/team/1/time_entries/" + to_text(made["id"]);
  CHECK(desk.get("/v2/team/1/time_entries")["data"].size() == 1);
  CHECK(desk.get("/v2/team/1/time_entries?list_id=4")["data"].size() == 1);
  CHECK(desk.get("/v2/team/1/time_entries?list_id=5")["data"].size() == 0);
  CHECK(desk.get("/v2/team/1/time_entries?is_billable=false")["data"].size() == 0);
  CHECK(desk.get("/v2/team/1/time_entries?assignee=12")["data"].size() == 0);
  CHECK(desk.get("/v2/team/1/time_entries?end_date=" + start + "&start_date=0")["data"].size() ==
        1);
  CHECK(desk.get("/v2/team/1/time_entries?list_id=4&space_id=2").status == 400);
  CHECK(joined(desk.get("/v2/team/1/time_entries/tags")["data"], "name") == "x");
  CHECK(desk.put(path, R"({"tags":[{"name":"y"}],"tag_action":"add","duration":5000})").status ==
        200);
  const Value entry = first(desk.get(path)["data"]);
  CHECK(joined(entry["tags"], "name") == "x y");
  CHECK(to_text(entry["duration"]) == "5000");
  CHECK(desk.put(path, R"({"start":5})").status == 400);
  CHECK(joined(desk.get(path + "/history")["data"], "field") == "end");
  CHECK(desk.put("/v2/team/1/time_entries/tags", R"({"name":"x","new_name":"z"})").status == 200);
  CHECK(joined(first(desk.get(path)["data"])["tags"], "name") == "z y");
  CHECK(desk.get("/v2/task/aaa1")["time_spent"].as_integer() == 5000);
  const Value legacy = first(desk.get("/v2/task/aaa1/time")["data"]);
  CHECK(legacy["time"].as_integer() == 5000);
  CHECK(to_text(first(legacy["intervals"])["time"]) == "5000");
  desk.token = "pk_two";
  CHECK(desk.get("/v2/team/1/time_entries?assignee=11").status == 403);
  CHECK(desk.del(path).status == 403);
  desk.token = "pk_one";
  CHECK(desk.del(path)["data"].size() == 1);
  CHECK(desk.get("/v2/team/1/time_entries")["data"].size() == 0);
  CHECK(desk.get("/v2/task/aaa1")["time_spent"].as_integer() == 0);
}

TEST_CASE("an old time entry is outside the default range") {
  Desk desk;
  const std::string start = std::to_string(desk.clock.ms - 40LL * 86'400'000);
  desk.post("/v2/team/1/time_entries", R"({"start":)" + start + R"(,"duration":1000})");
  CHECK(desk.get("/v2/team/1/time_entries")["data"].size() == 0);
  CHECK(desk.get("/v2/team/1/time_entries?start_date=" + start)["data"].size() == 1);
}

TEST_CASE("legacy intervals are time entries too") {
  Desk desk;
  const Reply made = desk.post("/v2/task/aaa1/time", R"({"time":7000})");
  const std::string path = "/v2/task/aaa1/time/" + made.text("id");
  CHECK(desk.put(path, R"({"start":1000,"end":4000})").status == 200);
  CHECK(desk.get("/v2/task/aaa1")["time_spent"].as_integer() == 3000);
  CHECK(desk.del(path).status == 200);
  CHECK(desk.get("/v2/task/aaa1/time")["data"].size() == 0);
  CHECK(desk.post("/v2/task/aaa1/time", "{}").status == 400);
}

TEST_CASE("time in status adds up from the changes") {
  Desk desk;
  const Reply made = desk.post("/v2/list/4/task", R"({"name":"x"})");
  const std::string path = "/v2/task/" + made.text("id");
  desk.clock.ms += 10LL * 60'000;
  desk.put(path, R"({"status":"doing"})");
  desk.clock.ms += 5LL * 60'000;
  const Reply times = desk.get(path + "/time_in_status");
  CHECK(times["current_status"]["status"].as_string() == "doing");
  CHECK(times["current_status"]["total_time"]["by_minute"].as_integer() == 5);
  CHECK(first(times["status_history"])["total_time"]["by_minute"].as_integer() == 10);
  const Reply bulk =
      desk.get("/v2/task/bulk_time_in_status/task_ids?task_ids=aaa1&task_ids=" + made.text("id"));
  CHECK(bulk["aaa1"]["current_status"]["status"].as_string() == "to do");
  CHECK(bulk.json.size() == 2);
  CHECK(desk.get("/v2/task/bulk_time_in_status/task_ids").status == 400);
}

TEST_CASE("merged tasks become one") {
  Desk desk;
  CHECK(desk.post("/v2/task/aaa2/merge", R"({"source_task_ids":["aaa1"]})").status == 200);
  const Reply merged = desk.get("/v2/task/aaa2");
  CHECK(joined(merged["tags"], "name") == "bug");
  CHECK(joined(merged["assignees"], "id") == "11");
  CHECK(joined(desk.get("/v2/task/aaa2/comment")["comments"], "comment_text") == "Hello");
  CHECK(desk.get("/v2/task/aaa1").code() == "ITEM_013");
  CHECK(desk.post("/v2/task/aaa2/merge", R"({"source_task_ids":["aaa2"]})").status == 400);
}

TEST_CASE("a task moves to another list with its status mapped") {
  Desk desk;
  const std::string path = "/api/v3/workspaces/1/tasks/aaa1/home_list/";
  CHECK(desk.put(path + "5", "{}")["data"]["new_list_id"].as_string() == "5");
  CHECK(joined(desk.get("/v2/list/5/task")["tasks"], "id") == "aaa1");
  CHECK(joined(desk.get("/v2/list/4/task")["tasks"], "id") == "aaa2");
  const auto events = desk.sandbox.events_since(0);
  REQUIRE(events.size() == 3);
  CHECK(events[0].name == "taskMoved");
  CHECK(events[2].name == "spaceUpdated");
  const Value item = first(events[0].payload["history_items"]);
  CHECK(item["field"].as_string() == "section_moved");
  CHECK(item["before"]["name"].as_string() == "List");
  CHECK(item["after"]["category"]["hidden"].as_bool());
  CHECK(desk.put(path + "77", "{}").status == 404);
}

TEST_CASE("time estimates are kept by user") {
  Desk desk;
  const std::string path = "/v3/workspaces/1/tasks/aaa1/time_estimates_by_user";
  CHECK(desk.patch(path, R"([{"assignee":11,"time":1000},{"assignee":"unassigned","time":500}])")
            ["data"]["total_time_estimate"]
                .as_integer() == 1500);
  CHECK(desk.patch(path, R"([{"assignee":11,"time":2000}])")["data"]["total_time_estimate"]
            .as_integer() == 2500);
  CHECK(desk.put(path, R"([{"assignee":12,"time":10}])")["data"]["assignee_estimates"]["12"]
            .as_integer() == 10);
  CHECK(desk.get("/v2/task/aaa1")["time_estimate"].as_integer() == 10);
  CHECK(desk.patch(path, R"([{"assignee":99,"time":10}])").status == 400);
  CHECK(desk.patch(path, R"({"assignee":11})").status == 400);
}

}  // namespace
}  // namespace engine::clickup::sandbox::test
