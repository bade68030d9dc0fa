#include "core/store/binary_ids.h"

#include "tests/core/store/scratch_store.h"

using namespace engine;
using namespace engine::test;
using store::collect_binary_ids;

TEST_CASE("ids of binary data are found in stored items") {
  const std::string a(64, 'a');
  const std::string b(64, '1');
  std::set<std::string, std::less<>> ids;
  collect_binary_ids(
      R"([{"binary":{"data":{"id":")" + a + R"(","size":3}}},{"id":")" + b + R"("}])", ids);
  CHECK(ids == std::set<std::string, std::less<>>{a, b});
}

TEST_CASE("what is no id of binary data is not taken for one") {
  std::set<std::string, std::less<>> ids;
  for (const std::string& id : {std::string(63, 'a'), std::string(64, 'A'), std::string(64, 'g')}) {
    collect_binary_ids(R"({"id":")" + id + R"("})", ids);
  }
  collect_binary_ids(R"({"id":"aaa)", ids);
  collect_binary_ids(R"({"name":")" + std::string(64, 'a') + R"("})", ids);
  CHECK(ids.empty());
}

TEST_CASE("all that is stored is looked through for references") {
  const ScratchFile scratch;
  const auto store = scratch.open();
  const auto item = [](char digit) {
    return R"([{"b":{"data":{"id":")" + std::string(64, digit) + R"("}}}])";
  };
  add(*store, execution_of("a"), {{1, {}, "e", item('1')}});
  store->append_piece("a", 2, 0, item('2'));
  store->append("a", {{2, {}, "e", "x"}}, {{"w", "n", "k", item('3')}})->wait();
  const std::set<std::string, std::less<>> all{std::string(64, '1'), std::string(64, '2'),
                                               std::string(64, '3')};
  CHECK(store->binary_references() == all);
}
