#include <doctest/doctest.h>

#include <fstream>
#include <iterator>

#include "core/plugin/compiled_package.h"
#include "tests/core/plugin/place.h"

using namespace engine;
using namespace engine::plugin;
using namespace engine::test;

namespace {

std::filesystem::path only_file(const std::filesystem::path& folder) {
  std::filesystem::path file;
  for (const auto& entry : std::filesystem::directory_iterator(folder)) {
    CHECK(file.empty());
    file = entry.path();
  }
  return file;
}

std::string read_all(const std::filesystem::path& file) {
  std::ifstream stream(file, std::ios::binary);
  return {std::istreambuf_iterator<char>(stream), {}};
}

void write(const std::filesystem::path& file, const std::string& bytes) {
  std::ofstream(file, std::ios::binary | std::ios::trunc) << bytes;
}

std::vector<std::string> types_of(const Packages& packages) {
  Registry registry;
  packages.add_to(registry);
  return registry.ids();
}

}  // namespace

TEST_CASE("a compiled package reads as it was written, and nothing else reads") {
  PackageParts parts;
  parts.name = "acme";
  parts.title = "Acme";
  parts.version = "1";
  parts.package.source = "{}";
  parts.package.operations = {{"acme.a", 2, "A", "{\"x\":1}"}, {"acme.b", 1, "", ""}};
  parts.credentials = {{"acme", "{\"y\":2}"}};
  const std::string bytes = encode(parts);
  const auto read = decode(bytes);
  REQUIRE(read != nullptr);
  CHECK(read->name == "acme");
  REQUIRE(read->operations.size() == 2);
  CHECK(read->operations[0].id == "acme.a");
  CHECK(read->operations[0].version == 2);
  CHECK(read->operations[0].source == "{\"x\":1}");
  CHECK(read->credentials.at(0).source == "{\"y\":2}");
  for (std::size_t size = 0; size < bytes.size(); ++size) {
    CHECK(decode(bytes.substr(0, size)) == nullptr);
  }
  CHECK(decode(bytes + "x") == nullptr);
  CHECK(decode(std::string(200, '\xff')) == nullptr);
}

TEST_CASE("what was compiled is used again until a file changes") {
  const PluginPlace place;
  place.acme();
  const auto types = types_of(place.load(true));
  const auto kept = only_file(place.root / "cache");
  std::string bytes = read_all(kept);
  CHECK(contains(bytes, "Get a thing"));
  CHECK(types_of(place.load(true)) == types);
  CHECK(read_all(kept) == bytes);

  place.file("acme/thing.yaml",
             std::string(kThing) + "  drop: { title: Drop, request: POST /d }\n");
  CHECK(types_of(place.load(true)) ==
        std::vector<std::string>{"acme.thing.drop", "acme.thing.get", "acme.thing.list"});
  CHECK(read_all(only_file(place.root / "cache")) != bytes);
}

TEST_CASE("a damaged, foreign or old cache is not believed") {
  const PluginPlace place;
  place.acme();
  const auto types = types_of(place.load(true));
  const auto kept = only_file(place.root / "cache");
  const std::string bytes = read_all(kept);
  const auto reads_again = [&] {
    CHECK(types_of(place.load(true)) == types);
    CHECK(read_all(kept) == bytes);
  };
  SUBCASE("cut off") {
    write(kept, bytes.substr(0, bytes.size() / 2));
  }
  SUBCASE("empty") {
    write(kept, "");
  }
  SUBCASE("changed") {
    std::string changed = bytes;
    changed[changed.find("thing.get")] = 'k';
    write(kept, changed);
  }
  SUBCASE("of another build") {
    std::string changed = bytes;
    changed.replace(changed.find("engine package 1"), 16, "engine package 0");
    write(kept, changed);
  }
  SUBCASE("writable by others") {
    chmod(kept.c_str(), 0666);
  }
  reads_again();
}

TEST_CASE("a cache that cannot be written costs nothing but time") {
  const PluginPlace place;
  place.acme();
  write(place.root / "cache", "a file where the folder should be");
  CHECK(types_of(place.load(true)).size() == 2);
}

TEST_CASE("faulty packages are not kept") {
  const PluginPlace place;
  place.file("acme/package.yaml", "name: acme\nversion: '1'\n");
  CHECK(place.load(true).loaded().empty());
  CHECK_FALSE(std::filesystem::exists(place.root / "cache"));
}
