#include <doctest/doctest.h>

#include "core/value/json.h"
#include "nodes/register_nodes.h"
#include "tests/support/fake_context.h"

using namespace engine;
using namespace engine::test;

namespace {

const std::string kLong(100, 'x');

Items long_items(std::size_t count) {
  Items items;
  ValueBuilder builder;
  for (std::size_t i = 0; i < count; ++i) {
    builder.begin_object();
    builder.key("id");
    builder.integer(static_cast<std::int64_t>(i));
    builder.key("text");
    builder.string(kLong);
    builder.end_object();
    items.push_back({builder.finish(), {}, Origin()});
  }
  return items;
}

NodeResult run(const char* id, const char* with, std::vector<Items> inputs) {
  Registry registry;
  register_core_nodes(registry);
  const NodeType& type = *registry.find(id);
  FakeContext context(type, parse_json(with));
  context.inputs = std::move(inputs);
  return type.node->run(context);
}

// Where the characters are: the same place means that nothing was copied.
const char* text_of(const Item& item, const char* field = "text") {
  return item.json.view()[field].as_string().data();
}

}  // namespace

TEST_CASE("nodes that pass items on share their values") {
  const Items items = long_items(3);
  const std::pair<const char*, const char*> cases[] = {
      {"if", R"({"condition": true})"},
      {"filter", R"({"condition": true})"},
      {"switch", R"({"rules": [{"output": "a", "condition": true}]})"},
      {"limit", R"({"max": 3})"},
      {"sort", R"({"by": [{"field": "id"}]})"},
      {"merge", R"({})"},
      {"no_op", R"({})"},
      {"remove_duplicates", R"({})"},
      {"wait", R"({"for": "1h"})"},
  };
  for (const auto& [id, with] : cases) {
    const std::string name = id;
    INFO(name);
    const NodeResult result = run(id, with, {items});
    REQUIRE(result.outputs[0].size() == 3);
    for (std::size_t i = 0; i < 3; ++i) {
      CHECK(text_of(result.outputs[0][i]) == text_of(items[i]));
      CHECK(result.outputs[0][i].json.arena_bytes() == items[i].json.arena_bytes());
      REQUIRE(result.outputs[0][i].origin.size() == 1);
      CHECK(result.outputs[0][i].origin[0] == Origin::Source{0, static_cast<std::uint32_t>(i)});
    }
  }
}

TEST_CASE("set shares what it keeps, and many items share one arena") {
  const Items items = long_items(1000);
  const NodeResult result = run("set", R"({"fields": {"a.b": 1}})", {items});
  REQUIRE(result.outputs[0].size() == 1000);
  const Item& first = result.outputs[0].front();
  const Item& last = result.outputs[0].back();
  CHECK(text_of(first) == text_of(items.front()));
  CHECK(text_of(last) == text_of(items.back()));
  CHECK(first.json.arena_bytes() == last.json.arena_bytes());
  // Three members, a nested object: far less than the texts themselves.
  CHECK(first.json.arena_bytes() < 1000 * 200);
}

TEST_CASE("nodes that take apart and put together share texts") {
  const Items items = long_items(2);
  const NodeResult all = run("aggregate", "{}", {items});
  const View gathered = all.outputs[0][0].json.view()["items"];
  CHECK(gathered[1]["text"].as_string().data() == text_of(items[1]));

  const NodeResult split = run("split_out", R"({"field": "items"})", {all.outputs[0]});
  REQUIRE(split.outputs[0].size() == 2);
  CHECK(text_of(split.outputs[0][0]) == text_of(items[0]));

  const NodeResult pairs = run("merge", R"({"mode": "position"})", {items, items});
  CHECK(text_of(pairs.outputs[0][1]) == text_of(items[1]));
  CHECK(pairs.outputs[0][1].origin.size() == 2);

  const NodeResult renamed = run("rename_keys", R"({"keys": {"text": "t"}})", {items});
  CHECK(text_of(renamed.outputs[0][0], "t") == text_of(items[0]));
}

TEST_CASE("a merge knows which input an item came from") {
  const Items items = long_items(1);
  const NodeResult result = run("merge", "{}", {items, items, items});
  REQUIRE(result.outputs[0].size() == 3);
  CHECK(result.outputs[0][2].origin[0] == Origin::Source{2, 0});
}

TEST_CASE("sorting a hundred thousand items keeps every one of them") {
  Items items = long_items(100'000);
  const NodeResult result = run("sort", R"({"by": [{"field": "id", "order": "desc"}]})", {items});
  REQUIRE(result.outputs[0].size() == 100'000);
  for (std::size_t i = 0; i < 100'000; i += 997)
    CHECK(result.outputs[0][i].json.view()["id"].as_integer() ==
          static_cast<std::int64_t>(99'999 - i));
}
