// Node types of plugins, inside and in a process of their own: the same results.
#include <doctest/doctest.h>

#include "core/http/message.h"
#include "tests/core/plugin/native_place.h"

using namespace engine;
using namespace engine::plugin;
using namespace engine::test;

namespace {

// Every test here holds for both.
class Both {
 public:
  Both(const std::string& library, bool apart, const std::string& version = "1.0.0") {
    place.install(library, library, version);
    if (!apart) place.inside(library);
    packages.emplace(place.load());
    REQUIRE(faults_of(*packages) == "");
  }
  NodeType type(const std::string& id) const { return node_type(*packages, id); }

  NativePlace place;
  std::optional<Packages> packages;
};

Value list(const char* json) {
  return parse_json(json);
}

}  // namespace

TEST_CASE("a plugin in C gives its items, with their origins") {
  for (const char* library : {"echo", "oldest"}) {
    for (const bool apart : {false, true}) {
      const Both both(library, apart);
      const NodeType type = both.type(std::string(library) + ".echo");
      CHECK(type.description.title == "Echo");
      CHECK(type.description.traits.pure);
      FakeContext context(type, Value::object());
      context.inputs = {items_of(list(R"([{"a":1.10,"b":"ü"},{"c":[null]}])"))};
      const NodeResult result = type.node->run(context);
      REQUIRE(result.outputs.size() == 1);
      CHECK(print_json(json_of(result.outputs[0])) == R"([{"a":1.10,"b":"ü"},{"c":[null]}])");
      REQUIRE(result.outputs[0].size() == 2);
      CHECK(result.outputs[0][1].origin[0] == Origin::Source{0, 1});
    }
  }
}

TEST_CASE("a plugin in C reads a parameter; a value of any kind arrives as it is") {
  for (const bool apart : {false, true}) {
    const Both both("echo", apart);
    const NodeType type = both.type("echo.wrap");
    FakeContext context(type, Value::object({{"value", parse_json(R"({"x":[1,"2",null]})")}}));
    const NodeResult result = type.node->run(context);
    CHECK(print_json(json_of(result.outputs.at(0))) == R"([{"value":{"x":[1,"2",null]}}])");
  }
}

TEST_CASE("a plugin in C++ evaluates parameters for each item and takes its defaults") {
  for (const bool apart : {false, true}) {
    const Both both("sample", apart, "1.2.0");
    const NodeType type = both.type("sample.upper");
    FakeContext context(type, Value::object({{"text", "{{ $json.name }}"}}));
    context.inputs = {items_of(list(R"([{"name":"ann"},{"name":"bo"}])"))};
    const NodeResult result = type.node->run(context);
    CHECK(print_json(json_of(result.outputs.at(0))) ==
          R"([{"name":"ann","text":"ANN!"},{"name":"bo","text":"BO!"}])");
    CHECK(context.done == 2);
  }
}

TEST_CASE("items that fail are told one by one, whatever was thrown, and the others are kept") {
  for (const bool apart : {false, true}) {
    const Both both("sample", apart, "1.2.0");
    const NodeType type = both.type("sample.picky");
    FakeContext context(type, Value::object());
    context.keeps = true;
    context.inputs = {items_of(
        list(R"([{"n":0},{"fail":"error"},{"fail":"exception"},{"fail":"number"},{"n":4}])"))};
    const NodeResult result = type.node->run(context);
    CHECK(print_json(json_of(result.outputs.at(0))) == R"([{"n":0},{"n":4}])");
    REQUIRE(result.failed.size() == 3);
    CHECK(result.failed[0].item == 1);
    CHECK(result.failed[0].error.cause() == ErrorCause::upstream);
    CHECK(result.failed[0].error.code() == "not_liked");
    CHECK(result.failed[0].error.http_status == 404);
    CHECK(result.failed[1].error.message() == "thrown by the plugin");
    CHECK(result.failed[2].error.code() == "unexpected_exception");
  }
}

TEST_CASE("a failing item leaves the rest untried unless the node keeps going") {
  for (const bool apart : {false, true}) {
    const Both both("sample", apart, "1.2.0");
    const NodeType type = both.type("sample.picky");
    FakeContext context(type, Value::object());
    context.inputs = {items_of(list(R"([{"n":0},{"fail":"error"},{"n":2},{"n":3}])"))};
    const NodeResult result = type.node->run(context);
    CHECK(result.outputs.at(0).size() == 1);
    CHECK(result.failed.size() == 1);
    CHECK(result.untried == std::vector<std::size_t>{2, 3});
  }
}

