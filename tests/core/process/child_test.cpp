#include "core/process/child.h"

#include <doctest/doctest.h>
#include <signal.h>

#include <cerrno>
#include <thread>

#include "places.h"
#include "tests/support/no_filters.h"

using namespace engine;
using namespace engine::process;

namespace {

ChildOptions options() {
  ChildOptions result;
  result.program = ENGINE_CHILD_PROGRAM;
  result.largest_message = std::size_t{1} << 20U;
  return result;
}

ChildEnd end_of(const std::string& request, const Limits& limits = {},
                const ChildOptions& child_options = options()) {
  Child child(child_options);
  try {
    child.call(request, {}, limits, {});
  } catch (const ChildEnded& ended) {
    CHECK_FALSE(child.usable());
    errno = 0;
    CHECK(kill(child.pid(), 0) == -1);  // reaped
    CHECK(errno == ESRCH);
    return ended.end;
  }
  FAIL("the child lives on");
  return {};
}

}  // namespace

TEST_CASE("a child answers, again and again") {
  Child child(options());
  CHECK(child.call("hello", {}, {}, {}) == "hello");
  CHECK(child.call("", {}, {}, {}) == "");
  const std::string long_text(5'000'000, 'q');
  const std::string big = "pid" + long_text;
  Child patient({.program = ENGINE_CHILD_PROGRAM, .arguments = {}, .environment = {}});
  CHECK(patient.call(big, {}, {}, {}) == big);
  CHECK(child.usable());
  CHECK(child.memory_bytes() > 0);
}

TEST_CASE("a child asks in the middle of its work, and tells") {
  Child child(options());
  std::string heard;
  const Callbacks callbacks{[](std::string_view question) { return std::string(question) + "!"; },
                            [&](std::string_view note) { heard += std::string(note) + ";"; }};
  CHECK(child.call("ask", callbacks, {}, {}) == "got a question!");
  CHECK(child.call("notes", callbacks, {}, {}) == "notes");
  CHECK(heard == "note 0;note 1;note 2;");
}

TEST_CASE("what a callback throws ends the call and the child") {
  Child child(options());
  const Callbacks callbacks{[](std::string_view) -> std::string {
                              throw Error(ErrorCause::user, "no_answer", "There is no answer.");
                            },
                            {}};
  CHECK_THROWS_WITH_AS(child.call("ask", callbacks, {}, {}), "There is no answer.", Error);
  CHECK_FALSE(child.usable());
}

TEST_CASE("a child has nothing of the engine's but what it is given") {
  ChildOptions given = options();
  given.environment = {"TZ=Europe/Berlin"};
  Child child(given);
  CHECK(child.call("surroundings", {}, {}, {}) ==
        "0 1 2 3 group=own death=" + std::to_string(SIGKILL) + " environment=TZ=Europe/Berlin ");
}

TEST_CASE("how a child ended is told") {
  const ChildEnd crashed = end_of("crash");
  CHECK(crashed.kind == ChildEnd::Kind::signalled);
  CHECK(crashed.signal == SIGSEGV);
  CHECK(describe(crashed) == "crashed (SIGSEGV)");
  const ChildEnd exited = end_of("exit");
  CHECK(exited.kind == ChildEnd::Kind::exited);
  CHECK(exited.code == 3);
  CHECK(describe(exited) == "ended with exit code 3");
}

TEST_CASE("limits of time end a loop and a hang") {
  CHECK(end_of("loop", {.wall = {}, .processor = Milliseconds(50)}).kind == ChildEnd::Kind::time);
  CHECK(end_of("hang", {.wall = Milliseconds(50), .processor = {}}).kind == ChildEnd::Kind::time);
  CHECK(end_of("chat", {.wall = {}, .processor = Milliseconds(50)}).kind == ChildEnd::Kind::time);
}

TEST_CASE("a limit of memory ends one that takes without end") {
  constexpr std::uint64_t kLimit = std::uint64_t{64} << 20U;
  CHECK(end_of("allocate", {.wall = {}, .processor = {}, .memory_bytes = kLimit}).kind ==
        ChildEnd::Kind::memory);
}

