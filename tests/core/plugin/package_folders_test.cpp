#include <doctest/doctest.h>
#include <unistd.h>

#include "core/base/error.h"
#include "core/plugin/private_group.h"
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
    chmod((package / "thing.yaml").c_str(), 0646);
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

TEST_CASE("a folder above that others may change is refused, unless it is like /tmp") {
  const PluginPlace place;
  const auto shared = place.root / "shared";
  const auto folder = shared / "deep" / "packages";
  std::filesystem::create_directories(folder);
  for (const auto& path : {shared, shared / "deep", folder}) chmod(path.c_str(), 0755);
  std::filesystem::rename(place.root / "packages", folder / "all");
  const auto load = [&](const std::filesystem::path& path) {
    return find_packages({{path, "--plugins", true}});
  };
  CHECK_NOTHROW(load(folder));
  chmod(shared.c_str(), 0777);
  CHECK_THROWS_WITH_AS(
      load(folder),
      doctest::Contains(("--plugins: '" + shared.string() +
                         "' may be changed by other users, who could put something else in the "
                         "place of '" +
                         folder.string() + "'")
                            .c_str()),
      Error);
  CHECK_THROWS_WITH_AS(load(folder),
                       doctest::Contains(("Run: chmod go-w '" + shared.string() + "'").c_str()),
                       Error);
  chmod(shared.c_str(), 01777);
  CHECK_NOTHROW(load(folder));
  if (geteuid() != 0) return;
  chmod(shared.c_str(), 0755);
  REQUIRE(chown(shared.c_str(), 12345, 0) == 0);
  CHECK_THROWS_WITH_AS(load(folder), doctest::Contains("belongs to user 12345"), Error);
}

TEST_CASE("links are followed: neither where they are nor where they lead may be changed") {
  const PluginPlace place;
  place.acme();
  const auto links = place.root / "links";
  std::filesystem::create_directory(links);
  chmod(links.c_str(), 0755);
  std::filesystem::create_directory_symlink(place.root / "packages", links / "packages");
  const auto load = [&] { return find_packages({{links / "packages", "--plugins", true}}); };
  CHECK(load().packages.size() == 1);
  chmod(links.c_str(), 0777);
  CHECK_THROWS_WITH_AS(load(), doctest::Contains("links' may be changed by other users"), Error);
  chmod(links.c_str(), 0755);
  // Of a package that is a link.
  const auto open = place.root / "open";
  std::filesystem::create_directory(open);
  std::filesystem::rename(place.root / "packages" / "acme", open / "acme");
  std::filesystem::create_directory_symlink(open / "acme", place.root / "packages" / "acme");
  chmod(open.c_str(), 0777);
  const auto found = load();
  CHECK(found.packages.empty());
  REQUIRE(found.refused.size() == 1);
  CHECK(contains(to_string(found.refused[0].faults.at(0)), "open' may be changed by other users"));
  chmod(open.c_str(), 0755);
  CHECK(load().packages.size() == 1);
}

TEST_CASE("a group may change a file only if it is its owner's own") {
  const PluginPlace place;
  const auto file = place.file("acme/package.yaml", kAcme);
  chmod(file.c_str(), 0664);
  if (is_private_group(getegid(), geteuid())) CHECK(read_trusted(file, 1000) == kAcme);
  CHECK_FALSE(is_private_group(getegid(), 12345));
  CHECK_FALSE(is_private_group(12345, geteuid()));
  if (geteuid() != 0) return;  // only root may give files away
  REQUIRE(chown(file.c_str(), 0, 12345) == 0);
  CHECK_THROWS_WITH_AS(read_trusted(file, 1000),
                       doctest::Contains("may be changed by other users. Run: chmod go-w"), Error);
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
