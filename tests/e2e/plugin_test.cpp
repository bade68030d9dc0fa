#include <doctest/doctest.h>

#include "core/value/json.h"
#include "tests/e2e/package.h"

using namespace engine;
using namespace engine::e2e;

namespace {

constexpr const char* kPackage = "name: acme\nversion: 1.2.0\nbase_url: http://127.0.0.1:9\n";
constexpr const char* kThing =
    "resource: thing\noperations:\n  list:\n    title: List things\n    request: GET /things\n";

void package(const Place& place, const std::string& name, const std::string& head) {
  package_file(place, name, "package.yaml", head);
  package_file(place, name, "thing.yaml", kThing);
}

}  // namespace

TEST_CASE("node types of a package are there, by option and by environment") {
  Place place;
  package(place, "acme", kPackage);
  const Outcome shown = place.engine({"--plugins", "packages", "nodes", "show", "acme.thing.list"});
  CHECK(shown.code == 0);
  CHECK(contains(shown.out, "List things"));
  CHECK(place.engine({"nodes", "show", "acme.thing.list"}).code == 2);
  place.environment["ENGINE_PLUGINS"] = "packages";
  const Outcome run = place.engine(
      {"run", place.file("flow.yaml", workflow("x", "  - id: things\n    type: acme.thing.list\n")),
       "--no-save"});
  CHECK(run.code == 1);
  CHECK(contains(run.err, "127.0.0.1"));
}

TEST_CASE("a workflow that names a type of a faulty package is told, and others run") {
  Place place;
  package(place, "acme", "name: acme\nversion: x\nbase_url: http://127.0.0.1:9\n");
  place.environment["ENGINE_PLUGINS"] = "packages";
  const Outcome asked = place.engine(
      {"validate",
       place.file("asks.yaml", workflow("x", "  - id: a\n    type: acme.thing.list\n"))});
  CHECK(asked.code == 3);
  CHECK(contains(asked.err,
                 "There is no node type 'acme.thing.list'. Its package 'acme' is not "
                 "loaded: packages/acme/package.yaml:2:10: 'x' is no version"));
  const Outcome other =
      place.engine({"run", place.file("other.yaml", workflow("y", "")), "--quiet"});
  CHECK(other.code == 0);
  CHECK(contains(other.err, "The package 'acme' is not loaded: packages/acme/package.yaml:2:10"));
}

TEST_CASE("plugin list shows where packages come from, plugin check everything that is wrong") {
  Place place;
  CHECK(contains(place.engine({"plugin", "list"}).out, "There are no packages"));
  package(place, "acme", kPackage);
  package(place, "bad", "name: bad\nversion: x\nbase_url: y\nmore: z\n");
  const Outcome list =
      place.engine({"--plugins", "packages", "plugin", "list", "--format", "json"});
  CHECK(list.code == 0);
  const Value listed = parse_json(list.out);
  REQUIRE(listed.size() == 2);
  CHECK(listed[std::size_t{0}]["name"].as_string() == "acme");
  CHECK(listed[std::size_t{0}]["version"].as_string() == "1.2.0");
  CHECK(listed[std::size_t{0}]["origin"].as_string() == "--plugins");
  CHECK(listed[std::size_t{0}]["hash"].as_string().size() == 64);
  CHECK_FALSE(listed[std::size_t{1}]["loaded"].as_bool(true));

  CHECK(place.engine({"plugin", "check", "packages/acme"}).code == 0);
  const Outcome check = place.engine({"plugin", "check", "packages/acme", "packages/bad"});
  CHECK(check.code == 3);
  CHECK(contains(check.out, "packages/acme: valid, acme 1.2.0 with 1 node types"));
  CHECK(contains(check.err, "packages/bad/package.yaml:2:10"));
  CHECK(contains(check.err, "packages/bad/package.yaml:4:1"));
}

