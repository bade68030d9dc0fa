// Which libraries are loaded, and what is said of those that are not.
#include <doctest/doctest.h>

#include "core/crypto/digest.h"
#include "core/crypto/encoding.h"
#include "tests/core/plugin/native_place.h"

using namespace engine;
using namespace engine::plugin;
using namespace engine::test;

namespace {

std::string read(const std::filesystem::path& path) {
  std::ifstream stream(path, std::ios::binary);
  return {std::istreambuf_iterator<char>(stream), {}};
}

// The faults of tests/plugins/faulty, built with this fault.
std::string faults(const std::string& fault, bool apart) {
  const NativePlace place;
  const std::string library = "faulty_" + fault;
  place.install(library, "faulty");
  if (!apart) place.inside("faulty");
  const Packages packages = place.load();
  CHECK(packages.loaded().empty());
  return faults_of(packages);
}

}  // namespace

TEST_CASE("a native package is listed with its hash") {
  const NativePlace place;
  const auto library = place.install("echo");
  const Packages packages = place.load();
  REQUIRE(faults_of(packages) == "");
  REQUIRE(packages.loaded().size() == 1);
  CHECK(packages.loaded()[0].kind == "native");
  CHECK(packages.loaded()[0].version == "1.0.0");
  CHECK(packages.loaded()[0].hash == to_hex(hash_of("sha256", read(library))));
  CHECK(packages.loaded()[0].nodes.size() == 2);
  CHECK(packages.loaded()[0].credentials.at(0).id == "echo");
}

TEST_CASE("what is known of a library is read without starting it again") {
  const NativePlace place;
  place.install("echo");
  place.load();
  // A program that could not be started.
  const Packages packages = place.load("/nonexistent/engine");
  REQUIRE(faults_of(packages) == "");
  CHECK(node_type(packages, "echo.echo").description.title == "Echo");
  // Another library of the same name is not known.
  place.file("echo/package.yaml", "name: echo\nversion: 1.0.1\nlibrary: echo.so\n");
  CHECK(place.load("/nonexistent/engine").loaded().empty());
}

TEST_CASE("what is wrong with a library is said, inside and apart") {
  const std::vector<std::pair<std::string, std::string>> expected{
      {"no_run", "The function 'run' of what is added is null."},
      {"small_action", "must begin with its size"},
      {"no_json", "is not valid JSON"},
      {"empty", "it adds nothing"},
      {"half_way", "The licence has run out."},
      // Its thread runs on, so its code has to stay.
      {"thread", "The licence has run out."},
      {"twice", "the node type 'faulty.node' version 1 is added twice"},
      {"no_entry", "it has no function engine_plugin_entry"},
      {"no_plugin", "its entry gave nothing"},
      {"too_new",
       "was built for version 1.1 of the plugin interface, and this engine (0.1.0) takes "
       "1.0 to 1.0"},
      {"other_major", "was built for version 2.0 of the plugin interface"},
      {"too_old", "was built for version 0.0 of the plugin interface"},
      {"other_name", "package.yaml gives the name 'faulty', and the library calls itself 'else'"},
      {"other_version",
       "package.yaml gives the version '1.0.0', and the library calls itself "
       "'2.0.0'"},
      {"small", "its engine_plugin has 16 bytes"},
      {"throw", "let an exception out of 'load'"}};
  for (const bool apart : {false, true}) {
    for (const auto& fault : expected) {
      const std::string said = faults(fault.first, apart);
      CAPTURE(fault.first);
      CHECK_MESSAGE(contains(said, fault.second), said);
    }
  }
}

TEST_CASE("all faults of the descriptions are said in one pass") {
  const std::string said = faults("bad_description", true);
  CHECK(contains(said, "'id' is 'faulty' or begins with 'faulty.'"));
  CHECK(contains(said, "Unknown key 'titel'. Did you mean 'title'?"));
  CHECK(contains(said, "There is no type 'integr'. Did you mean 'integer'?"));
}

TEST_CASE("a library that crashes while it is loaded leaves the engine alive") {
  CHECK(
      contains(faults("crash", true), "The plugin 'faulty' crashed (SIGABRT) while it was loaded"));
}

TEST_CASE("a library that hangs while it is loaded is given up") {
  const NativePlace place;
  place.install("faulty_hang", "faulty");
  place.policy("limits: { time: 200ms }\n");
  CHECK(contains(faults_of(place.load()), "was ended while it was loaded: it took longer"));
}

TEST_CASE("a missing library, and one that is none") {
  const NativePlace place;
  place.file("none/package.yaml", "name: none\nversion: 1.0.0\nlibrary: none.so\n");
  place.file("text/package.yaml", "name: text\nversion: 1.0.0\nlibrary: text.so\n");
  place.file("text/text.so", "no library\n");
  const std::string said = faults_of(place.load());
  CHECK(contains(said, "none.so' cannot be opened: No such file or directory"));
  CHECK(contains(said, "The plugin 'text' cannot be loaded: "));
  CHECK(contains(said, "text.so"));
}

TEST_CASE("a library or folder that others may change is refused") {
  const NativePlace place;
  const auto library = place.install("echo");
  chmod(library.c_str(), 0646);
  CHECK(contains(faults_of(place.load()), "echo.so' may be changed by other users"));
  chmod(library.c_str(), 0644);
  chmod(library.parent_path().c_str(), 0777);
  CHECK(contains(faults_of(place.load()), "may be changed by other users"));
  chmod(library.parent_path().c_str(), 0755);
  CHECK(faults_of(place.load()) == "");
}

TEST_CASE("a pinned library is loaded only with its hash") {
  for (const std::string isolation : {"none", "process"}) {
    const NativePlace place;
    const auto library = place.install("echo");
    const std::string hash = to_hex(hash_of("sha256", read(library)));
    place.policy("packages: { echo: { sha256: " + hash + ", isolation: " + isolation + " } }\n");
    CHECK(faults_of(place.load()) == "");
    place.policy("packages: { echo: { sha256: " + std::string(64, 'a') +
                 ", isolation: " + isolation + " } }\n");
    const std::string said = faults_of(place.load());
    CHECK(contains(said, "has the SHA-256 " + hash + ", and plugins.yaml pins aaaa"));
  }
}

TEST_CASE("plugins.yaml with faults loads nothing") {
  const NativePlace place;
  place.install("echo");
  place.policy("packages:\n  echo: { sha256: abc, isolation: non, memory: 3 }\n");
  const Packages packages = place.load();
  CHECK(packages.loaded().empty());
  const std::string said = faults_of(packages);
  CHECK(contains(said, "plugins.yaml:2:9: 'sha256' has 64 hexadecimal digits"));
  CHECK_MESSAGE(contains(said, "The isolation"), said);
  CHECK(contains(said, "'memory' is a size such as 512MiB"));
}

TEST_CASE("plugins.yaml that others may change loads nothing") {
  const NativePlace place;
  place.install("echo");
  place.policy("packages: { echo: { isolation: none } }\n");
  chmod((place.root / "packages" / "plugins.yaml").c_str(), 0666);
  const Packages packages = place.load();
  CHECK(packages.loaded().empty());
  CHECK(contains(faults_of(packages), "plugins.yaml' may be changed by other users"));
}
