// Every operation of the vendor's documents exists. CLICKUP_OPENAPI names the folder that holds
// clickup-openapi-v2.json and clickup-openapi-v3.json; without it there is nothing to compare.
#include <cctype>
#include <cstdlib>
#include <fstream>
#include <sstream>

#include "tests/nodes/clickup_sandbox/support.h"

namespace engine::clickup::sandbox::test {
namespace {

bool is_method(std::string_view name) {
  return name == "get" || name == "post" || name == "put" || name == "patch" || name == "delete";
}

std::size_t check_document(const Desk& desk, const std::string& file) {
  std::ifstream stream(file);
  REQUIRE_MESSAGE(stream.good(), file << " cannot be read");
  std::stringstream text;
  text << stream.rdbuf();
  const Value document = parse_json(text.str(), file);
  std::size_t operations = 0;
  for (const auto& [pattern, methods] : document["paths"].View::members()) {
    const std::string path(pattern);
    for (const auto& [name, operation] : methods.members()) {
      if (!is_method(name)) continue;
      ++operations;
      std::string method(name);
      for (char& c : method) c = static_cast<char>(std::toupper(static_cast<unsigned char>(c)));
      CAPTURE(method);
      CAPTURE(path);
      CHECK(desk.sandbox.routed(method, path));
    }
  }
  return operations;
}

TEST_CASE("every operation of the vendor's documents is routed") {
  const char* folder = std::getenv("CLICKUP_OPENAPI");
  if (folder == nullptr) {
    MESSAGE("CLICKUP_OPENAPI is not set");
    return;
  }
  Desk desk;
  CHECK(check_document(desk, std::string(folder) + "/clickup-openapi-v2.json") >= 137);
  CHECK(check_document(desk, std::string(folder) + "/clickup-openapi-v3.json") >= 35);
}

}  // namespace
}  // namespace engine::clickup::sandbox::test
