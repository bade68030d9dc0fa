#include "core/node/registry.h"

#include <doctest/doctest.h>

#include "core/base/error.h"

using namespace engine;

namespace {

NodeType named(const std::string& id, int version = 1, const std::string& title = "") {
  NodeType type;
  type.description.id = id;
  type.description.version = version;
  type.description.title = title;
  return type;
}

}  // namespace

TEST_CASE("the latest version is found unless another is asked for") {
  Registry registry;
  registry.add(named("a", 1, "old"));
  registry.add(named("a", 3, "new"));
  CHECK(registry.find("a")->description.version == 3);
  CHECK(registry.find("a", 1)->description.version == 1);
  CHECK(registry.find("a", 2) == nullptr);
  CHECK(registry.find("b") == nullptr);
  CHECK(registry.versions("a") == std::vector<int>{1, 3});
  CHECK(registry.versions("b").empty());
  CHECK(registry.title("a") == "new");
}

TEST_CASE("ids come sorted") {
  Registry registry;
  registry.add(named("b"));
  registry.add(named("a.c"));
  registry.add(named("a"));
  CHECK(registry.ids() == std::vector<std::string>{"a", "a.c", "b"});
}

TEST_CASE("the same type twice is our mistake") {
  Registry registry;
  registry.add(named("a"));
  CHECK_THROWS_AS(registry.add(named("a")), Error);
  CHECK_THROWS_AS(registry.add_lazy("a", 1, "A", [] { return named("a"); }), Error);
}

TEST_CASE("a lazy type is made on first use, once") {
  Registry registry;
  int loaded = 0;
  registry.add_lazy("a", 1, "A", [&] {
    ++loaded;
    return named("a", 1, "A");
  });
  CHECK(registry.title("a") == "A");
  CHECK(registry.ids().size() == 1);
  CHECK(loaded == 0);
  const NodeType* type = registry.find("a");
  REQUIRE(type != nullptr);
  CHECK(registry.find("a", 1) == type);
  CHECK(loaded == 1);
}

TEST_CASE("inputs are found by name") {
  Description description;
  description.inputs = {{"left", ""}, {"right", ""}};
  CHECK(find_input(description, "right") == 1);
  CHECK_FALSE(find_input(description, "main").has_value());
}

TEST_CASE("a description is JSON for forms") {
  NodeType type = named("a", 2, "A");
  type.description.traits.writes = true;
  type.description.parameters.emplace_back().name = "p";
  const Value json = describe_node(type.description);
  CHECK(json.view()["id"].as_string() == "a");
  CHECK(json.view()["version"].as_integer() == 2);
  CHECK(json.view()["traits"]["writes"].as_bool());
  CHECK(json.view()["parameters"][std::size_t{0}]["name"].as_string() == "p");
  CHECK(json.view()["inputs"][std::size_t{0}]["name"].as_string() == "main");
}
