// Chat, docs, and OAuth.
#include "tests/nodes/clickup_sandbox/support.h"

namespace engine::clickup::sandbox::test {
namespace {

const std::string kBase = "/api/v3/workspaces/1";

TEST_CASE("a channel has messages, replies and reactions") {
  Desk desk;
  const Reply made = desk.post(kBase + "/chat/channels", R"({"name":"Dev","user_ids":["12"]})");
  REQUIRE(made.status == 201);
  const std::string channel = kBase + "/chat/channels/" + to_text(made["data"]["id"]);
  CHECK(desk.post(kBase + "/chat/channels", R"({"name":"dev"})").status == 200);
  CHECK(joined(desk.get(channel + "/members")["data"], "id") == "11 12");
  const Reply message =
      desk.post(channel + "/messages", R"({"type":"message","content":"Hi @Member Two"})");
  REQUIRE(message.status == 201);
  const std::string path = kBase + "/chat/messages/" + message.text("id");
  CHECK(joined(desk.get(path + "/tagged_users")["data"], "id") == "12");
  CHECK(desk.post(path + "/replies", R"({"type":"message","content":"Yes"})").status == 201);
  CHECK(joined(desk.get(path + "/replies")["data"], "content") == "Yes");
  CHECK(desk.post(path + "/reactions", R"({"reaction":"thumbsup"})").status == 201);
  CHECK(joined(desk.get(path + "/reactions")["data"], "reaction") == "thumbsup");
  CHECK(desk.del(path + "/reactions/thumbsup").status == 204);
  CHECK(desk.del(path + "/reactions/thumbsup").status == 404);
  CHECK(desk.patch(path, R"({"content":"Changed","resolved":true})").text("content") == "Changed");
  const Value listed = desk.get(channel + "/messages")["data"];
  CHECK(joined(listed, "replies_count") == "1");
  CHECK(desk.del(path).status == 204);
  CHECK(desk.get(channel + "/messages")["data"].size() == 0);
  CHECK(desk.patch(channel, R"({"topic":"t"})")["data"]["topic"].as_string() == "t");
  CHECK(desk.del(channel).status == 204);
  CHECK(desk.get(channel).status == 404);
}

TEST_CASE("messages are refused as the service does") {
  Desk desk;
  const Reply made = desk.post(kBase + "/chat/channels", R"({"name":"Dev"})");
  const std::string path = kBase + "/chat/channels/" + to_text(made["data"]["id"]) + "/messages";
  CHECK(desk.post(path, R"({"type":"note","content":"x"})").status == 400);
  CHECK(desk.post(path, R"({"type":"post","content":"x"})").status == 400);
  CHECK(desk.post(path, R"({"type":"message","content":""})").status == 400);
  const std::string longest(40'000, 'x');
  CHECK(desk.post(path, R"({"type":"message","content":")" + longest + "\"}").status == 201);
  CHECK(desk.post(path, R"({"type":"message","content":")" + longest + "x\"}").status == 400);
  CHECK(desk.get(kBase + "/chat/channels/nope/messages").status == 404);
}

TEST_CASE("private channels are for their members") {
  Desk desk;
  const Reply made = desk.post(kBase + "/chat/channels", R"({"name":"P","visibility":"PRIVATE"})");
  const std::string path = kBase + "/chat/channels/" + to_text(made["data"]["id"]);
  desk.token = "pk_two";
  CHECK(desk.get(path).status == 404);
  CHECK(desk.get(kBase + "/chat/channels")["data"].size() == 0);
}

TEST_CASE("direct messages and location channels are found again") {
  Desk desk;
  const Reply dm = desk.post(kBase + "/chat/channels/direct_message", R"({"user_ids":["12"]})");
  CHECK(dm.status == 201);
  CHECK(dm["data"]["type"].as_string() == "DM");
  CHECK(desk.post(kBase + "/chat/channels/direct_message", R"({"user_ids":["12"]})").status == 200);
  const std::string at = R"({"location":{"id":"4","type":"list"}})";
  CHECK(desk.post(kBase + "/chat/channels/location", at)["data"]["name"].as_string() == "List");
  CHECK(desk.post(kBase + "/chat/channels/location", at).status == 200);
  CHECK(desk.post(kBase + "/chat/channels/location", R"({"location":{"id":"94","type":"list"}})")
            .status == 401);
}

TEST_CASE("cursors go through all and end") {
  Desk desk;
  const Reply made = desk.post(kBase + "/chat/channels", R"({"name":"Dev"})");
  const std::string path = kBase + "/chat/channels/" + to_text(made["data"]["id"]) + "/messages";
  for (int i = 0; i < 25; ++i) desk.post(path, R"({"type":"message","content":"m"})");
  std::string sizes;
  std::string cursor;
  do {
    const Reply page = desk.get(path + "?limit=10&cursor=" + cursor);
    sizes += std::to_string(page["data"].size()) + " ";
    cursor = page.text("next_cursor");
  } while (!cursor.empty());
  CHECK(sizes == "10 10 5 ");
  CHECK(desk.get(path + "?limit=101").status == 400);
  CHECK(desk.get(path + "?cursor=x").status == 400);
  CHECK(desk.get(path + "?cursor=c-1").status == 400);
}

TEST_CASE("a doc has a tree of pages that are edited") {
  Desk desk;
  const Reply made = desk.post(kBase + "/docs", R"({"name":"Book","parent":{"id":"4","type":6},
      "create_page":false})");
  REQUIRE(made.status == 201);
  const std::string path = kBase + "/docs/" + made.text("id");
  const Reply page = desk.post(path + "/pages", R"({"name":"One","content":"b"})");
  CHECK(page.status == 201);
  desk.post(path + "/pages", R"({"name":"Below","parent_page_id":")" + page.text("id") + "\"}");
  const Value listing = desk.get(path + "/page_listing").json;
  CHECK(joined(listing, "name") == "One");
  CHECK(joined(listing[std::size_t{0}]["pages"], "name") == "Below");
  CHECK(desk.get(path + "/page_listing?max_page_depth=0").json[std::size_t{0}]["pages"].missing());
  const std::string one = path + "/pages/" + page.text("id");
  CHECK(desk.put(one, R"({"content":"c","content_edit_mode":"append"})").body.empty());
  CHECK(desk.put(one, R"({"content":"a","content_edit_mode":"prepend"})").status == 200);
  CHECK(desk.get(one).text("content") == "abc");
  CHECK(desk.put(one, R"({"content":"new"})").status == 200);
  CHECK(desk.get(one).text("content") == "new");
  CHECK(desk.put(one, R"({"content_edit_mode":"swap"})").status == 400);
  CHECK(joined(desk.get(kBase + "/docs?parent_id=4&parent_type=LIST")["docs"], "name") == "Book");
  CHECK(desk.get(kBase + "/docs?parent_type=SPACE")["docs"].size() == 0);
  CHECK(desk.get(kBase + "/docs?limit=5").status == 400);
  CHECK(desk.get(kBase + "/docs/nope").status == 404);
  CHECK(desk.get(path + "/pages/nope").status == 404);
}

