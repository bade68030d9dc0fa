#include "tests/core/rest/test_package.h"

using namespace engine;
using namespace engine::test;

namespace {

std::string items_with(const std::string& lines, const std::string& body, int status = 200,
                       const std::string& with = "{}") {
  Trial trial(lines, with);
  trial.context.answers.push_back(answer(body, status));
  std::string text;
  for (const Item& item : trial.run()) text += (text.empty() ? "" : "\n") + print_json(item.json);
  return text;
}

Error failure(const std::string& body, int status) {
  return error_of([&] { items_with("    request: GET /v2/x\n", body, status); });
}

}  // namespace

TEST_CASE("an answer is one item, a list is one item for each element") {
  CHECK(items_with("    request: GET /x\n", R"({"a":1})") == R"({"a":1})");
  CHECK(items_with("    request: GET /x\n", R"([{"a":1},2,null])") == "{\"a\":1}\n{\"value\":2}");
  CHECK(items_with("    request: GET /x\n", " \r\n") == "{}");
}

TEST_CASE("items are taken from paths, filtered, opened, renamed") {
  const std::string teams =
      R"({"teams":[{"id":"1","members":[{"user":{"id":7}}]},{"id":"2","members":[{"user":{"id":8,"x":1}},{"user":{"id":9}}]}]})";
  CHECK(items_with("    request: GET /x\n    response: { items: teams, filter: { id: 2 }, then: "
                   "\"members[].user\", omit: x }\n",
                   teams) == "{\"id\":8}\n{\"id\":9}");
  CHECK(items_with(
            "    request: GET /x\n    response: { items: [a, \"b[].c\"], rename: { n: m } }\n",
            R"({"a":[{"n":1}],"b":[{"c":[{"n":2}]},{"c":null},{}]})") == "{\"m\":1}\n{\"m\":2}");
  CHECK(items_with("    request: GET /x\n    response: { entries_as: id }\n",
                   R"({"k1":{"a":1},"k2":{"a":2}})") ==
        "{\"id\":\"k1\",\"a\":1}\n{\"id\":\"k2\",\"a\":2}");
}

TEST_CASE("a search that must find something says that it did not") {
  const Error error = error_of([] {
    items_with(
        "    request: GET /x\n    response: { items: teams, filter: { id: 3 }, required: true }\n",
        R"({"teams":[{"id":"1"}]})");
  });
  CHECK(error.code() == "not_found");
  CHECK(error.cause() == ErrorCause::user);
}

TEST_CASE("a fixed result does not depend on the answer") {
  const std::string lines = R"(
    request: DELETE /t/{id}
    parameters: { id: { use: task } }
    response: { result: { deleted: true, id: "{id}", note: "task {id}" }, ignore_status: 404 }
)";
  const std::string expected = R"({"deleted":true,"id":"a","note":"task a"})";
  CHECK(items_with(lines, "", 204, R"({"id":"#a"})") == expected);
  CHECK(items_with(lines, "not json", 200, R"({"id":"a"})") == expected);
  CHECK(items_with(lines, "{}", 404, R"({"id":"a"})") == expected);
}

TEST_CASE("bytes become a binary of the item") {
  Trial trial("    request: GET /files/a%20b.txt\n    response: { binary: data }\n", "{}");
  http::Response response = answer("hello");
  response.headers.set("Content-Type", "text/plain");
  trial.context.answers.push_back(response);
  const Items items = trial.run();
  const View binary = items.at(0).binary["data"];
  CHECK(binary["file_name"].as_string() == "a b.txt");
  CHECK(binary["mime_type"].as_string() == "text/plain");
  CHECK(trial.context.binaries().read(binary) == "hello");
}

TEST_CASE("errors name the call, the service's words and a hint") {
  const Error error = failure(R"({"err":"Team not authorized","ECODE":"E_ID"})", 401);
  CHECK(error.cause() == ErrorCause::user);
  CHECK(error.code() == "not_authorised");
  CHECK(error.http_status == 401);
  CHECK(error.message() ==
        "Demo answered 401 E_ID \"Team not authorized\" to demo.x.run (GET /v2/x). Check the id.");
}

TEST_CASE("the status decides who has to act") {
  CHECK(failure("{}", 400).cause() == ErrorCause::user);
  CHECK(failure("{}", 401).cause() == ErrorCause::credential);
  CHECK(failure("{}", 403).code() == "forbidden");
  CHECK(failure("{}", 404).code() == "not_found");
  CHECK(failure("{}", 429).cause() == ErrorCause::rate_limited);
  CHECK(failure("{}", 500).cause() == ErrorCause::upstream);
  CHECK(failure("{}", 503).message().find("Try later.") != std::string::npos);
  CHECK(failure(R"({"error":{"message":"deep"}})", 418).message().find("deep") !=
        std::string::npos);
}

TEST_CASE("pages of proxies and endless texts do not spoil the message") {
  CHECK(failure("<html>", 502).message() ==
        "Demo answered 502 to demo.x.run (GET /v2/x). Try again later, or let the node do it: "
        "retry: {attempts: 5}.");
  CHECK(failure("<html>", 403).message() ==
        "Demo answered 403 to demo.x.run (GET /v2/x). Check what the user of the credential 'acme' "
        "may "
        "do there.");
  CHECK(failure("<html>", 404).message() ==
        "Demo answered 404 to demo.x.run (GET /v2/x). Check the ids: it does not exist, or was "
        "deleted.");
  const Error error = failure(R"({"err":"a\n)" + std::string(5000, 'x') + "\"}", 400);
  CHECK(error.message().size() < 500);
  CHECK(error.message().find('\n') == std::string::npos);
}

TEST_CASE("a good status with something that is no JSON is the service's fault") {
  const Error error = failure("<html>", 200);
  CHECK(error.cause() == ErrorCause::upstream);
  CHECK(error.code() == "bad_answer");
  CHECK(error.message() ==
        "Demo answered with something that is no JSON: the answer to demo.x.run is not valid JSON: "
        "Invalid value (line 1, column 1). Is the address right, and no proxy in between?");
}
