// What ClickUp's package costs a run that uses one operation, and what names cost a thousand items.
#include <algorithm>
#include <chrono>
#include <cstdio>
#include <vector>

#include "core/rest/register_packages.h"
#include "core/value/json.h"
#include "tests/core/rest/fake_context.h"

namespace {

using engine::Items;
using engine::Registry;
using engine::Value;

template <typename Work>
double milliseconds(const Work& work) {
  const auto begin = std::chrono::steady_clock::now();
  work();
  return std::chrono::duration<double, std::milli>(std::chrono::steady_clock::now() - begin)
      .count();
}

double median_load() {
  std::vector<double> times;
  for (int i = 0; i < 21; ++i) {
    times.push_back(milliseconds([] {
      Registry registry;
      engine::rest::register_packages(registry);
      registry.find("clickup.task.create");
    }));
  }
  std::sort(times.begin(), times.end());
  return times[times.size() / 2];
}

struct Names {
  double milliseconds = 0;
  std::size_t look_ups = 0;
};

// Ten people in turn, in a workspace of a thousand.
Names resolve_names() {
  Registry registry;
  engine::rest::register_packages(registry);
  const engine::NodeType& type = *registry.find("clickup.task.create");
  std::string people;
  for (int i = 0; i < 1000; ++i) {
    people += (i > 0 ? "," : "") + std::string(R"({"user":{"id":)") + std::to_string(1000 + i) +
              R"(,"username":"Person )" + std::to_string(i) + R"("}})";
  }
  const std::string teams = R"({"teams":[{"id":"1","name":"Acme","members":[)" + people + "]}]}";
  Items items;
  for (int i = 0; i < 1000; ++i) items.push_back({Value::object(), {}, {}});
  engine::test::FakeContext context(type.description, Value::object(), std::move(items));
  for (int i = 0; i < 1000; ++i) {
    context.with_of_items.push_back(
        Value::object({{"list_id", Value("901")},
                       {"name", Value("x")},
                       {"assignees", Value("Person " + std::to_string(i % 10 * 100))}}));
  }
  Names result;
  context.service = [&](const engine::http::Request& request) {
    if (request.method == "GET") ++result.look_ups;
    return engine::test::answer(request.method == "GET" ? teams : "{}");
  };
  result.milliseconds = milliseconds([&] { engine::test::run(*type.node, context); });
  return result;
}

}  // namespace

int main() {
  std::printf(R"({"bench":"clickup_package","ms":%.2f})"
              "\n",
              median_load());
  const Names names = resolve_names();
  std::printf(R"({"bench":"clickup_names","items":1000,"look_ups":%zu,"ms":%.1f})"
              "\n",
              names.look_ups, names.milliseconds);
}
