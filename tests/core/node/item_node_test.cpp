#include <doctest/doctest.h>

#include <atomic>
#include <mutex>

#include "core/base/error.h"
#include "core/node/node.h"
#include "tests/support/fake_context.h"

using namespace engine;
using namespace engine::test;

namespace {

/// Doubles `n`; fails for what `fails` says, gives nothing for 7.
class Doubler final : public ItemNode {
 public:
  std::function<bool(std::int64_t)> fails = [](std::int64_t) { return false; };
  mutable std::atomic<int> in_flight{0};
  mutable std::atomic<int> most{0};

 protected:
  Items run_item(NodeContext& context, std::size_t index) const override {
    const int now = ++in_flight;
    int seen = most.load();
    while (seen < now && !most.compare_exchange_weak(seen, now)) {
    }
    const auto n = *context.input()[index].json.view()["n"].as_integer();
    --in_flight;
    if (fails(n)) throw Error(ErrorCause::upstream, "failed", "It failed.");
    if (n == 7) return {};
    return {{Value::object({{"n", 2 * n}}), {}, Origin()}};
  }
};

Items numbers(int count) {
  Items items;
  for (int i = 0; i < count; ++i) items.push_back({Value::object({{"n", i}}), {}, Origin()});
  return items;
}

std::vector<std::int64_t> results(const NodeResult& result) {
  std::vector<std::int64_t> all;
  for (const Item& item : result.outputs.at(0)) all.push_back(*item.json.view()["n"].as_integer());
  return all;
}

struct ItemSetup {
  NodeType type;
  FakeContext context{type, Value::object()};
};

}  // namespace

TEST_CASE("items keep their order and know where they come from, however many are in flight") {
  for (const std::size_t parallel : {1U, 8U}) {
    ItemSetup setup;
    setup.context.parallel = parallel;
    setup.context.inputs[0] = numbers(100);
    const Doubler node;
    const NodeResult result = node.run(setup.context);
    REQUIRE(result.outputs[0].size() == 99);
    CHECK(results(result)[6] == 12);
    CHECK(results(result)[7] == 16);
    CHECK(result.outputs[0][7].origin[0].item == 8);
    CHECK(results(result)[98] == 198);
    CHECK(setup.context.done == 100);
    CHECK(node.most <= static_cast<int>(parallel));
  }
}

TEST_CASE("a node that keeps going sorts errors to their items") {
  for (const std::size_t parallel : {1U, 4U}) {
    ItemSetup setup;
    setup.context.parallel = parallel;
    setup.context.keeps = true;
    setup.context.inputs[0] = numbers(10);
    Doubler node;
    node.fails = [](std::int64_t n) { return n % 4 == 1; };
    const NodeResult result = node.run(setup.context);
    CHECK(results(result) == std::vector<std::int64_t>{0, 4, 6, 8, 12, 16});
    REQUIRE(result.failed.size() == 3);
    CHECK(result.failed[0].item == 1);
    CHECK(result.failed[2].item == 9);
    CHECK(result.failed[1].error.where.item == 5);
    CHECK(result.failed[1].error.code() == "failed");
  }
}

TEST_CASE("otherwise the first failure stops the rest, and what is done is kept") {
  ItemSetup setup;
  setup.context.inputs[0] = numbers(5);
  Doubler node;
  node.fails = [](std::int64_t n) { return n == 2; };
  const NodeResult result = node.run(setup.context);
  CHECK(results(result) == std::vector<std::int64_t>{0, 2});
  REQUIRE(result.failed.size() == 1);
  CHECK(result.failed[0].item == 2);
  CHECK(result.untried == std::vector<std::size_t>{3, 4});
}

TEST_CASE("the error of the lowest item is thrown, and no more work is begun") {
  std::atomic<int> begun{0};
  try {
    for_each_parallel(1000, 4, Cancellation(), [&](std::size_t i) {
      ++begun;
      if (i < 4) throw Error(ErrorCause::user, "bad", std::to_string(i));
    });
    FAIL("it did not throw");
  } catch (const Error& error) {
    CHECK(error.code() == "bad");
  }
  CHECK(begun < 1000);
}

TEST_CASE("everything is done once") {
  std::vector<std::atomic<int>> count(500);
  for_each_parallel(500, 16, Cancellation(), [&](std::size_t i) { ++count[i]; });
  for (const auto& times : count) CHECK(times == 1);
}

TEST_CASE("a cancellation ends the work") {
  const Cancellation cancel;
  CHECK_THROWS_WITH_AS(for_each_parallel(10, 1, cancel,
                                         [&](std::size_t i) {
                                           if (i == 3) cancel.cancel(CancelReason::cancelled);
                                           CHECK(i <= 3);
                                         }),
                       "Cancelled before it finished.", Error);
}
