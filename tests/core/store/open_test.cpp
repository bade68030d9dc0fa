#include <sys/resource.h>
#include <sys/stat.h>
#include <sys/wait.h>
#include <unistd.h>

#include <csignal>
#include <fstream>

#include "core/store/connection.h"
#include "core/store/schema.h"
#include "tests/core/store/scratch_store.h"

using namespace engine;
using namespace engine::test;
using store::Connection;

namespace {

unsigned mode_of(const std::filesystem::path& path) {
  struct stat info {};
  REQUIRE(::stat(path.c_str(), &info) == 0);
  return info.st_mode & 0777U;
}

}  // namespace

TEST_CASE("a new database is private, and its folder too") {
  const ScratchFile scratch;
  const std::filesystem::path file = scratch.folder() / "a" / "b" / "engine.db";
  store::open_sqlite_store(file);
  CHECK(mode_of(file) == 0600);
  CHECK(mode_of(file.parent_path()) == 0700);
}

TEST_CASE("migrating twice changes nothing") {
  const ScratchFile scratch;
  Connection connection(scratch.file(), Connection::Access::write);
  store::migrate(connection.database());
  const int version = connection.database().execAndGet("PRAGMA user_version").getInt();
  CHECK(version >= 1);
  connection.database().exec("INSERT INTO workflows VALUES ('h', 'n', 'f', 't')");
  store::migrate(connection.database());
  CHECK(connection.database().execAndGet("PRAGMA user_version").getInt() == version);
  CHECK(connection.database().execAndGet("SELECT count(*) FROM workflows").getInt() == 1);
}

TEST_CASE("opening a database that is there writes nothing") {
  const ScratchFile scratch;
  const auto first = scratch.open();
  add(*first, execution_of("a"));
  const std::filesystem::path log = scratch.file().string() + "-wal";
  const auto size = std::filesystem::file_size(log);
  REQUIRE(size > 0);
  scratch.open();
  CHECK(std::filesystem::file_size(log) == size);
}

TEST_CASE("two stores on one file see each other's writes") {
  const ScratchFile scratch;
  const auto one = scratch.open();
  const auto two = scratch.open();
  add(*one, execution_of("a"));
  CHECK(two->find_execution("a"));
  CHECK(two->request_cancel("a"));
  CHECK(one->cancel_requested("a"));
}

TEST_CASE("a database of a later engine is refused and left alone") {
  const ScratchFile scratch;
  scratch.open();
  Connection connection(scratch.file(), Connection::Access::write);
  connection.database().exec("PRAGMA user_version = 999");
  CHECK(code_of([&] { scratch.open(); }) == "database_newer");
  CHECK(connection.database().execAndGet("PRAGMA user_version").getInt() == 999);
}

TEST_CASE("a database of another program is refused and left alone") {
  const ScratchFile scratch;
  Connection connection(scratch.file(), Connection::Access::write);
  connection.database().exec("CREATE TABLE executions (x); PRAGMA user_version = 1");
  CHECK(code_of([&] { scratch.open(); }) == "database_foreign");
  CHECK(connection.database().execAndGet("SELECT count(*) FROM sqlite_master").getInt() == 1);
}

TEST_CASE("a file that is no database is refused and left alone") {
  const ScratchFile scratch;
  const std::string text(5000, 'n');
  std::ofstream(scratch.file()) << text;
  CHECK(code_of([&] { scratch.open(); }) == "database_damaged");
  std::ifstream stream(scratch.file());
  CHECK(std::string(std::istreambuf_iterator<char>(stream), {}) == text);
}

TEST_CASE("a damaged page is reported as damage") {
  const ScratchFile scratch;
  {
    const auto store = scratch.open();
    for (int i = 0; i < 50; ++i) {
      add(*store, execution_of("e" + std::to_string(i)), {{1, {}, "e", std::string(20'000, 'x')}});
    }
    Connection connection(scratch.file(), Connection::Access::write);
    connection.database().exec("PRAGMA wal_checkpoint(TRUNCATE)");
  }
  const auto size = std::filesystem::file_size(scratch.file());
  {
    std::fstream stream(scratch.file(), std::ios::in | std::ios::out | std::ios::binary);
    stream.seekp(std::streamoff{2} * 4096);
    stream << std::string(size - std::size_t{2} * 4096, '\x5a');
  }
  CHECK(code_of([&] {
          const auto store = scratch.open();
          for (int i = 0; i < 50; ++i) events_of(*store, "e" + std::to_string(i));
        }) == "database_damaged");
}

TEST_CASE("a folder in the place of the file is an error that names it") {
  const ScratchFile scratch;
  std::filesystem::create_directory(scratch.file());
  CHECK(code_of([&] { scratch.open(); }) == "database_not_opened");
}

TEST_CASE("a folder that cannot be made is an error") {
  const ScratchFile scratch;
  std::ofstream(scratch.folder() / "file") << "x";
  CHECK(code_of([&] { store::open_sqlite_store(scratch.folder() / "file" / "sub" / "e.db"); }) ==
        "database_not_opened");
}

TEST_CASE("errors of SQLite have codes of the engine and name the file") {
  const auto explained = [](int code) {
    try {
      throw SQLite::Exception("told", code);
    } catch (const SQLite::Exception&) {
      try {
        store::throw_storage_error("x.db");
      } catch (const Error& error) {
        CHECK(error.cause() == ErrorCause::storage);
        CHECK(error.message().find("x.db") != std::string::npos);
        return error.code();
      }
    }
  };
  CHECK(explained(5) == "database_locked");       // SQLITE_BUSY
  CHECK(explained(8) == "database_read_only");    // SQLITE_READONLY
  CHECK(explained(13) == "database_full");        // SQLITE_FULL
  CHECK(explained(11) == "database_damaged");     // SQLITE_CORRUPT
  CHECK(explained(267) == "database_damaged");    // SQLITE_CORRUPT_VTAB, an extended code
  CHECK(explained(14) == "database_not_opened");  // SQLITE_CANTOPEN
  CHECK(explained(1) == "database_failed");       // SQLITE_ERROR
}

TEST_CASE("a full disk fails the write, and what was written before stays") {
  const ScratchFile scratch;
  add(*scratch.open(), execution_of("a"), {{1, {}, "e", "kept"}});
  const pid_t child = ::fork();
  REQUIRE(child >= 0);
  if (child == 0) {
    // Files of this process cannot grow: like a disk without space.
    std::signal(SIGXFSZ, SIG_IGN);
    const rlimit limit{400'000, 400'000};
    ::setrlimit(RLIMIT_FSIZE, &limit);
    int answer = 1;
    try {
      const auto store = scratch.open();
      try {
        store->append("a", {{2, {}, "e", std::string(2'000'000, 'x')}})->wait();
      } catch (const Error& error) {
        answer = error.code() == "database_full" ? 0 : 2;
      }
    } catch (...) {
      answer = 3;
    }
    ::_exit(answer);
  }
  int status = 0;
  REQUIRE(::waitpid(child, &status, 0) == child);
  CHECK(WIFEXITED(status));
  CHECK(WEXITSTATUS(status) == 0);
  const auto store = scratch.open();
  const auto events = events_of(*store, "a");
  REQUIRE(events.size() == 1);
  CHECK(events[0].data == "kept");
  store->append("a", {{2, {}, "e", "now"}})->wait();
  CHECK(events_of(*store, "a").size() == 2);
}
