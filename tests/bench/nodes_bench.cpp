// Items per second of nodes that only pass items on, over native values; one line of JSON.
#include <algorithm>
#include <chrono>
#include <cstdio>

#include "core/value/json.h"
#include "nodes/register_nodes.h"
#include "tests/support/fake_context.h"

using namespace engine;

namespace {

constexpr std::size_t kItems = 100'000;
constexpr int kRounds = 5;

Items make_items() {
  Items items;
  ValueBuilder builder;
  for (std::size_t i = 0; i < kItems; ++i) {
    builder.begin_object();
    builder.key("id");
    builder.integer(static_cast<std::int64_t>(i));
    builder.key("amount");
    builder.integer(static_cast<std::int64_t>(i * 2654435761U % 1'000'003U));
    builder.key("name");
    builder.string("item number " + std::to_string(i * 7919U % kItems));
    builder.end_object();
    items.push_back({builder.finish(), {}, Origin()});
  }
  return items;
}

// The best of some rounds: what the node costs, not what else the machine does.
double items_per_second(const Registry& registry, const char* id, const char* with, Items& items) {
  const NodeType& type = *registry.find(id);
  test::FakeContext context(type, parse_json(with));
  context.inputs[0] = items;
  double best = 0;
  for (int round = 0; round < kRounds; ++round) {
    const auto begin = std::chrono::steady_clock::now();
    NodeResult result = type.node->run(context);
    const std::chrono::duration<double> took = std::chrono::steady_clock::now() - begin;
    best = std::max(best, static_cast<double>(context.inputs[0].size()) / took.count());
    if (round + 1 == kRounds) items = std::move(result.outputs[0]);
  }
  return best;
}

}  // namespace

int main() {
  Registry registry;
  register_core_nodes(registry);
  Items items = make_items();
  const double if_rate = items_per_second(registry, "if", R"({"condition": true})", items);
  Items unsorted = items;
  const double by_number = items_per_second(
      registry, "sort", R"({"by": [{"field": "amount", "order": "desc"}]})", items);
  const double by_text =
      items_per_second(registry, "sort", R"({"by": [{"field": "name"}]})", unsorted);
  Items all = items;
  const double set_rate = items_per_second(
      registry, "set", R"({"fields": {"checked": true, "owner.name": "Ann"}})", all);
  const double limit_rate = items_per_second(registry, "limit", R"({"max": 1000})", items);
  std::printf(
      "{\"items\":%zu,\"if\":%.0f,\"sort_number\":%.0f,\"sort_text\":%.0f,\"set\":%.0f,"
      "\"limit\":%.0f}\n",
      kItems, if_rate, by_number, by_text, set_rate, limit_rate);
  return items.size() == 1000 ? 0 : 1;
}