std::string form(const std::string& decision, const std::string& teams = "&team=1") {
  return "client_id=sandbox-client&redirect_uri=http%3A%2F%2F127.0.0.1%3A9%2Fcb&state=s%26t&user="
         "11" +
         teams + "&decision=" + decision;
}

TEST_CASE("an app is approved once and its token used with Bearer") {
  Desk desk;
  desk.token = "";
  const Reply page = desk.get(
      "/api?client_id=sandbox-client&redirect_uri=http://127.0.0.1:9/cb&state=%22%3E%3Cx&scope=a");
  CHECK(page.status == 200);
  CHECK(page.body.find("&quot;&gt;&lt;x") != std::string::npos);
  CHECK(page.body.find("Small") != std::string::npos);
  desk.content_type = "application/x-www-form-urlencoded";
  const Reply approved = desk.post("/api", form("approve"));
  CHECK(approved.status == 302);
  const std::string location(approved.headers.find("Location").value_or(""));
  const std::string start = "http://127.0.0.1:9/cb?code=";
  REQUIRE(location.rfind(start, 0) == 0);
  CHECK(location.substr(location.find("&state=")) == "&state=s%26t");
  const std::string code = location.substr(start.size(), location.find('&') - start.size());
  const std::string exchange =
      "client_id=sandbox-client&client_secret=sandbox-secret&grant_type=authorization_code&code=" +
      code;
  const Reply token = desk.post("/api/v2/oauth/token", exchange);
  REQUIRE(token.status == 200);
  CHECK(token.json.size() == 1);
  CHECK(desk.post("/api/v2/oauth/token", exchange).code() == "OAUTH_014");
  desk.token = "Bearer " + token.text("access_token");
  CHECK(desk.get("/v2/user")["user"]["id"].as_integer() == 11);
  CHECK(joined(desk.get("/v2/team")["teams"], "id") == "1");
  desk.token = token.text("access_token");
  CHECK(desk.get("/v2/user").code() == "OAUTH_025");
}

