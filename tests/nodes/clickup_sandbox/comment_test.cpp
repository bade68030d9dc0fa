#include <set>

#include "tests/nodes/clickup_sandbox/support.h"

namespace engine::clickup::sandbox::test {
namespace {

TEST_CASE("a comment is created with a number and listed with a text as its id") {
  Desk desk;
  const Reply made = desk.post("/v2/task/aaa1/comment", R"({"comment_text":"Hi","assignee":12})");
  REQUIRE(made.status == 200);
  REQUIRE(made["id"].kind() == Kind::integer);
  CHECK(made["date"].as_integer() == desk.clock.ms);
  const Value comment = desk.get("/v2/task/aaa1/comment")["comments"][std::size_t{0}];
  CHECK(comment["id"].as_string() == to_text(made["id"]));
  CHECK(comment["comment_text"].as_string() == "Hi");
  CHECK(comment["user"]["id"].as_integer() == 11);
  CHECK(comment["assignee"]["id"].as_integer() == 12);
  CHECK(comment["assigned_by"]["id"].as_integer() == 11);
  CHECK(comment["resolved"].as_bool() == false);
  CHECK(comment["reply_count"].as_integer() == 0);
}

TEST_CASE("rich comments keep their parts") {
  Desk desk;
  desk.post("/v2/task/aaa1/comment",
            R"({"comment":[{"text":"Bold","attributes":{"bold":true}},{"text":" end"}]})");
  const Value comment = desk.get("/v2/task/aaa1/comment")["comments"][std::size_t{0}];
  CHECK(comment["comment_text"].as_string() == "Bold end");
  CHECK(comment["comment"][std::size_t{0}]["attributes"]["bold"].as_bool());
}

TEST_CASE("comments come 25 a page, newest first, and end") {
  Desk desk;
  for (int i = 0; i < 60; ++i) {
    if (i % 3 == 0) desk.clock.ms += 10;  // three share a date
    desk.post("/v2/task/aaa2/comment", R"({"comment_text":"c"})");
  }
  std::set<std::string> seen;
  std::string query;
  std::string sizes;
  for (;;) {
    const Value page = desk.get("/v2/task/aaa2/comment" + query)["comments"];
    sizes += std::to_string(page.size()) + " ";
    if (page.size() == 0) break;
    for (const View one : page.elements()) seen.emplace(one["id"].as_string());
    const Value last = page[page.size() - 1];
    query = "?start=" + to_text(last["date"]) + "&start_id=" + to_text(last["id"]);
  }
  CHECK(sizes == "25 25 10 0 ");
  CHECK(seen.size() == 60);
}

TEST_CASE("a comment is changed, resolved and deleted, with its replies") {
  Desk desk;
  const Value first = desk.get("/v2/task/aaa1/comment")["comments"][std::size_t{0}];
  const std::string path = "/v2/comment/" + to_text(first["id"]);
  CHECK(desk.post(path + "/reply", R"({"comment_text":"Reply"})").status == 200);
  CHECK(joined(desk.get(path + "/reply")["comments"], "comment_text") == "Reply");
  CHECK(desk.put(path, R"({"comment_text":"Changed","resolved":true})").body == "{}");
  const Value comments = desk.get("/v2/task/aaa1/comment")["comments"];
  CHECK(joined(comments, "comment_text") == "Changed");
  CHECK(joined(comments, "reply_count") == "1");
  CHECK(comments[std::size_t{0}]["resolved"].as_bool());
  CHECK(desk.del(path).status == 200);
  CHECK(desk.get("/v2/task/aaa1/comment")["comments"].size() == 0);
  CHECK(desk.get(path + "/reply").status == 401);
}

TEST_CASE("lists have comments of their own") {
  Desk desk;
  CHECK(desk.post("/v2/list/4/comment", R"({"comment_text":"On the list","notify_all":true})")
            .status == 200);
  CHECK(joined(desk.get("/v2/list/4/comment")["comments"], "comment_text") == "On the list");
  CHECK(joined(desk.get("/v2/task/aaa1/comment")["comments"], "comment_text") == "Hello");
}

}  // namespace
}  // namespace engine::clickup::sandbox::test