TEST_CASE("a node has several outputs") {
  for (const bool apart : {false, true}) {
    const Both both("sample", apart, "1.2.0");
    const NodeType type = both.type("sample.split");
    FakeContext context(type, Value::object());
    context.inputs = {items_of(list(R"([{"odd":true},{"odd":false},{"odd":true}])"))};
    const NodeResult result = type.node->run(context);
    REQUIRE(result.outputs.size() == 2);
    CHECK(result.outputs[0].size() == 1);
    CHECK(result.outputs[1].size() == 2);
    CHECK(result.outputs[1][1].origin[0].item == 2);
  }
}

TEST_CASE("requests go through the engine") {
  for (const bool apart : {false, true}) {
    for (const std::size_t parallel : {std::size_t{1}, std::size_t{3}}) {
      const Both both("sample", apart, "1.2.0");
      const NodeType type = both.type("sample.fetch");
      FakeContext context(type, Value::object({{"url", "https://service.test/a?b=c"}}));
      context.parallel = parallel;
      context.inputs = {items_of(list(R"([{"x":1},{"x":1},{"x":1}])"))};
      for (int i = 0; i < 3; ++i) {
        http::Response response;
        response.status = 201;
        response.headers.add("Content-Type", "application/json");
        response.body = R"({"made":"yes"})";
        context.responses.push_back(response);
      }
      const NodeResult result = type.node->run(context);
      REQUIRE(result.failed.empty());
      CHECK(print_json(result.outputs.at(0).at(2).json) ==
            R"({"status":201,"type":"application/json","answer":{"made":"yes"},"signed":false})");
      REQUIRE(context.requests.size() == 3);
      CHECK(context.requests[0].method == "POST");
      CHECK(context.requests[0].url.starts_with("https://service.test/a?b=c&n="));
      CHECK(context.requests[0].headers.find("X-Own") == "yes");
      CHECK(context.requests[0].body.content_type == "application/json");
      CHECK(std::get<std::string>(context.requests[0].body.parts.at(0)) == R"({"x":1})");
    }
  }
}

TEST_CASE("a dry run shows the requests that may change something, and sends none of them") {
  for (const bool apart : {false, true}) {
    for (const std::size_t parallel : {std::size_t{1}, std::size_t{3}}) {
      const Both both("sample", apart, "1.2.0");
      const NodeType type = both.type("sample.fetch");
      FakeContext context(type, Value::object({{"url", "https://service.test/a"}}));
      context.dry = true;
      context.parallel = parallel;
      context.inputs = {items_of(list(R"([{"x":1},{"x":2}])"))};
      const NodeResult result = type.node->run(context);
      CHECK(result.failed.empty());
      CHECK(context.requests.empty());
      REQUIRE(context.would_do.size() == 2);
      CHECK(context.would_do[0].first.starts_with("POST https://service.test/a?n="));
      CHECK(context.would_do[0].second["x"].is_number());
      REQUIRE(result.outputs.at(0).size() == 2);
      const Value made = result.outputs[0][1].json["answer"];
      CHECK(made["id"].as_string() == "dry_run");
      CHECK(made["x"] == Value(2));
      CHECK(made["dry_run"]["url"].as_string() == "https://service.test/a?n=1");
    }
  }
}

