#include "core/trigger/folder.h"

#include <doctest/doctest.h>

#include <fstream>

#include "tests/support/fake_context.h"

namespace engine::trigger {
namespace {

/// Texts that begin with "bad" are faulty; the name of a workflow is its text.
struct Files {
  test::TemporaryFolder place;
  int compiled = 0;
  Folder folder;

  Files()
      : folder({place.path()},
               [this](const std::string& text, const std::string& file,
                      Diagnostics& faults) -> std::shared_ptr<const workflow::Workflow> {
                 ++compiled;
                 if (text.starts_with("bad")) {
                   faults.add({file, 1, 1}, "bad", "It is bad.");
                   return nullptr;
                 }
                 auto workflow = std::make_shared<workflow::Workflow>();
                 workflow->name = text;
                 return workflow;
               }) {}

  void write(const std::string& name, const std::string& text) const {
    const std::filesystem::path file = place.path() / name;
    std::filesystem::create_directories(file.parent_path());
    std::ofstream(file) << text;
    // Two writes within one tick of the file system's clock look the same.
    static int tick = 0;
    std::filesystem::last_write_time(
        file, std::filesystem::file_time_type::clock::now() + std::chrono::seconds(++tick));
  }
  const Folder::Entry& entry(const std::string& name) const {
    return folder.entries().at((place.path() / name).string());
  }
};

}  // namespace

TEST_CASE("workflows are found in folders inside, their tests and hidden files are not") {
  Files files;
  files.write("a.yaml", "a");
  files.write("inner/b.yml", "b");
  files.write("a.test.yaml", "t");
  files.write(".c.yaml", "c");
  files.write("note.txt", "n");
  CHECK(files.folder.refresh());
  CHECK(files.folder.entries().size() == 2);
  CHECK(files.folder.folders().size() == 2);
  files.write("a.test.yaml", "changed");
  files.write("b.test.yaml", "new");
  CHECK_FALSE(files.folder.refresh());
  CHECK(files.folder.entries().size() == 2);
}

TEST_CASE("only what changed is read again") {
  Files files;
  files.write("a.yaml", "a");
  files.write("b.yaml", "b");
  CHECK(files.folder.refresh());
  CHECK(files.compiled == 2);
  CHECK_FALSE(files.folder.refresh());
  files.write("a.yaml", "a");  // touched, and the same
  CHECK_FALSE(files.folder.refresh());
  CHECK(files.compiled == 2);
  files.write("a.yaml", "new");
  CHECK(files.folder.refresh());
  CHECK(files.compiled == 3);
  CHECK(files.entry("a.yaml").workflow->name == "new");
  CHECK(files.entry("a.yaml").changed);
  CHECK_FALSE(files.entry("b.yaml").changed);
}

TEST_CASE("a faulty file keeps its last good version") {
  Files files;
  files.write("a.yaml", "a");
  files.folder.refresh();
  files.write("a.yaml", "bad");
  CHECK(files.folder.refresh());
  CHECK(files.entry("a.yaml").workflow->name == "a");
  CHECK(files.entry("a.yaml").faults.size() == 1);
  files.write("a.yaml", "better");
  files.folder.refresh();
  CHECK(files.entry("a.yaml").workflow->name == "better");
  CHECK(files.entry("a.yaml").faults.empty());
}

TEST_CASE("a file that is gone is forgotten, also when it comes back the same") {
  Files files;
  files.write("a.yaml", "a");
  files.folder.refresh();
  std::filesystem::remove(files.place.path() / "a.yaml");
  CHECK(files.folder.refresh());
  CHECK(files.folder.entries().empty());
  files.write("a.yaml", "a");
  CHECK(files.folder.refresh());
  CHECK(files.entry("a.yaml").workflow->name == "a");
}

}  // namespace engine::trigger
