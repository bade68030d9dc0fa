#include <doctest/doctest.h>

#include <atomic>
#include <cstdio>
#include <thread>

#include "core/base/cancellation.h"
#include "core/base/diagnostic.h"
#include "core/base/id.h"
#include "core/base/log.h"
#include "core/base/nearest.h"
#include "core/base/time.h"

using namespace engine;

namespace {

class FixedClock final : public Clock {
 public:
  explicit FixedClock(std::int64_t ms) : time_(from_ms(ms)) {}
  TimePoint now() const override { return time_; }

 private:
  TimePoint time_;
};

class FixedRandom final : public Random {
 public:
  explicit FixedRandom(std::vector<std::uint64_t> values) : values_(std::move(values)) {}
  std::uint64_t next() override { return values_[at_++ % values_.size()]; }

 private:
  std::vector<std::uint64_t> values_;
  std::size_t at_ = 0;
};

std::optional<std::int64_t> ms(std::string_view text) {
  const auto time = parse_time(text);
  if (!time) return std::nullopt;
  return to_ms(*time);
}

std::string logged(LogFormat format, std::string_view message,
                   std::initializer_list<LogField> fields) {
  std::FILE* stream = std::tmpfile();
  const FixedClock clock(1'700'000'000'123);
  Logger logger(stream, LogLevel::info, format, clock);
  logger.debug("not shown");
  logger.info(message, fields);
  std::rewind(stream);
  std::string text(4096, '\0');
  text.resize(std::fread(text.data(), 1, text.size(), stream));
  std::fclose(stream);
  return text;
}

}  // namespace

TEST_CASE("durations need a unit and are exact") {
  CHECK(parse_duration("500ms") == Milliseconds(500));
  CHECK(parse_duration("1h30m") == Milliseconds(5'400'000));
  CHECK(parse_duration("7d") == Milliseconds(604'800'000));
  CHECK(parse_duration("0s") == Milliseconds(0));
  for (const char* bad : {"", "5", "5x", "s", "-5s", "-0s", "5 s", " 5s", "5s ", "1.5s", "+5s",
                          "9999999999999999999d", "36601d", "5S"}) {
    INFO(bad);
    CHECK_FALSE(parse_duration(bad));
  }
  CHECK(parse_duration("36600d"));
}