TEST_CASE("on a full disk packages are read all the same, and nothing is left of their cache") {
  Place place;
  package(place, "acme", kPackage);
  place.environment["XDG_CACHE_HOME"] = (place.folder() / "cache").string();
  place.largest_file = 0;
  for (int i = 0; i < 2; ++i) {
    const Outcome list = place.engine({"--plugins", "packages", "plugin", "list"});
    CHECK(list.code == 0);
    CHECK(contains(list.out, "acme"));
    CHECK(list.err == "");
  }
  CHECK(std::filesystem::is_empty(place.folder() / "cache/engine/packages"));
  place.largest_file.reset();
  CHECK(place.engine({"--plugins", "packages", "plugin", "list"}).code == 0);
  CHECK_FALSE(std::filesystem::is_empty(place.folder() / "cache/engine/packages"));
}

TEST_CASE("where a package is refused is told before and beside what is in it") {
  const Place place;
  package(place, "acme", "name: acme\nversion: x\nbase_url: http://127.0.0.1:9\n");
  const auto folder = place.folder() / "packages";
  chmod(folder.c_str(), 0777);
  const Outcome check = place.engine({"plugin", "check", "packages/acme"});
  CHECK(check.code == 3);
  CHECK(contains(check.err,
                 "packages' may be changed by other users, who could put something else "
                 "in the place of"));
  CHECK(contains(check.err, "'x' is no version"));
  CHECK(contains(place.engine({"--plugins", "packages", "plugin", "list"}).err,
                 "packages' may be changed by other users"));
}

TEST_CASE("a new package is good, and its example shows the request without sending it") {
  Place place;
  const Outcome made = place.engine({"plugin", "new", "acme"});
  CHECK(made.code == 0);
  CHECK(contains(made.out, "acme: valid, acme 0.1.0 with 3 node types and 1 credential types"));
  CHECK(place.engine({"plugin", "new", "acme"}).code == 2);
  CHECK(place.engine({"plugin", "new", "Acme"}).code == 2);
  place.environment["ENGINE_PLUGINS"] = "acme";
  CHECK(
      place.engine({"credentials", "add", "acme", "--type", "acme", "--field", "token=-"}, "t0k\n")
          .code == 0);
  const Outcome run = place.engine({"run", "acme/workflows/try.yaml", "--dry-run"});
  CHECK(run.code == 0);
  const Value items = parse_json(run.out);
  const Value sent = items[std::size_t{0}]["dry_run"];
  CHECK(sent["method"].as_string() == "POST");
  CHECK(sent["url"].as_string() == "https://api.example.com/v1/items");
  CHECK(sent["body"]["due_ms"].as_integer() == 1896048000000);
}

TEST_CASE("a package is made from an OpenAPI document, and what is missing is told") {
  Place place;
  place.file("api.yaml", R"(openapi: 3.0.3
info: { title: Shop, version: "2" }
servers: [{ url: https://shop.example/api }]
paths:
  /orders/{id}:
    get:
      tags: [Orders]
      operationId: getOrder
      parameters: [{ name: id, in: path, required: true, schema: { type: string } }]
      responses: { "200": { description: ok } }
    trace: { responses: {} }
)");
  const Outcome made = place.engine({"plugin", "new", "shop", "--openapi", "api.yaml"});
  CHECK(made.code == 0);
  CHECK(contains(made.out, "TRACE /orders/{id} was left out"));
  CHECK(contains(made.out, "shop: valid, shop 0.1.0 with 1 node types"));
  CHECK(contains(read_all(place.folder() / "shop/README.md"), "TRACE /orders/{id} was left out"));
  CHECK(place.engine({"--plugins", "shop", "nodes", "show", "shop.orders.get_order"}).code == 0);
  const Outcome none =
      place.engine({"plugin", "new", "x", "--openapi", "api.yaml", "--only", "Ordrs"});
  CHECK(none.code == 2);
  CHECK(contains(none.err, "'Orders'"));
  CHECK_FALSE(std::filesystem::exists(place.folder() / "x"));
}

TEST_CASE("the schema of package files is printed") {
  const Place place;
  const Outcome schema = place.engine({"schema", "--package"});
  CHECK(schema.code == 0);
  CHECK(parse_json(schema.out)["$defs"]["trigger"]["properties"]["webhook"].given());
}
