#include "tests/core/rest/test_package.h"

using namespace engine;
using namespace engine::test;

namespace {

const char* const kTask = R"(
    request: PUT /v2/task/{task_id}/x
    parameters:
      task_id: { use: task }
      name: { type: string, send: body, nullable: true }
      done: { type: boolean, send: body, nullable: true }
      points: { type: number, send: body, nullable: true, as: size.points }
      state: { type: string, send: query, as: "states[]" }
      tags: { type: list, of: string, list_or_one: true, send: query, as: "tags[]" }
)";

const char* const kTime = R"(
    request: POST /v2/x
    parameters:
      due: { type: time, send: body, as: due_date, date_hour: 4, flag: due_date_time, nullable: true }
      estimate: { type: any, send: body, convert: duration_ms }
      after: { type: time, send: query }
)";

std::string body_with(const char* lines, const std::string& with, const std::string& zone = "UTC") {
  Trial trial(lines, with);
  trial.context.zone = zone;
  trial.run();
  return trial.body();
}

}  // namespace

TEST_CASE("not given, null, false, 0 and the empty text arrive as five different things") {
  CHECK(body_with(kTask, R"({"task_id":"a"})") == "{}");
  CHECK(body_with(kTask, R"({"task_id":"a","name":null,"done":null})") ==
        R"({"name":null,"done":null})");
  CHECK(body_with(kTask, R"({"task_id":"a","name":"","done":false,"points":0})") ==
        R"({"name":"","done":false,"size":{"points":0}})");
}

TEST_CASE("a query repeats the names of lists and keeps empty texts") {
  Trial trial(kTask, R"({"task_id":"a","state":"","tags":["to do","a&b"]})");
  trial.run();
  CHECK(trial.url() ==
        "https://api.demo.test/api/v2/task/a/x?states%5B%5D=&tags%5B%5D=to%20do&tags%5B%5D=a%26b");
}

TEST_CASE("what stands in a path cannot leave it") {
  const auto url_of = [](const std::string& id) {
    Trial trial(kTask, print_json(Value::object({{"task_id", Value(id)}})));
    trial.run();
    return trial.url();
  };
  const std::string base = "https://api.demo.test/api/v2/task/";
  CHECK(url_of("a/b") == base + "a%2Fb/x");
  CHECK(url_of("@evil.test") == base + "%40evil.test/x");
  CHECK(url_of("a?b#c") == base + "a%3Fb%23c/x");
  CHECK(url_of("../..") == base + "..%2F../x");
  CHECK(url_of("ü %") == base + "%C3%BC%20%25/x");
}

TEST_CASE("path parameters that are empty, dots or hold control characters are refused") {
  for (const char* id : {"", ".", "..", "a\r\nb", "  "}) {
    Trial trial(kTask, print_json(Value::object({{"task_id", Value(id)}})));
    const Error error = error_of([&] { trial.run(); });
    CHECK(error.code() == "bad_path_parameter");
    CHECK(error.where.parameter == "task_id");
    CHECK(error.where.item == 0);
    CHECK(trial.context.requests.empty());
  }
}

TEST_CASE("the address comes from the credential and must be one") {
  Trial trial(kTask, R"({"task_id":"a"})");
  trial.context.credential["api_url"] = "http://127.0.0.1:8790/api/";
  trial.run();
  CHECK(trial.url() == "http://127.0.0.1:8790/api/v2/task/a/x");
  for (const char* bad : {"ftp://x", "https://", "https://user:secret@host", "https://h?x", "h"}) {
    Trial refused(kTask, R"({"task_id":"a"})");
    refused.context.credential["api_url"] = bad;
    const Error error = error_of([&] { refused.run(); });
    CHECK(error.code() == "bad_api_url");
    CHECK(error.message().find("secret@") == std::string::npos);
  }
}

