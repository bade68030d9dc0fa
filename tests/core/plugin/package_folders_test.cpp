#include <doctest/doctest.h>

#include "core/base/error.h"
#include "core/plugin/trusted_file.h"
#include "tests/core/plugin/place.h"

using namespace engine;
using namespace engine::plugin;
using namespace engine::test;

namespace {

Environment environment_of(const std::map<std::string, std::string>& variables) {
  return [variables](const std::string& name) {
    const auto found = variables.find(name);
    return found == variables.end() ? std::nullopt : std::optional(found->second);
  };
}

std::vector<std::string> paths_of(const std::vector<SearchFolder>& folders) {
  std::vector<std::string> paths;
  for (const SearchFolder& folder : folders) paths.push_back(folder.path.string());
  return paths;
}

}  // namespace

TEST_CASE("options come before the environment, and the user's own folder last") {
  const auto folders = search_folders(
      {"/a", "/b:/c"}, environment_of({{"ENGINE_PLUGINS", "/c::/d"}, {"XDG_DATA_HOME", "/data"}}));
  CHECK(paths_of(folders) ==
        std::vector<std::string>{"/a", "/b", "/c", "/d", "/data/engine/plugins"});
  CHECK(folders[2].origin == "--plugins");
  CHECK(folders[3].origin == "$ENGINE_PLUGINS");
  CHECK(folders[3].named);
  CHECK_FALSE(folders[4].named);
  CHECK(paths_of(search_folders({}, environment_of({{"HOME", "/home/ann"}}))) ==
        std::vector<std::string>{"/home/ann/.local/share/engine/plugins"});
  CHECK(search_folders({}, environment_of({})).empty());
}

TEST_CASE("a named folder must be there, the user's own need not") {
  CHECK(find_packages({{"/not/there", "default", false}}).packages.empty());
  try {
    find_packages({{"/not/there", "--plugins", true}});
    FAIL("nothing was thrown");
  } catch (const Error& error) {
    CHECK(error.code() == "plugin_not_read");
    CHECK(contains(error.message(), "--plugins: '/not/there'"));
  }
}

TEST_CASE("sub-folders with package.yaml are packages, and so is a named folder that has one") {
  const PluginPlace place;
  place.acme("b");
  place.acme("a");
  place.file("notes/readme.txt", "no package");
  place.file("loose.yaml", "");
  const auto found = find_packages({{place.root / "packages", "--plugins", true}});
  REQUIRE(found.packages.size() == 2);
  CHECK(found.packages[0].path.filename() == "a");
  CHECK(found.packages[1].path.filename() == "b");
  CHECK(find_packages({{place.root / "packages" / "a", "--plugins", true}}).packages.size() == 1);
}

TEST_CASE("what others may change is refused by name") {
  const PluginPlace place;
  place.acme();
  const auto package = place.root / "packages" / "acme";
  SUBCASE("a file") {
    chmod((package / "thing.yaml").c_str(), 0664);
    const Packages packages = place.load();
    CHECK(packages.loaded().empty());
    CHECK(contains(faults_of(packages), "thing.yaml' may be changed by other users"));
  }
  SUBCASE("a package") {
    chmod(package.c_str(), 0757);
    const Packages packages = place.load();
    REQUIRE(packages.refused().size() == 1);
    CHECK(packages.refused()[0].name == "acme");
    CHECK(contains(faults_of(packages), "chmod go-w '" + package.string() + "'"));
  }
  SUBCASE("a searched folder") {
    chmod((place.root / "packages").c_str(), 0777);
    CHECK_THROWS_AS(place.load(), Error);
    const auto found = find_packages({{place.root / "packages", "default", false}});
    CHECK(found.packages.empty());
    CHECK(found.refused.size() == 1);
  }
}

TEST_CASE("files of other users are refused, and those of root are not") {
  const PluginPlace place;
  const auto file = place.file("acme/package.yaml", kAcme);
  CHECK(read_trusted(file, 1000) == kAcme);
  CHECK_THROWS_WITH_AS(read_trusted(file, 10), doctest::Contains("more than 10 bytes"), Error);
  CHECK_THROWS_AS(read_trusted(place.root, 1000), Error);
  CHECK(read_trusted("/etc/hostname", 1000).size() > 1);
  if (geteuid() != 0) return;  // only root may give files away
  REQUIRE(chown(file.c_str(), 12345, 0) == 0);
  CHECK_THROWS_WITH_AS(read_trusted(file, 1000), doctest::Contains("belongs to user 12345"), Error);
}
