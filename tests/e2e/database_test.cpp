#include <doctest/doctest.h>
#include <sqlite3.h>
#include <unistd.h>

#include <memory>
#include <stdexcept>

#include "core/value/json.h"
#include "tests/e2e/place.h"

namespace engine::e2e {
namespace {

using Database = std::unique_ptr<sqlite3, decltype(&sqlite3_close)>;

Database open_database(const std::filesystem::path& file) {
  sqlite3* handle = nullptr;
  const int result = sqlite3_open(file.c_str(), &handle);
  Database database(handle, sqlite3_close);
  if (result != SQLITE_OK) throw std::runtime_error("sqlite3_open failed");
  return database;
}

void execute(const Database& database, const char* sql) {
  if (sqlite3_exec(database.get(), sql, nullptr, nullptr, nullptr) != SQLITE_OK) {
    throw std::runtime_error(sqlite3_errmsg(database.get()));
  }
}

int version_of(const Database& database) {
  int version = 0;
  const auto read = [](void* into, int, char** row, char**) {
    *static_cast<int*>(into) = std::stoi(row[0]);
    return 0;
  };
  sqlite3_exec(database.get(), "PRAGMA user_version", read, &version, nullptr);
  return version;
}

// One sentence on stderr, nothing on stdout, 4.
void check_refused(const Outcome& outcome, const std::string& says) {
  CAPTURE(outcome.err);
  CHECK(outcome.code == 4);
  CHECK(outcome.signal == 0);
  CHECK(outcome.out == "");
  CHECK(outcome.err.rfind("error: ", 0) == 0);
  CHECK(count_of(outcome.err, "\n") == 1);
  CHECK(contains(outcome.err, says));
}

// The same program as somebody who may not write everywhere, as root may.
Outcome without_privileges(const Place& place, const std::vector<std::string>& arguments) {
  Command command = place.command(arguments);
  if (geteuid() == 0) {
    const std::filesystem::path copy = place.folder() / "engine";
    std::filesystem::copy_file(command.arguments[0], copy,
                               std::filesystem::copy_options::skip_existing);
    command.arguments[0] = copy.string();
    const std::vector<std::string> as_nobody{"/usr/bin/setpriv", "--reuid=65534", "--regid=65534",
                                             "--clear-groups"};
    command.arguments.insert(command.arguments.begin(), as_nobody.begin(), as_nobody.end());
  }
  return Process(command).wait();
}

// JSON of items with `bytes` in all, or somewhat more.
std::string large_input(std::size_t bytes) {
  std::string text = "[";
  while (text.size() < bytes) {
    text += (text.size() > 1 ? ",{\"text\":\"" : "{\"text\":\"") + std::string(1000, 'x') + "\"}";
  }
  return text + "]";
}

}  // namespace

TEST_CASE("a file that is no database is refused and left as it is") {
  const Place place;
  const std::string junk(9000, 'j');
  place.file("engine.db", junk);
  const std::string flow = place.file("flow.yaml", workflow("Flow", ""));
  check_refused(place.engine({"run", flow, "-q"}), "is damaged or is no database of this engine");
  check_refused(place.engine({"executions", "list"}), "is damaged");
  CHECK(read_all(place.database()) == junk);
}

TEST_CASE("a folder in the place of the database is refused") {
  const Place place;
  std::filesystem::create_directory(place.database());
  const std::string flow = place.file("flow.yaml", workflow("Flow", ""));
  check_refused(place.engine({"run", flow, "-q"}), "cannot be opened");
}

TEST_CASE("a database of a newer engine is refused and left as it is") {
  const Place place;
  const std::string flow = place.file("flow.yaml", workflow("Flow", ""));
  REQUIRE(place.engine({"run", flow, "-q"}).code == 0);
  const std::string version = std::to_string(version_of(open_database(place.database())));
  execute(open_database(place.database()), "PRAGMA user_version = 999");
  check_refused(place.engine({"run", flow, "-q"}), "has version 999");
  check_refused(place.engine({"executions", "list"}), "Use the newer engine");
  execute(open_database(place.database()), ("PRAGMA user_version = " + version).c_str());
  CHECK(place.executions().size() == 1);
}

TEST_CASE("a database that may not be written is refused, and left as it is") {
  const Place place;
  const std::string flow = place.file("flow.yaml", workflow("Flow", ""));
  REQUIRE(place.engine({"run", flow, "-q"}).code == 0);
  const std::string before = place.stored_bytes();
  using std::filesystem::perms;
  for (const auto& entry : std::filesystem::directory_iterator(place.folder())) {
    std::filesystem::permissions(entry.path(), perms(0444));
  }
  without_privileges(place, {"version"});  // makes its copy while the folder may be written
  std::filesystem::permissions(place.folder(), perms(0555));
  const Outcome refused = without_privileges(place, {"run", flow, "-q"});
  check_refused(refused, "engine.db cannot be ");
  CHECK(contains(refused.err, "; check "));
  // What is there can still be looked at.
  CHECK(contains(without_privileges(place, {"executions", "list"}).out, "Flow"));
  std::filesystem::permissions(place.folder(), perms::owner_all);
  CHECK(place.stored_bytes() == before);
}

TEST_CASE("a missing folder of the database is made") {
  const Place place;
  const std::string flow = place.file("flow.yaml", workflow("Flow", ""));
  const std::string file = (place.folder() / "new" / "folder" / "my.db").string();
  CHECK(place.engine({"--db", file, "run", flow, "-q"}).code == 0);
  CHECK(std::filesystem::exists(file));
  CHECK_FALSE(std::filesystem::exists(place.database()));
}

TEST_CASE("a database that stays locked by another process is named as such") {
  const Place place;
  const std::string flow = place.file("flow.yaml", workflow("Flow", ""));
  REQUIRE(place.engine({"run", flow, "-q"}).code == 0);
  const Database other = open_database(place.database());
  execute(other, "BEGIN IMMEDIATE");
  check_refused(place.engine({"run", flow, "-q"}), "is locked by another process");
  execute(other, "ROLLBACK");
  CHECK(place.engine({"run", flow, "-q"}).code == 0);
}

TEST_CASE("a database that is locked for a moment is waited for") {
  const Place place;
  const std::string flow = place.file("flow.yaml", workflow("Flow", ""));
  REQUIRE(place.engine({"run", flow, "-q"}).code == 0);
  const Database other = open_database(place.database());
  execute(other, "BEGIN IMMEDIATE");
  Process run(place.command({"run", flow, "-q"}));
  execute(other, "COMMIT");
  CHECK(run.wait().code == 0);
  CHECK(place.executions().size() == 2);
}

TEST_CASE("a disk that is full from the beginning is told in one sentence") {
  Place place;
  const std::string flow = place.file("flow.yaml", workflow("Flow", ""));
  place.largest_file = 16 * 1024;
  check_refused(place.engine({"run", flow, "-q"}), "disk full");
}

TEST_CASE("a disk that fills up during a run never leaves a success behind") {
  Place place;
  const std::string flow = place.file("flow.yaml", workflow("Flow", R"(  - id: copy
    type: set
    with: { fields: { more: "{{ $json.text }}" } }
)"));
  REQUIRE(place.engine({"run", flow, "-q"}).code == 0);
  const std::string input = place.file("large.json", large_input(1 << 20));
  place.largest_file = 512 * 1024;
  check_refused(place.engine({"run", flow, "-q", "--input", input}), "disk full");
  place.largest_file.reset();
  const Value all = place.executions();
  REQUIRE(all.size() == 2);
  CHECK(all[std::size_t{0}]["status"].as_string() != "success");
  CHECK(all[std::size_t{1}]["status"].as_string() == "success");
  CHECK(place.engine({"run", flow, "-q", "--input", input, "--output", "none"}).code == 0);
}

}  // namespace engine::e2e
