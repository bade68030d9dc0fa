// What data cases cannot say: times, randomness, binary data, memory between runs, calls.
#include <doctest/doctest.h>

#include <fstream>
#include <set>

#include "core/base/error.h"
#include "core/value/json.h"
#include "nodes/register_nodes.h"
#include "tests/support/fake_context.h"

using namespace engine;
using namespace engine::test;

namespace {

const Registry& registry() {
  static const auto kAll = [] {
    auto all = std::make_unique<Registry>();
    register_core_nodes(*all);
    return all;
  }();
  return *kAll;
}

struct Run {
  Run(const char* id, const char* with, const char* input = "[{}]")
      : type(*registry().find(id)), context(type, parse_json(with)) {
    context.inputs[0] = items_of(parse_json(input));
  }
  NodeResult operator()() { return type.node->run(context); }

  const NodeType& type;
  FakeContext context;
};

}  // namespace

TEST_CASE("every node is described") {
  for (const std::string& id : registry().ids()) {
    INFO(id);
    const NodeType& type = *registry().find(id);
    CHECK_FALSE(type.description.title.empty());
    CHECK_FALSE(type.description.text.empty());
    CHECK_FALSE(type.description.examples.empty());
    CHECK((type.node != nullptr) == (type.kind == NodeKind::action));
    for (const Parameter& parameter : type.description.parameters)
      CHECK_MESSAGE(!parameter.text.empty(), parameter.name);
  }
}

TEST_CASE("wait says when its items count") {
  Run duration("wait", R"({"for": "1h30m"})");
  CHECK(duration().ready_at == duration.context.fake_clock.time + std::chrono::minutes(90));
  Run until("wait", R"({"until": "2026-12-24T18:00:00+01:00"})");
  CHECK(until().ready_at == parse_time("2026-12-24T17:00:00Z"));
  Run milliseconds("wait", R"({"until": 5000})");
  CHECK(milliseconds().ready_at == from_ms(5000));
  Run call("wait", R"({"webhook": true})");
  CHECK(call().ready_at == TimePoint::max());
}

TEST_CASE("random texts have their length and differ") {
  std::set<std::string> seen;
  for (int i = 0; i < 100; ++i) {
    Run run("crypto", R"({"operation": "random", "encoding": "alphanumeric", "length": 40})");
    const std::string text(run().outputs[0][0].json.view()["data"].as_string());
    CHECK(text.size() == 40);
    CHECK(std::all_of(text.begin(), text.end(), [](char c) { return std::isalnum(c) != 0; }));
    seen.insert(text);
  }
  CHECK(seen.size() == 100);
  Run bytes("crypto", R"({"operation": "random", "length": 5})");
  CHECK(bytes().outputs[0][0].json.view()["data"].as_string().size() == 10);
}

TEST_CASE("a UUID has version 4") {
  Run run("crypto", R"({"operation": "uuid"})");
  const std::string text(run().outputs[0][0].json.view()["data"].as_string());
  REQUIRE(text.size() == 36);
  CHECK(text[14] == '4');
  CHECK(std::string("89ab").find(text[19]) != std::string::npos);
  CHECK(std::count(text.begin(), text.end(), '-') == 4);
}

TEST_CASE("what one execution saw, the next one drops") {
  const char* with = R"({"fields": "id", "across_executions": true, "history": 2})";
  Run first("remove_duplicates", with, R"([{"id": 1}, {"id": 2}, {"id": 3}])");
  CHECK(first().outputs[0].size() == 3);
  Run second("remove_duplicates", with, R"([{"id": 3}, {"id": 1}, {"id": 2}])");
  second.context.memory = first.context.memory;
  // 1 was the oldest of three, and two are remembered.
  CHECK(json_of(second().outputs[0]) == parse_json(R"([{"id": 1}])"));
  Run dry("remove_duplicates", with);
  dry.context.dry = true;
  dry();
  CHECK(dry.context.memory.empty());
}

TEST_CASE("code is run as it is told") {
  Run run("code", R"({"js": "return '{{ $json }}'", "mode": "each"})");
  bool each = false;
  std::string text;
  run.context.script = [&](const std::string& script, bool each_item) {
    each = each_item;
    text = script;
    return items_of(parse_json(R"([{"a": 1}])"));
  };
  CHECK(json_of(run().outputs[0]) == parse_json(R"([{"a": 1}])"));
  CHECK(each);
  CHECK(text == "return '{{ $json }}'");
}

TEST_CASE("another workflow gets the items, or the inputs that are given") {
  Run all("execute_workflow", R"({"workflow": "w"})", R"([{"a": 1}, {"a": 2}])");
  all.context.workflow = [](const std::string&, const Items& items) { return items; };
  const NodeResult result = all();
  CHECK(result.outputs[0].size() == 2);
  CHECK(result.outputs[0][1].origin[0].item == 1);
  CHECK(all.context.called == std::vector<std::string>{"w"});

  Run each("execute_workflow",
           R"({"workflow": "w", "mode": "each", "inputs": {"b": "{{ $json.a }}"}})",
           R"([{"a": 1}, {"a": 2}])");
  each.context.workflow = all.context.workflow;
  CHECK(json_of(each().outputs[0]) == parse_json(R"([{"b": 1}, {"b": 2}])"));
  CHECK(each.context.called.size() == 2);
}

