// Files that workflows read and write: only below the allowed folder, whatever the path says.
#include <doctest/doctest.h>

#include <filesystem>

#include "tests/e2e/place.h"

namespace engine::e2e {
namespace {

std::string file_node(const std::string& with, const std::string& path) {
  return workflow("Files", "  - id: file\n    " + with + ", path: \"" + path + "\" }\n");
}

constexpr const char* kRead = "type: read_file\n    with: { format: json";
constexpr const char* kWrite = "type: write_file\n    with: { format: json";
constexpr const char* kAppend = "type: write_file\n    with: { format: ndjson, append: true";

}  // namespace

TEST_CASE("no path leads out of the folder: not upwards, not absolute, not by a link") {
  const Place outside;
  outside.file("secret.json", R"([{"secret": 1}])");
  const Place place;
  std::filesystem::create_directory(place.folder() / "inner");
  std::filesystem::create_directory_symlink(outside.folder(), place.folder() / "folder_link");
  std::filesystem::create_symlink(outside.folder() / "secret.json",
                                  place.folder() / "file_link.json");
  std::filesystem::create_symlink(outside.folder() / "new.json", place.folder() / "new_link.json");
  const std::string absolute = (outside.folder() / "secret.json").string();
  for (const std::string& path : {std::string("../secret.json"), std::string("inner/../../x.json"),
                                  absolute, std::string("folder_link/secret.json"),
                                  std::string("file_link.json"), std::string("new_link.json")}) {
    for (const char* with : {kRead, kWrite, kAppend}) {
      CAPTURE(path);
      CAPTURE(with);
      const Outcome run =
          place.engine({"run", place.file("files.yaml", file_node(with, path)), "-q"});
      CHECK(run.code == 1);
      const bool dangling = path == "new_link.json";
      CHECK(contains(run.err, dangling ? "is reached by a link that leads to nothing"
                                       : "is outside of the folder that workflows may use"));
      CHECK(contains(run.err, "--files") != dangling);
      CHECK_FALSE(contains(run.out, "secret\""));
    }
  }
  CHECK(read_all(outside.folder() / "secret.json") == R"([{"secret": 1}])");
  CHECK_FALSE(std::filesystem::exists(outside.folder() / "new.json"));
}

TEST_CASE("--files names another folder, and a link inside of it is followed") {
  const Place place;
  std::filesystem::create_directory(place.folder() / "data");
  place.file("data/real.json", R"([{"n": 1}])");
  std::filesystem::create_symlink("real.json", place.folder() / "data" / "link.json");
  const std::string flow = place.file("files.yaml", file_node(kRead, "link.json"));
  CHECK(place.engine({"run", flow, "-q"}).code == 1);
  CHECK(place.engine({"--files", "data", "run", flow, "-q"}).out == "[{\"n\":1}]\n");
}

}  // namespace engine::e2e
