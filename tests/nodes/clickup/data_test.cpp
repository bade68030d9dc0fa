// Runs the cases in tests/nodes/clickup/*.yaml: what an operation sends and what it makes of the
// answer. README of the cases: tests/nodes/clickup/README.md.
#include <doctest/doctest.h>

#include <algorithm>
#include <set>

#include "core/rest/compiler/yaml_source.h"
#include "core/rest/register_packages.h"
#include "core/value/json.h"
#include "places.h"
#include "tests/core/rest/fake_context.h"

using namespace engine;
using namespace engine::test;

namespace {

constexpr const char* kBase = "https://api.clickup.com/api";

struct Case {
  std::string where;
  Value data;
};

std::vector<Case> read_cases() {
  std::vector<std::filesystem::path> files;
  for (const auto& entry :
       std::filesystem::directory_iterator(ENGINE_SOURCE_DIR "/tests/nodes/clickup")) {
    if (entry.path().extension() == ".yaml") files.push_back(entry.path());
  }
  std::sort(files.begin(), files.end());
  std::vector<Case> cases;
  for (const auto& file : files) {
    Diagnostics diagnostics;
    const auto source = rest::read_yaml_file(file, file.filename().string(), diagnostics);
    for (const Diagnostic& fault : diagnostics.sorted()) FAIL(to_string(fault));
    for (const Located& element : source.content.elements) {
      cases.push_back({source.name + ":" + std::to_string(element.line) + ": ", to_value(element)});
    }
  }
  return cases;
}

const std::set<std::string, std::less<>> kKeys{
    "name",         "operation",    "with",         "timezone", "item",
    "binary",       "file",         "dry_run",      "answers",  "expect_requests",
    "expect_items", "expect_error", "expect_would", "knows",    "expect_lookups"};

// {status, json} or {status, text}, or the JSON itself.
http::Response answer_of(const Value& given) {
  http::Response response;
  response.status = static_cast<int>(given["status"].as_integer().value_or(200));
  const bool spelt = given["status"].as_integer() && (given.size() == 1 || given.size() == 2) &&
                     (given.size() == 1 || !given["json"].missing() || !given["text"].missing());
  if (!spelt) {
    response.status = 200;
    response.body = print_json(given);
  } else if (!given["json"].missing()) {
    response.body = print_json(given["json"]);
  } else {
    response.body = std::string(given["text"].as_string());
  }
  return response;
}

// "GET /v2/x?a=1", with the query as it is on the wire but brackets and commas readable.
std::string line_of(const http::Request& request) {
  std::string url = request.url;
  if (url.rfind(kBase, 0) == 0) url.erase(0, std::string(kBase).size());
  for (const auto& [escape, plain] :
       {std::pair<std::string, std::string>{"%5B%5D", "[]"}, {"%2C", ","}}) {
    const std::size_t query = url.find('?');
    for (std::size_t at = query;
         at != std::string::npos && (at = url.find(escape, at)) != std::string::npos;) {
      url.replace(at, escape.size(), plain);
    }
  }
  return request.method + " " + url;
}

void check_request(const http::Request& request, const Value& expected) {
  const bool short_form = expected.is_string();
  CHECK(line_of(request) == to_text(short_form ? expected : expected["call"]));
  const std::string sent = body_text(request);
  if (!expected["holds"].missing()) {
    for (const View part : expected["holds"].view().elements()) {
      CHECK_MESSAGE(sent.find(part.as_string()) != std::string::npos, sent);
    }
  } else if (short_form || expected["body"].missing()) {
    CHECK(sent.empty());
  } else {
    CHECK(sent == print_json(expected["body"]));
  }
}

void check_error(const Error& error, const Value& expected) {
  if (!expected["code"].missing()) CHECK(error.code() == to_text(expected["code"]));
  if (!expected["cause"].missing()) CHECK(to_string(error.cause()) == to_text(expected["cause"]));
  if (!expected["parameter"].missing()) {
    CHECK(error.where.parameter == to_text(expected["parameter"]));
  }
  if (!expected["holds"].missing()) {
    CHECK_MESSAGE(error.message().find(to_text(expected["holds"])) != std::string::npos,
                  error.message());
  }
}

Items item_of(FakeContext& context, const Value& data) {
  Items items;
  Value binary;
  if (data["binary"].is_string()) {
    binary = Value::object(
        {{"data", context.binaries().put(data["binary"].as_string(), "text/plain", "note.txt")}});
  }
  items.push_back({data["item"].is_object() ? data["item"] : Value::object(), binary, {}});
  return items;
}

void run_case(const Registry& registry, const Value& data) {
  for (const auto& member : data.members())
    CHECK_MESSAGE(kKeys.count(member.first) == 1, member.first);
  const NodeType* type = registry.find(data["operation"].as_string());
  REQUIRE_MESSAGE(type != nullptr, "no such operation");
  FakeContext context(type->description, data["with"].is_object() ? data["with"] : Value::object());
  context.account = to_text(data["name"]) + print_json(data["with"]);  // shares no looked-up names
  context.zone = std::string(data["timezone"].as_string("UTC"));
  context.dry = data["dry_run"].as_bool();
  context.set_items(item_of(context, data));
  for (const View given : data["answers"].view().elements()) {
    context.answers.push_back(answer_of(data["answers"].share(given)));
  }
  context.known = [&](const http::Request& request) -> std::optional<http::Response> {
    const Value known = data["knows"][line_of(request)];
    if (!known.missing()) return answer_of(known);
    if (line_of(request) != "GET /v2/user" || to_text(data["operation"]) == "clickup.user.get_me") {
      return std::nullopt;
    }
    return answer_of(Value::object(
        {{"user", Value::object({{"id", Value(183)}, {"timezone", Value(context.zone)}})}}));
  };
  const bool fails = !data["expect_error"].missing();
  Items items;
  try {
    items = run(*type->node, context);
    CHECK_MESSAGE(!fails, "an error was expected");
  } catch (const Error& error) {
    if (!fails) FAIL_CHECK(describe(error));
    check_error(error, data["expect_error"]);
  }
  const Value requests = data["expect_requests"];
  REQUIRE(context.requests.size() == requests.size());
  for (std::size_t i = 0; i < requests.size(); ++i) check_request(context.requests[i], requests[i]);
  if (!data["expect_lookups"].missing()) {
    std::vector<Value> lookups;
    for (const http::Request& request : context.looked_up) lookups.emplace_back(line_of(request));
    CHECK(print_json(Value::array(lookups)) == print_json(data["expect_lookups"]));
  }
  if (!data["expect_items"].missing()) {
    std::vector<Value> found;
    for (const Item& item : items) found.push_back(item.json);
    CHECK(print_json(Value::array(found)) == print_json(data["expect_items"]));
  }
  if (!data["expect_would"].missing()) {
    REQUIRE(context.wishes.size() == 1);
    CHECK(context.wishes[0].first == to_text(data["expect_would"]));
  }
}

}  // namespace

TEST_CASE("operations of ClickUp send and give what their cases say") {
  Registry registry;
  rest::register_packages(registry);
  for (const Case& one : read_cases()) {
    CAPTURE(one.where);
    CAPTURE(to_text(one.data["operation"]));
    CAPTURE(to_text(one.data["name"]));
    run_case(registry, one.data);
  }
}

TEST_CASE("every operation of ClickUp has a case that checks a request") {
  Registry registry;
  rest::register_packages(registry);
  std::set<std::string> tested;
  for (const Case& one : read_cases()) {
    if (one.data["expect_requests"].size() > 0) tested.insert(to_text(one.data["operation"]));
  }
  for (const std::string& id : registry.ids()) CHECK_MESSAGE(tested.count(id) == 1, id);
}