TEST_CASE("a dry run reads, but nothing that was only pretended to be there") {
  for (const bool apart : {false, true}) {
    const Both both("sample", apart, "1.2.0");
    const NodeType type = both.type("sample.fetch");
    FakeContext context(type, Value::object({{"url", "{{ $json.url }}"}, {"method", "GET"}}));
    context.dry = true;
    context.inputs = {items_of(
        list(R"([{"url":"https://service.test/1"},{"url":"https://service.test/dry_run"}])"))};
    http::Response response;
    response.status = 200;
    response.body = R"({"read":true})";
    context.responses = {response};
    const NodeResult result = type.node->run(context);
    CHECK(result.failed.empty());
    REQUIRE(context.requests.size() == 1);
    CHECK(context.requests[0].url == "https://service.test/1?n=0");
    REQUIRE(context.would_do.size() == 1);
    CHECK(context.would_do[0].first == "GET https://service.test/dry_run?n=1");
  }
}

TEST_CASE("a dry run shows what changes something past the engine, and does not run it") {
  for (const bool apart : {false, true}) {
    const Both both("sample", apart, "1.2.0");
    const NodeType type = both.type("sample.write");
    FakeContext context(type, Value::object({{"name", "{{ $json.x }}"}}));
    context.dry = true;
    context.inputs = {items_of(list(R"([{"x":"a"},{"x":"b"}])"))};
    const NodeResult result = type.node->run(context);
    REQUIRE(context.would_do.size() == 2);
    CHECK(context.would_do[1].first == "sample.write");
    CHECK(print_json(context.would_do[1].second) == R"({"name":"b"})");
    CHECK(print_json(result.outputs.at(0).at(1).json) ==
          R"({"name":"b","id":"dry_run","dry_run":{"node_type":"sample.write",)"
          R"("parameters":{"name":"b"}}})");
    CHECK(result.outputs[0][1].origin[0].item == 1);
    context.dry = false;
    CHECK(error_of(type, context).code() == "nothing_failed");
    CHECK(type.node->run(context).failed.at(0).error.code() == "written");
  }
}

TEST_CASE("an item that is given as it came is the same item, not a copy") {
  for (const std::string library : {"echo", "sample"}) {
    for (const bool apart : {false, true}) {
      const bool in_c = library == "echo";
      const Both both(library, apart, in_c ? "1.0.0" : "1.2.0");
      const NodeType type = both.type(in_c ? "echo.echo" : "sample.same");
      FakeContext context(type, Value::object());
      context.inputs = {items_of(list(R"([{"a":[1.10,"long enough to need memory"]},{}])"))};
      context.inputs[0][1].binary =
          Value::object({{"data", context.binaries().put("bytes", "text/plain", "b.txt")}});
      const NodeResult result = type.node->run(context);
      REQUIRE(result.outputs.at(0).size() == 2);
      for (std::size_t i = 0; i < 2; ++i) {
        const Item& given = context.inputs[0][i];
        CHECK(result.outputs[0][i].json.same_as(given.json));
        CHECK(result.outputs[0][i].binary.same_as(given.binary));
        CHECK(result.outputs[0][i].origin[0].item == i);
      }
    }
  }
}

TEST_CASE("of an item that is given on without its binary data, that is not given") {
  for (const bool apart : {false, true}) {
    const Both both("sample", apart, "1.2.0");
    const NodeType type = both.type("sample.bare");
    FakeContext context(type, Value::object());
    context.inputs = {items_of(list(R"([{"a":1}])"))};
    context.inputs[0][0].binary =
        Value::object({{"data", context.binaries().put("bytes", "text/plain", "b.txt")}});
    const NodeResult result = type.node->run(context);
    CHECK(result.outputs.at(0).at(0).json.same_as(context.inputs[0][0].json));
    CHECK(result.outputs[0][0].binary.missing());
  }
}

TEST_CASE("stored values, binary data, time and late parameters") {
  for (const bool apart : {false, true}) {
    const Both both("sample", apart, "1.2.0");
    const NodeType type = both.type("sample.keeper");
    FakeContext context(type, Value::object({{"late", "{{ $x }}"}}));
    context.zone = "Europe/Berlin";
    context.memory["runs"] = Value(4);
    const std::string bytes(std::size_t{5} << 20U, 'b');
    Item item{Value::object(), {}, {}};
    item.binary = Value::object({{"data", context.binaries().put(bytes, "text/plain", "b.txt")}});
    context.inputs = {{item}};
    const NodeResult result = type.node->run(context);
    const Item& made = result.outputs.at(0).at(0);
    CHECK(print_json(made.json) ==
          R"({"runs":5,"bytes":5242880,"now":1772366400000,"zone":"Europe/Berlin","left":null,)"
          R"("late":7})");
    CHECK(context.memory["runs"] == Value(5));
    CHECK(context.binaries().read(made.binary["copy"]) == bytes + "!");
    CHECK(made.binary["copy"]["file_name"].as_string() == "c.txt");
  }
}

TEST_CASE("a parameter that cannot be evaluated for one item fails that item") {
  for (const bool apart : {false, true}) {
    const Both both("sample", apart, "1.2.0");
    const NodeType type = both.type("sample.upper");
    FakeContext context(type, Value::object());
    context.keeps = true;
    context.computed["text"] = [](std::size_t i) -> Value {
      if (i == 1) throw Error(ErrorCause::user, "bad_expression", "It has no name.");
      return "x";
    };
    context.inputs = {items_of(list(R"([{},{},{}])"))};
    const NodeResult result = type.node->run(context);
    CHECK(result.outputs.at(0).size() == 2);
    REQUIRE(result.failed.size() == 1);
    CHECK(result.failed[0].item == 1);
    CHECK(result.failed[0].error.code() == "bad_expression");
  }
}