TEST_CASE("a binary answer becomes binary data") {
  Run run("http_request",
          R"({"url": "https://example.com/a/photo.png?x=1", "response": "binary"})");
  http::Response answer;
  answer.status = 200;
  answer.headers.add("Content-Type", "image/png; q=1");
  answer.body = std::string("\x89PNG\0\xff", 6);
  run.context.responses.push_back(answer);
  const NodeResult result = run();
  const View data = result.outputs[0][0].binary.view()["data"];
  CHECK(data["mime_type"].as_string() == "image/png");
  CHECK(data["file_name"].as_string() == "photo.png");
  CHECK(run.context.binaries().read(data) == answer.body);
}

TEST_CASE("a rate limit tells how long to wait") {
  Run run("http_request", R"({"url": "https://example.com/"})");
  http::Response answer;
  answer.status = 429;
  answer.headers.add("Retry-After", "7");
  run.context.responses.push_back(answer);
  const NodeResult result = run();
  REQUIRE(result.failed.size() == 1);
  CHECK(result.failed[0].error.cause() == ErrorCause::rate_limited);
  CHECK(result.failed[0].error.retry_after == std::chrono::seconds(7));
  CHECK(result.failed[0].error.http_status == 429);
}

TEST_CASE("bytes that are no UTF-8 still make a text") {
  Run run("http_request", R"({"url": "https://example.com/"})");
  http::Response answer;
  answer.status = 200;
  answer.headers.add("Content-Type", "text/plain");
  answer.body = "gr\xfc\xdf";
  run.context.responses.push_back(answer);
  CHECK(run().outputs[0][0].json.view()["data"].as_string() == "grüß");
}

TEST_CASE("parts of a form are texts and files") {
  Run run("http_request",
          R"({"url": "https://example.com/", "method": "POST",
              "multipart": {"a": 1, "file": {"binary": "data"}}})");
  run.context.inputs[0][0].binary =
      Value::object({{"data", run.context.binaries().put("bytes", "text/plain", "f.txt")}});
  http::Response answer;
  answer.status = 204;
  run.context.responses.push_back(answer);
  run();
  std::string body;
  std::size_t files = 0;
  for (const http::BodyPart& part : run.context.requests[0].body.parts) {
    if (const auto* text = std::get_if<std::string>(&part)) {
      body += *text;
    } else {
      ++files;
    }
  }
  CHECK(files == 1);
  CHECK(body.find("filename=\"f.txt\"") != std::string::npos);
  CHECK(body.find("name=\"a\"") != std::string::npos);
  CHECK(run.context.requests[0].body.content_type.find("multipart/form-data; boundary=") == 0);
}

TEST_CASE("any file becomes binary data, and is written back as it was") {
  Run read("read_file", R"({"path": "a.bin"})");
  const std::string bytes("\xEF\xBB\xBF\0\xff\r\n", 7);
  std::ofstream(read.context.folder() / "a.bin", std::ios::binary) << bytes;
  const NodeResult result = read();
  const View data = result.outputs[0][0].binary.view()["data"];
  CHECK(read.context.binaries().read(data) == bytes);
  CHECK(data["size"].as_integer() == 7);
}

TEST_CASE("records that lie across pieces of a file are whole") {
  std::string list = "[";
  std::string lines;
  std::string rows = "n,text\n";
  for (int i = 0; i < 20'000; ++i) {
    const std::string number = std::to_string(i);
    const std::string record = R"({"n":)" + number + R"(,"text":"a \"quoted\" ] , text"})";
    list += (i == 0 ? "" : ", ") + record;
    lines += record + "\n";
    rows += number + ",\"a \"\"quoted\"\" ] , text\"\r\n";
  }
  const std::pair<const char*, std::string> files[] = {
      {"a.json", list + "]"}, {"a.ndjson", lines}, {"a.csv", rows}};
  for (const auto& [file, content] : files) {
    const std::string name = file;
    INFO(name);
    const std::string with = std::string(R"({"typed": true, "path": ")") + name + "\"}";
    Run read("read_file", with.c_str());
    std::ofstream(read.context.folder() / name, std::ios::binary) << content;
    const NodeResult result = read();
    REQUIRE(result.outputs[0].size() == 20'000);
    for (std::size_t i = 0; i < 20'000; ++i) {
      const View json = result.outputs[0][i].json;
      REQUIRE(json["n"].as_integer() == static_cast<std::int64_t>(i));
      REQUIRE(json["text"].as_string() == "a \"quoted\" ] , text");
    }
  }
}

TEST_CASE("a cancelled node stops") {
  Run run("set", R"({"fields": {"a": 1}})");
  run.context.cancel.cancel(CancelReason::cancelled);
  try {
    run();
    FAIL("it went on");
  } catch (const Error& error) {
    CHECK(error.cause() == ErrorCause::cancelled);
  }
}
