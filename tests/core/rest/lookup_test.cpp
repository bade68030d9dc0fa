// Names in many items, and the faults of look-ups. What is sent for which name is tested with data:
// tests/nodes/clickup/names.yaml and fields.yaml.
#include <doctest/doctest.h>

#include <algorithm>
#include <memory>

#include "core/rest/register_packages.h"
#include "tests/core/rest/test_package.h"

using namespace engine;
using namespace engine::test;

namespace {

const std::string kWithLookup = std::string(kPackage) + R"(
lookups:
  team: { title: team, parameter: team_id, call: GET /teams, items: teams, match: name }
)";

http::Response people() {
  return answer(R"({"teams":[{"id":"1","name":"Acme","members":[
      {"user":{"id":101,"username":"Ada"}},{"user":{"id":102,"username":"Ben"}}]}]})");
}

struct Run {
  Registry registry;
  std::unique_ptr<FakeContext> context;

  explicit Run(std::size_t items) {
    rest::register_packages(registry);
    const Description& description = registry.find("clickup.task.create")->description;
    Items inputs;
    for (std::size_t i = 0; i < items; ++i) inputs.push_back({Value::object(), {}, {}});
    context = std::make_unique<FakeContext>(description, Value::object(), std::move(inputs));
    context->known = [](const http::Request& request) -> std::optional<http::Response> {
      if (request.method == "GET") return people();
      return answer("{}");
    };
  }

  void item(const std::string& with) { context->with_of_items.push_back(parse_json(with)); }
  Items go() { return test::run(*registry.find("clickup.task.create")->node, *context); }
  std::size_t count(const std::string& method) const {
    return static_cast<std::size_t>(
        std::count_if(context->looked_up.begin(), context->looked_up.end(),
                      [&](const http::Request& request) { return request.method == method; }));
  }
};

}  // namespace

TEST_CASE("a thousand items with names cost one look-up") {
  for (const std::size_t parallel : {std::size_t{1}, std::size_t{8}}) {
    CAPTURE(parallel);
    Run run(1000);
    run.context->parallel = parallel;
    for (int i = 0; i < 1000; ++i) {
      run.item(i % 2 == 0 ? R"({"list_id":"901","name":"x","assignees":["Ada"]})"
                          : R"({"list_id":"901","name":"x","assignees":["Ben"]})");
    }
    CHECK(run.go().size() == 1000);
    CHECK(run.count("POST") == 1000);
    CHECK(run.count("GET") == 1);
  }
}

TEST_CASE("another credential looks up for itself") {
  Run run(1);
  run.item(R"({"list_id":"901","name":"x","assignees":["Ada"]})");
  run.go();
  run.context->account = "other";
  run.go();
  run.go();
  CHECK(run.count("GET") == 2);
}

TEST_CASE("unknown names do not make a look-up each") {
  Run run(50);
  run.context->going = true;
  for (int i = 0; i < 50; ++i) {
    run.item(R"({"list_id":"901","name":"x","assignees":["Nobody"]})");
  }
  CHECK_THROWS_AS(run.go(), Error);
  CHECK(run.count("POST") == 0);
  CHECK(run.count("GET") <= 2);
}

TEST_CASE("a look-up that fails names its call") {
  Run run(1);
  run.item(R"({"list_id":"901","name":"x","assignees":["Ada"]})");
  run.context->known = [](const http::Request&) {
    return answer(R"({"err":"Token invalid","ECODE":"OAUTH_025"})", 401);
  };
  const Error error = error_of([&] { run.go(); });
  CHECK(error.cause() == ErrorCause::credential);
  CHECK(error.where.parameter == "assignees");
  CHECK(error.message().find("(GET /v2/team)") != std::string::npos);
}

TEST_CASE("faults of look-ups are found when the package is compiled") {
  const auto of = [](const std::string& lookup) {
    return faults("    request: GET /x\n", std::string(kPackage) + "lookups:\n  a: " + lookup);
  };
  CHECK(of("{ call: POST /x, match: name }\n").find("only reads") != std::string::npos);
  CHECK(of("{ call: GET /x }\n").find("needs 'match'") != std::string::npos);
  CHECK(of("{ match: name }\n").find("'call', 'calls' or 'of'") != std::string::npos);
  CHECK(of("{ of: b, match: name }\n").find("no look-up 'b' above") != std::string::npos);
  CHECK(of("{ call: GET /x, match: name, form: guid }\n").find("'guid'") != std::string::npos);
  CHECK(of("{ call: GET /x, match: name, itms: x }\n").find("Did you mean 'items'") !=
        std::string::npos);
}

TEST_CASE("a parameter cannot name a look-up that is not there") {
  const std::string lines = R"(    request: GET /x
    parameters:
      a: { type: string, send: query, lookup: teem }
      b: { type: string, send: query, or_only: true }
)";
  const std::string found = faults(lines, kWithLookup);
  CHECK(found.find("no look-up 'teem'") != std::string::npos);
  CHECK(found.find("'or_only' needs 'lookup'") != std::string::npos);
}
