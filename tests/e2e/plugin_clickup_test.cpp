// ClickUp's package is nothing but a package: moved out of the binary it does the same.
#include <doctest/doctest.h>

#include "core/value/json.h"
#include "places.h"
#include "tests/e2e/clickup.h"
#include "tests/e2e/package.h"

namespace engine::e2e {
namespace {

std::string renamed(std::string text, const std::string& key) {
  const std::string from = key + ": clickup\n";
  for (std::size_t at = text.find(from); at != std::string::npos; at = text.find(from, at + 1)) {
    text.replace(at, from.size(), key + ": moved\n");
  }
  return text;
}

void move_out(const Place& place) {
  const std::filesystem::path root = ENGINE_SOURCE_DIR;
  for (const auto& entry : std::filesystem::directory_iterator(root / "nodes/clickup")) {
    if (entry.path().extension() != ".yaml") continue;
    package_file(place, "moved", entry.path().filename().string(),
                 renamed(renamed(read_all(entry.path()), "name"), "credential"));
  }
  package_file(place, "moved", "credential.yaml",
               renamed(read_all(root / "credentials/clickup/credential.yaml"), "credential"));
}

class Both {
 public:
  Both() : clickup_(place_) {
    move_out(place_);
    place_.environment["ENGINE_PLUGINS"] = "packages";
    for (const char* type : {"clickup", "moved"}) {
      const Outcome added =
          place_.engine({"credentials", "add", type, "--type", type, "--field", "auth=token",
                         "--field", "token=-", "--field", "api_url=" + clickup_.api_url()},
                        "pk_sandbox\n");
      REQUIRE_MESSAGE(added.code == 0, added.err);
    }
  }

  /// The items of an operation of one of the packages.
  Value run(const std::string& package, const std::string& operation, const std::string& with) {
    const std::string file =
        place_.file("flow.yaml", workflow("Flow", "  - id: call\n    type: " + package + "." +
                                                      operation + "\n    credential: " + package +
                                                      "\n    with: " + with + "\n"));
    const Outcome outcome = place_.engine({"run", file, "--no-save"});
    CHECK_MESSAGE(outcome.code == 0, outcome.err);
    return parse_json(outcome.out);
  }
  Outcome fail(const std::string& package, const std::string& operation, const std::string& with) {
    const std::string file =
        place_.file("flow.yaml", workflow("Flow", "  - id: call\n    type: " + package + "." +
                                                      operation + "\n    credential: " + package +
                                                      "\n    with: " + with + "\n"));
    return place_.engine({"run", file, "--no-save", "--quiet"});
  }
  const Place& place() const { return place_; }

 private:
  Place place_;
  ClickUp clickup_;
};

}  // namespace

TEST_CASE("ClickUp's package gives the same results from a folder as from the binary") {
  Both both;
  const std::vector<std::pair<std::string, std::string>> reads{
      {"workspace.get_many", "{}"},
      {"space.get_many", "{ team_id: \"9001\" }"},
      {"task.get_many", "{ list_id: Backlog, limit: 5 }"},
      {"task.get_many", "{ list_id: \"901\", include_closed: true }"},
      {"list.get", "{ list_id: \"https://app.clickup.com/9001/v/li/901\" }"},
      {"user.get_me", "{}"}};
  for (const auto& read : reads) {
    const std::string& operation = read.first;
    CAPTURE(operation);
    const Outcome shown = both.place().engine({"nodes", "show", "clickup." + operation});
    if (shown.code != 0) FAIL("no such operation");
    const Value built_in = both.run("clickup", operation, read.second);
    CHECK(built_in.size() > 0);
    CHECK(both.run("moved", operation, read.second).equals(built_in));
  }
}

TEST_CASE("names, dates and bodies are converted in the same way") {
  Both both;
  const std::string with =
      "{ list_id: \"901\", name: Moved, priority: high, due_date: \"2026-12-24\", tags: [bug] }";
  const Value built_in = both.run("clickup", "task.create", with)[std::size_t{0}];
  const Value moved = both.run("moved", "task.create", with)[std::size_t{0}];
  for (const char* member : {"name", "priority", "due_date", "tags", "list", "status", "creator"}) {
    CHECK_MESSAGE(moved[member].equals(built_in[member]), member);
    CHECK_MESSAGE(moved[member].given(), member);
  }
}

TEST_CASE("mistakes are told in the same words") {
  Both both;
  const auto mistake = [&](const std::string& package) {
    std::string text = both.fail(package, "task.get", "{ task_id: nothing_here }").err;
    for (std::size_t at = text.find(package + "."); at != std::string::npos;
         at = text.find(package + ".")) {
      text.replace(at, package.size() + 1, "PACKAGE-");
    }
    return text;
  };
  const std::string built_in = mistake("clickup");
  CHECK(contains(built_in, "PACKAGE-task.get"));
  std::string moved = mistake("moved");
  CHECK(contains(moved, "PACKAGE-task.get"));
  const Outcome check = both.place().engine({"plugin", "check", "packages/moved"});
  CHECK(check.code == 0);
}

}  // namespace engine::e2e
