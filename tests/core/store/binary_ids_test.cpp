#include "core/store/binary_ids.h"

#include <doctest/doctest.h>

using engine::store::collect_binary_ids;

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