TEST_CASE("ids are understood with prefixes and as links") {
  const char* lines = R"(
    request: GET /t/{id}
    parameters: { id: { use: task } }
    include: [custom]
)";
  const auto url_of = [&](const std::string& with) {
    Trial trial(lines, with);
    trial.run();
    return trial.url().substr(std::string("https://api.demo.test/api").size());
  };
  CHECK(url_of(R"({"id":" CU-86abc "})") == "/t/86abc");
  CHECK(url_of(R"({"id":"#86abc"})") == "/t/86abc");
  CHECK(url_of(R"({"id":"https://app.clickup.com/t/86abc?x=1#y"})") == "/t/86abc");
  CHECK(url_of(R"({"id":"https://app.clickup.com/t/9001/86abc"})") == "/t/86abc");
  CHECK(url_of(R"({"id":"https://app.clickup.com/t/9001/DEV-42"})") ==
        "/t/DEV-42?custom=true&team=9001");
  CHECK(url_of(R"({"id":"CU-42","custom":true,"team":"9"})") == "/t/CU-42?custom=true&team=9");
  Trial foreign(lines, R"({"id":"https://app.clickup.com/9001/v/li/5"})");
  CHECK(error_of([&] { foreign.run(); }).code() == "bad_parameter");
}

TEST_CASE("a date falls on its day in the workflow's time zone, a time counts as given") {
  const auto due = [](const char* text, const char* zone) {
    return body_with(kTime, print_json(Value::object({{"due", Value(text)}})), zone);
  };
  // 2026-11-22 04:00 in Berlin is 03:00 UTC, in New York 09:00 UTC.
  CHECK(due("2026-11-22", "Europe/Berlin") ==
        R"({"due_date":1795316400000,"due_date_time":false})");
  CHECK(due("2026-11-22", "America/New_York") ==
        R"({"due_date":1795338000000,"due_date_time":false})");
  CHECK(due("2026-11-22T18:30", "Europe/Berlin") ==
        R"({"due_date":1795368600000,"due_date_time":true})");
  CHECK(due("2026-11-22T18:30:00.250+01:00", "UTC") ==
        R"({"due_date":1795368600250,"due_date_time":true})");
  // The clocks go from 02:00 to 03:00 on 2026-03-29 in Berlin: 02:30 is 01:00 UTC.
  CHECK(due("2026-03-29 02:30", "Europe/Berlin") ==
        R"({"due_date":1774746000000,"due_date_time":true})");
  CHECK(due("1795316400000", "UTC") == R"({"due_date":1795316400000})");
  CHECK(body_with(kTime, R"({"due":null})") == R"({"due_date":null})");
}

TEST_CASE("texts that are no times are refused with what to write") {
  for (const char* text :
       {"tomorrow", "2026-13-01", "2026-02-30", "2026", "2026-11-22T25:00", ""}) {
    Trial trial(kTime, print_json(Value::object({{"due", Value(text)}})));
    const Error error = error_of([&] { trial.run(); });
    CHECK(error.code() == "bad_parameter");
    CHECK(error.where.parameter == "due");
  }
  Trial trial(kTime, R"({"due":"2026-11-22"})");
  trial.context.zone = "Mars/Olympus";
  CHECK(error_of([&] { trial.run(); }).message().find("Mars/Olympus") != std::string::npos);
}

TEST_CASE("durations become milliseconds") {
  CHECK(body_with(kTime, R"({"estimate":"1h30m"})") == R"({"estimate":5400000})");
  CHECK(body_with(kTime, R"({"estimate":60000})") == R"({"estimate":60000})");
  Trial trial(kTime, R"({"estimate":"soon"})");
  CHECK(error_of([&] { trial.run(); }).where.parameter == "estimate");
}

TEST_CASE("values are converted inside lists and objects, maps of values apply") {
  const char* lines = R"(
    request: { call: POST /x, body: { source: engine } }
    parameters:
      rows:
        type: list
        send: body
        of:
          type: object
          children:
            who: { type: any, as: user, convert: integer }
            spent: { type: any, as: time, convert: duration_ms }
            more: { type: any, nullable: true }
      level: { type: choice, choices: [high, low], map: { high: 1, low: 2 }, send: body, nullable: true }
      csv: { type: list, of: any, convert: csv, send: query }
      where: { type: any, convert: json_text, send: query }
      ids: { type: any, convert: integers, send: body }
      raw: { type: any, convert: json, send: body }
)";
  Trial trial(lines, R"({"rows":[{"who":"7","spent":"2s","more":null},{"who":8,"spent":1}],
    "level":"low","csv":[1,"b"],"where":[{"a":1}],"ids":"1, 2,3","raw":"{\"a\":[null]}"})");
  trial.run();
  CHECK(trial.body() ==
        R"({"source":"engine","rows":[{"user":7,"time":2000,"more":null},{"user":8,"time":1}],)"
        R"("level":2,"ids":[1,2,3],"raw":{"a":[null]}})");
  CHECK(trial.url() == "https://api.demo.test/api/x?csv=1%2Cb&where=%5B%7B%22a%22%3A1%7D%5D");
  CHECK(body_with(lines, R"({"level":null})") == R"({"source":"engine","level":null})");
}

TEST_CASE("a body can be a list, and a map can be spread over the query") {
  const char* lines = R"(
    request: "{method} /{+path}"
    parameters:
      method: { type: choice, choices: [GET, POST], send: none }
      path: { type: string }
      query: { type: map, of: any, send: query, as: "*" }
      body: { type: any, send: body, as: "." }
)";
  Trial trial(
      lines,
      R"({"method":"POST","path":"/v2/a b/c%2Fd","query":{"a[]":[1,2],"b":null},"body":[1,{}]})");
  trial.run();
  CHECK(trial.context.requests[0].method == "POST");
  CHECK(trial.url() == "https://api.demo.test/api/v2/a%20b/c%2Fd?a%5B%5D=1&a%5B%5D=2&b=null");
  CHECK(trial.body() == "[1,{}]");
  for (const char* path : {"v2/../../x", "/a//b", "a?b=1", "a\\b", "//evil.test/x"}) {
    Trial bad(lines, print_json(Value::object({{"method", Value("GET")}, {"path", Value(path)}})));
    CHECK(error_of([&] { bad.run(); }).code() == "bad_path_parameter");
  }
}

TEST_CASE("files and binaries go out as multipart fields") {
  const char* lines = R"(
    request: POST /upload
    parameters:
      binary: { type: string, send: binary, as: attachment }
      file: { type: string, send: file, as: attachment }
      name: { type: string, send: form, as: filename }
    rules: [{ exactly_one: [binary, file] }]
)";
  Trial trial(lines, R"({"binary":"data","name":"x.txt"})");
  Items items;
  const Value stored = trial.context.binaries().put("hello", "text/plain", "a.txt");
  items.push_back({Value::object(), Value::object({{"data", stored}}), {}});
  trial.context.set_items(items);
  trial.run();
  const std::string body = trial.body();
  CHECK(body.find("name=\"attachment\"; filename=\"a.txt\"") != std::string::npos);
  CHECK(body.find("\r\n\r\nhello\r\n") != std::string::npos);
  CHECK(body.find("name=\"filename\"") != std::string::npos);

  Trial missing(lines, R"({"binary":"dat"})");
  missing.context.set_items(items);
  CHECK(error_of([&] { missing.run(); }).message().find("'data'") != std::string::npos);
  Trial both(lines, R"({"binary":"data","file":"x"})");
  CHECK(error_of([&] { both.run(); }).code() == "bad_parameter");
}

TEST_CASE("items share nothing: each is sent with its own parameters") {
  Trial trial(kTask, "{}");
  trial.context.set_items({{Value::object(), {}, {}}, {Value::object(), {}, {}}});
  trial.context.with_of_items = {parse_json(R"({"task_id":"a","state":"x","name":"n"})"),
                                 parse_json(R"({"task_id":"b"})")};
  trial.context.answers = {answer(R"({"n":1})"), answer(R"({"n":2})")};
  const Items items = trial.run();
  CHECK(trial.url(1) == "https://api.demo.test/api/v2/task/b/x");
  CHECK(trial.body(1) == "{}");
  REQUIRE(items.size() == 2);
  CHECK(items[1].json["n"].as_integer() == 2);
  CHECK(items[1].origin[0].item == 1);
}

TEST_CASE("a dry run shows what would be written and sends only what reads") {
  Trial trial(kTask, R"({"task_id":"a","name":"n","state":"s"})");
  trial.context.dry = true;
  const Items items = trial.run();
  CHECK(trial.context.requests.empty());
  REQUIRE(trial.context.wishes.size() == 1);
  CHECK(trial.context.wishes[0].first ==
        "PUT https://api.demo.test/api/v2/task/a/x?states%5B%5D=s");
  CHECK(print_json(trial.context.wishes[0].second) == R"({"name":"n"})");
  CHECK(items.at(0).json["dry_run"]["method"].as_string() == "PUT");

  Trial reading("    request: GET /x\n", "{}");
  reading.context.dry = true;
  reading.run();
  CHECK(reading.context.requests.size() == 1);
}

TEST_CASE("requests carry the pace of the credential and say what they accept") {
  Trial trial(kTask, R"({"task_id":"a"})");
  trial.run();
  const http::Request& request = trial.context.requests.at(0);
  CHECK(request.pace_key == "demo:acme");
  CHECK(request.headers.find("Accept") == "application/json");
  CHECK(request.body.content_type == "application/json");
}