TEST_CASE("a token exchange takes JSON too, and refuses wrong clients") {
  Desk desk;
  desk.token = "";
  const auto ask = [&](const char* body) { return desk.post("/v2/oauth/token", body).code(); };
  CHECK(ask(R"({"client_id":"x","client_secret":"y","code":"z"})") == "OAUTH_010");
  CHECK(ask(R"({"client_id":"sandbox-client","client_secret":"y","code":"z"})") == "OAUTH_010");
  CHECK(ask(R"({"client_id":"sandbox-client","client_secret":"sandbox-secret","code":"z"})") ==
        "INPUT_005");
  CHECK(ask("{") == "INPUT_005");
}

TEST_CASE("nobody is sent to an address that is not the app's") {
  Desk desk;
  desk.token = "";
  const auto ask = [&](const std::string& redirect) {
    return desk.get("/api?client_id=sandbox-client&redirect_uri=" + http::percent_encode(redirect))
        .code();
  };
  CHECK(ask("http://evil.example/") == "OAUTH_007");
  CHECK(ask("http://127.0.0.1.evil.example/") == "OAUTH_007");
  CHECK(ask("http://127.0.0.1@evil.example/") == "OAUTH_007");
  CHECK(ask("http://127.0.0.1:1@evil.example/") == "OAUTH_007");
  CHECK(ask("http://localhost/a\r\nX: y") == "OAUTH_007");
  CHECK(ask("") == "OAUTH_017");
  CHECK(desk.get("/api?client_id=nope&redirect_uri=http://localhost/").code() == "OAUTH_010");
}

TEST_CASE("who denies, or chooses no workspace, gives no code") {
  Desk desk;
  desk.token = "";
  desk.content_type = "application/x-www-form-urlencoded";
  for (const std::string& body : {form("deny"), form("approve", ""), form("approve", "&team=9")}) {
    const Reply reply = desk.post("/api", body);
    CHECK(reply.status == 302);
    CHECK(reply.headers.find("Location") ==
          "http://127.0.0.1:9/cb?error=access_denied&state=s%26t");
  }
}

TEST_CASE("posts have their kinds, and audit logs their events") {
  Desk desk;
  CHECK(desk.get(kBase + "/comments/types/post/subtypes")["data"].size() == 4);
  CHECK(desk.get(kBase + "/comments/types/nope/subtypes").status == 404);
  SandboxOptions options = Desk::small();
  options.seed.replace(options.seed.find("Business"), 8, "Enterprise");
  Desk big(std::move(options));
  big.post("/v2/list/4/task", R"({"name":"x"})");
  CHECK(joined(big.post(kBase + "/auditlogs", R"({"pagination":{"pageRows":10}})")["data"],
               "eventType") == "taskStatusUpdated taskCreated");
  CHECK(big.patch(kBase + "/list/4/acls",
                  R"({"entries":[{"kind":"user","id":"12","permission_level":1}]})")
            .status == 200);
  big.token = "pk_two";
  CHECK(joined(big.get("/v2/team/1/shared")["shared"]["lists"], "id") == "4");
}

}  // namespace
}  // namespace engine::clickup::sandbox::test