TEST_CASE("a duration prints in its shortest exact form, and reads back") {
  CHECK(format_duration(Milliseconds(5'400'000)) == "1h30m");
  CHECK(format_duration(Milliseconds(250)) == "250ms");
  CHECK(format_duration(Milliseconds(0)) == "0s");
  CHECK(format_duration(Milliseconds(-90'000)) == "-1m30s");
  for (const std::int64_t value : {1LL, 999LL, 86'399'999LL, 604'800'001LL}) {
    CHECK(parse_duration(format_duration(Milliseconds(value))) == Milliseconds(value));
  }
}

TEST_CASE("times are ISO 8601 with a zone") {
  CHECK(ms("1970-01-01T00:00:00Z") == 0);
  CHECK(ms("2026-11-22T18:27:12.345Z") == 1'795'372'032'345);
  CHECK(ms("2026-11-22T19:27:12.345+01:00") == 1'795'372'032'345);
  CHECK(ms("2026-11-22T12:57:12.3456789-0530") == 1'795'372'032'345);
  CHECK(ms("1969-12-31T23:59:59.999Z") == -1);
  CHECK(ms("2024-02-29 10:00+00") == 1'709'200'800'000);
  for (const char* bad :
       {"", "2026-11-22", "2026-11-22T18:27:12", "2026-13-01T00:00Z", "2026-02-29T00:00Z",
        "2026-01-01T24:00Z", "2026-01-01T00:60Z", "2026-01-01T00:00Zx", "2026-01-01T00:00+1",
        "2026-01-01T00:00+01:", "2026-01-01T00:00+01:60", "-026-01-01T00:00Z",
        "2026-01-01T00:00:00.Z", "2026-01-01T0a:00Z"}) {
    INFO(bad);
    CHECK_FALSE(ms(bad));
  }
  CHECK(format_time(from_ms(1'795'372'032'005)) == "2026-11-22T18:27:12.005Z");
  CHECK(format_time(from_ms(-1)) == "1969-12-31T23:59:59.999Z");
}

TEST_CASE("near names are typos, not guesses") {
  const std::vector<std::string> names{"task.create", "task.update", "set", "switch", "on_error"};
  CHECK(nearest_names("task.craete", names) == std::vector<std::string>{"task.create"});
  CHECK(nearest_names("Set", names) == std::vector<std::string>{"set"});
  CHECK(nearest_names("on-error", names) == std::vector<std::string>{"on_error"});
  CHECK(nearest_names("aggregate", names).empty());
  CHECK(nearest_names("", names).empty());
  CHECK(nearest_names(std::string(100'000, 'a'), names).empty());
  CHECK(nearest_names("a1", {"a2", "a3", "a4", "a5"}).size() == 3);
  CHECK(nearest_names("a1", {"a2", "a2"}).size() == 1);
  CHECK(did_you_mean("sett", names) == " Did you mean 'set'?");
  CHECK(did_you_mean("zzz", names).empty());
  CHECK(list_names({"a"}) == "'a'");
  CHECK(list_names({"a", "b", "c"}) == "'a', 'b' or 'c'");
}

TEST_CASE("errors say where they happened") {
  Error error(ErrorCause::upstream, "bad_gateway", "The service is down.");
  CHECK(describe(error) == "The service is down.");
  error.where = {"flow", "get", 2, "fields.a", {"flow.yaml", 3, 7}};
  CHECK(describe(error) ==
        "flow.yaml:3:7: node 'get', item 3, parameter 'fields.a': The service is down.");
  CHECK(parse_error_cause("rate_limited") == ErrorCause::rate_limited);
  CHECK(to_string(ErrorCause::bug) == "bug");
  CHECK_THROWS_AS(parse_error_cause("nothing"), Error);
  CHECK(to_string(Position{"f", 0, 0}) == "f");
}

TEST_CASE("diagnostics come in order, once each, and not without end") {
  Diagnostics diagnostics;
  CHECK(diagnostics.empty());
  diagnostics.add({"b", 1, 1}, "x", "m");
  diagnostics.add({"a", 10, 1}, "x", "m");
  diagnostics.add({"a", 2, 5}, "x", "m");
  diagnostics.add({"a", 2, 5}, "x", "m");
  const auto sorted = diagnostics.sorted();
  REQUIRE(sorted.size() == 3);
  CHECK(to_string(sorted[0]) == "a:2:5: m");
  CHECK(to_string(sorted[1]) == "a:10:1: m");
  CHECK(to_string(sorted[2]) == "b:1:1: m");
  for (int i = 0; i < 5000; ++i) diagnostics.add({"c", i, 1}, "x", "m");
  CHECK(diagnostics.full());
  CHECK(diagnostics.size() == Diagnostics::kMost);
}

TEST_CASE("ids are 26 characters that sort by time") {
  FixedRandom random({0, UINT64_MAX});
  CHECK(make_id(FixedClock(0), random) == "000000000000000000zzzzzzzz");
  CHECK(make_id(FixedClock(281'474'976'710'655), random) == "7zzzzzzzzz00000000zzzzzzzz");
  CHECK(make_id(FixedClock(1000), random) < make_id(FixedClock(1001), random));
}

TEST_CASE("random numbers stay below their limit") {
  FixedRandom random({UINT64_MAX, 7});
  CHECK(random.below(0) == 0);
  CHECK(random.below(5) == 2);  // the first value is from the incomplete stretch
  SystemRandom system;
  for (int i = 0; i < 100; ++i) CHECK(system.below(3) < 3);
}

TEST_CASE("log lines are whole and cannot be forged") {
  CHECK(logged(LogFormat::text, "a\nb", {{"k", "v\r\nw"}}) ==
        "2023-11-14T22:13:20.123Z info a b k=v  w\n");
  CHECK(
      logged(LogFormat::json, "say \"hi\"\n", {{"k", "\\\x01"}}) ==
      R"({"time":"2023-11-14T22:13:20.123Z","level":"info","message":"say \"hi\"\u000a","k":"\\\u0001"})"
      "\n");
}

TEST_CASE("the first reason of a cancellation wins") {
  const Cancellation cancellation;
  CHECK_FALSE(cancellation.requested());
  CHECK_NOTHROW(cancellation.check());
  cancellation.cancel(CancelReason::none);
  CHECK_FALSE(cancellation.requested());
  cancellation.cancel(CancelReason::timeout);
  cancellation.cancel(CancelReason::cancelled);
  CHECK(cancellation.reason() == CancelReason::timeout);
  CHECK_THROWS_WITH_AS(cancellation.check(), "Stopped because its time limit was reached.", Error);
  CHECK_FALSE(cancellation.wait_for(Milliseconds(60'000)));
}

TEST_CASE("callbacks run once, and not when their handle is gone") {
  const Cancellation cancellation;
  int first = 0;
  int second = 0;
  auto kept = cancellation.on_cancel([&] { ++first; });
  {
    const auto dropped = cancellation.on_cancel([&] { ++second; });
  }
  cancellation.cancel(CancelReason::none);
  CHECK(first == 0);
  cancellation.cancel(CancelReason::cancelled);
  cancellation.cancel(CancelReason::cancelled);
  CHECK(first == 1);
  CHECK(second == 0);
  const auto late = cancellation.on_cancel([&] { ++second; });
  CHECK(second == 1);
}

TEST_CASE("a callback may own a handle of the same cancellation") {
  const Cancellation cancellation;
  auto inner = std::make_shared<Cancellation::Handle>(cancellation.on_cancel([] {}));
  auto outer = cancellation.on_cancel([inner] {});
  inner.reset();
  outer = {};
  cancellation.cancel(CancelReason::cancelled);
  CHECK(cancellation.requested());
}

TEST_CASE("a child follows its parent and can be cancelled alone") {
  const Cancellation parent;
  const Cancellation alone = parent.child();
  const Cancellation follower = parent.child();
  alone.cancel(CancelReason::timeout);
  CHECK_FALSE(parent.requested());
  { const Cancellation gone = parent.child(); }
  parent.cancel(CancelReason::cancelled);
  CHECK(follower.reason() == CancelReason::cancelled);
  CHECK(alone.reason() == CancelReason::timeout);
  CHECK(parent.child().reason() == CancelReason::cancelled);
}

TEST_CASE("a waiting thread wakes up on cancel, and a handle waits for its callback") {
  const Cancellation cancellation;
  std::atomic<bool> finished{false};
  std::thread waiter([&] { finished = !cancellation.wait_for(Milliseconds(60'000)); });
  int value = 0;
  auto handle = cancellation.on_cancel([&] { value = 1; });
  std::thread canceller([&] { cancellation.cancel(CancelReason::cancelled); });
  canceller.join();
  waiter.join();
  handle = {};
  CHECK(finished);
  CHECK(value == 1);
}
