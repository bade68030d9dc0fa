#include "core/node/binary_store.h"

#include <doctest/doctest.h>
#include <fcntl.h>
#include <sys/stat.h>

#include <fstream>
#include <set>
#include <thread>

#include "core/base/error.h"
#include "core/node/atomic_file.h"
#include "tests/support/fake_context.h"

using namespace engine;
using namespace engine::test;

namespace {

std::size_t files_in(const std::filesystem::path& folder) {
  std::size_t count = 0;
  for (const auto& entry : std::filesystem::directory_iterator(folder)) {
    if (entry.is_regular_file()) ++count;
  }
  return count;
}

mode_t mode_of(const std::filesystem::path& path) {
  struct stat status {};
  REQUIRE(::stat(path.c_str(), &status) == 0);
  return status.st_mode & 0777U;
}

struct StoreSetup {
  TemporaryFolder folder;
  FakeRandom random;
  std::filesystem::path place = folder.path() / "deep" / "binaries";
  BinaryStore store{place, random};
};

}  // namespace

TEST_CASE("content is named by its SHA-256 and kept for the owner alone") {
  StoreSetup setup;
  CHECK_FALSE(std::filesystem::exists(setup.place));
  const Value binary = setup.store.put("abc", "text/plain", "a.txt");
  CHECK(binary.view()["id"].as_string() ==
        "ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad");
  CHECK(binary.view()["size"].as_integer() == 3);
  CHECK(binary.view()["mime_type"].as_string() == "text/plain");
  CHECK(binary.view()["file_name"].as_string() == "a.txt");
  CHECK(setup.store.read(binary) == "abc");
  CHECK(mode_of(setup.place) == 0700);
  CHECK(mode_of(setup.store.path(binary)) == 0600);
}

TEST_CASE("the same bytes are kept once, however they were written") {
  StoreSetup setup;
  setup.store.put("abcdef", "text/plain", "a");
  const auto writer = setup.store.writer();
  writer->write("abc");
  writer->write("def");
  const Value second = writer->finish("image/png", "b");
  CHECK(second.view()["mime_type"].as_string() == "image/png");
  CHECK(setup.store.read(second) == "abcdef");
  CHECK(setup.store.read(setup.store.put("", "", "")).empty());
  CHECK(files_in(setup.place) == 3);  // with the temporary one of `writer`, gone with it
}

TEST_CASE("what is not finished leaves nothing behind") {
  StoreSetup setup;
  setup.store.writer()->write("half");
  CHECK(files_in(setup.place) == 0);
}

TEST_CASE("references that are none cannot leave the folder") {
  StoreSetup setup;
  setup.store.put("abc", "", "");
  const std::string absent(64, '0');
  for (const char* id : {"", "../../etc/passwd", "/etc/passwd", absent.c_str()}) {
    try {
      setup.store.path(Value::object({{"id", id}}));
      FAIL("it was found");
    } catch (const Error& error) {
      CHECK(error.code() == "binary_missing");
      CHECK(error.cause() == ErrorCause::storage);
    }
  }
  CHECK_THROWS_AS(setup.store.read(Value()), Error);
}

TEST_CASE("threads may write the same content at once") {
  StoreSetup setup;
  std::vector<std::thread> threads;
  for (int i = 0; i < 8; ++i)
    threads.emplace_back([&] { setup.store.put(std::string(100'000, 'x'), "", ""); });
  for (std::thread& thread : threads) thread.join();
  CHECK(files_in(setup.place) == 1);
}

TEST_CASE("a full disk is told as such") {
  if (!std::filesystem::exists("/dev/full")) return;
  try {
    const int full = ::open("/dev/full", O_WRONLY);
    REQUIRE(full >= 0);
    write_all(full, "x", "/dev/full");
    FAIL("it was written");
  } catch (const Error& error) {
    CHECK(error.code() == "disk_full");
    CHECK(error.cause() == ErrorCause::storage);
  }
}

TEST_CASE("a file is replaced at once or not at all") {
  TemporaryFolder folder;
  FakeRandom random;
  {
    AtomicFile file(folder.path(), random, 0644);
    file.write("one");
    file.commit("a");
  }
  {
    AtomicFile file(folder.path(), random, 0644);
    file.write("two");
  }
  CHECK(std::filesystem::file_size(folder.path() / "a") == 3);
  CHECK(files_in(folder.path()) == 1);
  CHECK_THROWS_AS(AtomicFile(folder.path() / "missing", random, 0644), Error);
}

TEST_CASE("a sweep removes what is old and not referred to, and what a crash has left") {
  StoreSetup setup;
  const auto id = [](const Value& binary) { return std::string(binary["id"].as_string()); };
  const std::string used = id(setup.store.put("used", "text/plain", "a"));
  const std::string unused = id(setup.store.put("unused", "text/plain", "b"));
  const std::string again = id(setup.store.put("again", "text/plain", "c"));
  const std::string left = std::string(kTemporaryPrefix) + "12ab";
  std::ofstream(setup.place / left) << "half";
  std::ofstream(setup.place / "not ours") << "kept";
  const auto old = std::filesystem::file_time_type::clock::now() - std::chrono::hours(48);
  for (const std::string& name : {used, unused, again, left, std::string("not ours")}) {
    std::filesystem::last_write_time(setup.place / name, old);
  }
  setup.store.put("young", "text/plain", "d");
  setup.store.put("again", "text/plain", "e");  // the same bytes: not written, but young again
  int asked = 0;
  const auto referred = [&] {
    ++asked;
    return std::set<std::string, std::less<>>{used};
  };
  const auto day_ago = std::chrono::system_clock::now() - BinaryStore::kYoung;
  CHECK(setup.store.sweep(day_ago, referred) == 2);
  CHECK_FALSE(std::filesystem::exists(setup.place / unused));
  CHECK_FALSE(std::filesystem::exists(setup.place / left));
  CHECK(files_in(setup.place) == 4);
  CHECK(asked == 1);
  CHECK(setup.store.sweep(day_ago - std::chrono::hours(48), referred) == 0);
  CHECK(asked == 1);  // nothing to remove, nothing read
}

TEST_CASE("a store that was never used has nothing to sweep") {
  StoreSetup setup;
  CHECK(setup.store.sweep(std::chrono::system_clock::now(), [] {
    FAIL("asked");
    return std::set<std::string, std::less<>>();
  }) == 0);
}