#if !defined(__SANITIZE_ADDRESS__) && !defined(__SANITIZE_THREAD__)
TEST_CASE("a hard limit of memory holds although nobody looks") {
  ChildOptions limited = options();
  limited.hard_memory_bytes = std::uint64_t{64} << 20U;
  const ChildEnd end = end_of("allocate", {}, limited);
  CHECK(end.kind == ChildEnd::Kind::exited);
  CHECK(end.code == 9);  // its allocation failed
}
#endif

TEST_CASE("one that breaks the protocol is ended") {
  const ChildEnd garbage = end_of("garbage");
  CHECK(garbage.kind == ChildEnd::Kind::protocol);
  CHECK(describe(garbage).find("no message") != std::string::npos);
  const ChildEnd huge = end_of("huge");
  CHECK(huge.kind == ChildEnd::Kind::protocol);
  CHECK(huge.detail == "it sent a message of 3145728 bytes; the limit is 1048576");
  CHECK(end_of("ask").kind == ChildEnd::Kind::protocol);  // nobody answers questions here
}

TEST_CASE("one that closes its socket and stays is killed") {
  const ChildEnd end = end_of("close");
  CHECK(end.kind == ChildEnd::Kind::signalled);
  CHECK(end.signal == SIGKILL);
}

TEST_CASE("waiting for one that has closed its error output takes no processor time") {
  const auto processor = [] {
    timespec used{};
    clock_gettime(CLOCK_THREAD_CPUTIME_ID, &used);
    return std::chrono::seconds(used.tv_sec) + std::chrono::nanoseconds(used.tv_nsec);
  };
  Limits limits;
  limits.wall = Milliseconds(400);
  const auto before = processor();
  CHECK(end_of("mute", limits).kind == ChildEnd::Kind::time);
  CHECK(processor() - before < Milliseconds(150));
}

TEST_CASE("the last words of a child are kept, however much it wrote") {
  const ChildEnd end = end_of("complain");
  CHECK(end.code == 4);
  CHECK(end.errors.size() <= 4096);
  CHECK(end.errors.ends_with("the last words\n"));
}

TEST_CASE("cancellation kills in the middle of a call") {
  Child child(options());
  const Cancellation cancellation;
  std::thread other([&] { cancellation.cancel(CancelReason::cancelled); });
  CHECK_THROWS_WITH_AS(child.call("hang", {}, {}, cancellation), "Cancelled before it finished.",
                       Error);
  other.join();
  CHECK_FALSE(child.usable());
}

TEST_CASE("a program that is not there is an error") {
  ChildOptions none;
  none.program = "/nowhere/engine";
  try {
    const Child child(none);
    FAIL("started");
  } catch (const Error& error) {
    CHECK(error.code() == "process_not_started");
    CHECK(error.message().find("/nowhere/engine") != std::string::npos);
  }
}

TEST_CASE("one that shut out the world has no files, no network and no processes") {
  Child child(options());
  CHECK(child.call("shut in", {}, {}, {}) ==
        "open=Operation not permitted;create=Operation not permitted;"
        "connect=Operation not permitted;unix=Operation not permitted;"
        "fork=Operation not permitted;kill=Operation not permitted;"
        "exec=Operation not permitted;thread and memory=42x");
  CHECK(child.call("and still answers", {}, {}, {}) == "and still answers");
}

TEST_CASE("a kernel without filters is told, and files and network are kept away all the same") {
  Child child(options());
  const std::string answer = child.call("shut in without filters", {}, {}, {});
  if (test::has_namespaces()) {
    CHECK(answer ==
          "Filtering system calls is not possible here (Function not implemented); namespaces keep "
          "files and the network away instead. "
          "open=No such file or directory;create=No such file or directory;"
          "connect=Network is unreachable;unix=No such file or directory;thread and memory=42x");
  } else {
    CHECK(answer.starts_with(
        "Filtering system calls is not possible here (Function not implemented), nor are "
        "namespaces: nothing of the system keeps files and the network away. "));
    CHECK(answer.ends_with("thread and memory=42x"));
  }
  CHECK(child.call("and still answers", {}, {}, {}) == "and still answers");
}
