// When schedules are due: cron expressions over real time zones, and even steps.
#include <doctest/doctest.h>

#include "core/base/error.h"
#include "nodes/register_nodes.h"
#include "nodes/schedule/cron.h"
#include "tests/support/fake_trigger_context.h"

namespace engine::nodes {
NodeType schedule();
}

using namespace engine;
using namespace engine::test;
using nodes::Cron;

namespace {

/// The next ticks, as local time with offset, joined by spaces.
std::string ticks(const char* cron, const char* zone_name, const char* after, int count) {
  const date::time_zone* zone = date::locate_zone(zone_name);
  const Cron schedule = Cron::parse(cron);
  TimePoint time = parse_time(after).value();
  std::string text;
  for (int i = 0; i < count; ++i) {
    const auto next = schedule.next(time, *zone);
    if (!next) return text + "end";
    CHECK(*next > time);
    time = *next;
    const auto local = date::make_zoned(zone, std::chrono::floor<std::chrono::seconds>(time));
    text += (i == 0 ? "" : " ") + date::format("%FT%T%Ez", local);
  }
  return text;
}

struct Row {
  const char* cron;
  const char* zone;
  const char* after;
  int count;
  const char* expected;
};

void check(const std::vector<Row>& rows) {
  for (const Row& row : rows) {
    CAPTURE(row.cron);
    CAPTURE(row.after);
    CHECK(ticks(row.cron, row.zone, row.after, row.count) == row.expected);
  }
}

std::string fault(const char* cron) {
  try {
    Cron::parse(cron);
  } catch (const Error& error) {
    CHECK(error.code() == "bad_cron");
    return error.message();
  }
  return "";
}

}  // namespace

TEST_CASE("cron fields are values, ranges, steps, lists and names") {
  check({
      {"*/15 * * * *", "UTC", "2026-03-01T10:07:30Z", 3,
       "2026-03-01T10:15:00+00:00 2026-03-01T10:30:00+00:00 2026-03-01T10:45:00+00:00"},
      {"*/20 30 12 * * *", "UTC", "2026-03-01T12:30:20Z", 2,
       "2026-03-01T12:30:40+00:00 2026-03-02T12:30:00+00:00"},
      {"0 9 * * MON-FRI", "Asia/Kolkata", "2026-01-02T03:30:00Z", 2,  // Friday, 09:00 there
       "2026-01-05T09:00:00+05:30 2026-01-06T09:00:00+05:30"},
      {"0 0 1 JAN,jul *", "UTC", "2026-01-01T00:00:00Z", 2,
       "2026-07-01T00:00:00+00:00 2027-01-01T00:00:00+00:00"},
      {"5/20 8-10/2 * * *", "UTC", "2026-01-01T08:25:00Z", 3,
       "2026-01-01T08:45:00+00:00 2026-01-01T10:05:00+00:00 2026-01-01T10:25:00+00:00"},
      {"0 0 * * sat-sun", "UTC", "2026-01-01T00:00:00Z", 3,
       "2026-01-03T00:00:00+00:00 2026-01-04T00:00:00+00:00 2026-01-10T00:00:00+00:00"},
      {"0 0 * * 7", "UTC", "2026-01-01T00:00:00Z", 1, "2026-01-04T00:00:00+00:00"},
      {"@monthly", "UTC", "2026-01-31T23:59:59.999Z", 1, "2026-02-01T00:00:00+00:00"},
      {"59 59 23 31 12 ?", "UTC", "2026-12-31T23:59:58.500Z", 2,
       "2026-12-31T23:59:59+00:00 2027-12-31T23:59:59+00:00"},
  });
}

TEST_CASE("with both day fields given, either fits") {
  check({{"0 0 13 * FRI", "UTC", "2026-01-31T00:00:00Z", 4,
          "2026-02-06T00:00:00+00:00 2026-02-13T00:00:00+00:00 2026-02-20T00:00:00+00:00 "
          "2026-02-27T00:00:00+00:00"}});
}

TEST_CASE("last days, last weekdays, nth weekdays, leap days") {
  check({
      {"0 0 L * *", "UTC", "2028-01-31T00:00:00Z", 2,
       "2028-02-29T00:00:00+00:00 2028-03-31T00:00:00+00:00"},
      {"0 0 * * FRIL", "UTC", "2026-01-01T00:00:00Z", 2,
       "2026-01-30T00:00:00+00:00 2026-02-27T00:00:00+00:00"},
      {"0 0 * * MON#2", "UTC", "2026-01-01T00:00:00Z", 2,
       "2026-01-12T00:00:00+00:00 2026-02-09T00:00:00+00:00"},
      {"0 0 29 2 *", "UTC", "2096-03-01T00:00:00Z", 1, "2104-02-29T00:00:00+00:00"},
  });
}

// Berlin: on 2026-03-29 02:00 becomes 03:00, on 2026-10-25 03:00 becomes 02:00.
TEST_CASE("a time that the clocks skip is due once, at the jump") {
  check({
      {"30 2 * * *", "Europe/Berlin", "2026-03-28T12:00:00Z", 2,
       "2026-03-29T03:00:00+02:00 2026-03-30T02:30:00+02:00"},
      {"*/10 2 * * *", "Europe/Berlin", "2026-03-28T12:00:00Z", 2,
       "2026-03-29T03:00:00+02:00 2026-03-30T02:00:00+02:00"},
      {"0 2,3 * * *", "Europe/Berlin", "2026-03-28T12:00:00Z", 2,
       "2026-03-29T03:00:00+02:00 2026-03-30T02:00:00+02:00"},
      {"30 2 * * *", "America/New_York", "2026-03-07T12:00:00Z", 2,
       "2026-03-08T03:00:00-04:00 2026-03-09T02:30:00-04:00"},
      {"10 2 * * *", "Australia/Lord_Howe", "2026-10-03T12:00:00Z", 2,
       "2026-10-04T02:30:00+11:00 2026-10-05T02:10:00+11:00"},
  });
}

TEST_CASE("a time that comes twice is due once, the first time") {
  check({
      {"30 2 * * *", "Europe/Berlin", "2026-10-24T12:00:00Z", 2,
       "2026-10-25T02:30:00+02:00 2026-10-26T02:30:00+01:00"},
      // Asked between the two.
      {"30 2 * * *", "Europe/Berlin", "2026-10-25T00:45:00Z", 1, "2026-10-26T02:30:00+01:00"},
      {"*/30 1-3 * * *", "Europe/Berlin", "2026-10-24T22:50:00Z", 6,
       "2026-10-25T01:00:00+02:00 2026-10-25T01:30:00+02:00 2026-10-25T02:00:00+02:00 "
       "2026-10-25T02:30:00+02:00 2026-10-25T03:00:00+01:00 2026-10-25T03:30:00+01:00"},
      {"30 1 * * *", "America/New_York", "2026-10-31T12:00:00Z", 2,
       "2026-11-01T01:30:00-04:00 2026-11-02T01:30:00-05:00"},
      {"45 1 * * *", "Australia/Lord_Howe", "2026-04-04T12:00:00Z", 2,
       "2026-04-05T01:45:00+11:00 2026-04-06T01:45:00+10:30"},
  });
}

TEST_CASE("a schedule of every hour goes on as time passes") {
  check({
      {"30 * * * *", "Europe/Berlin", "2026-10-24T23:50:00Z", 3,
       "2026-10-25T02:30:00+02:00 2026-10-25T02:30:00+01:00 2026-10-25T03:30:00+01:00"},
      {"30 * * * *", "Europe/Berlin", "2026-03-29T00:00:00Z", 2,
       "2026-03-29T01:30:00+01:00 2026-03-29T03:30:00+02:00"},
      {"0 * * * *", "Asia/Kolkata", "2026-01-01T00:00:00Z", 2,
       "2026-01-01T06:00:00+05:30 2026-01-01T07:00:00+05:30"},
  });
}

TEST_CASE("a bad expression is refused with its place and what is allowed") {
  CHECK(fault("0 25 * * *") ==
        "'0 25 * * *' is not a cron expression: '25' at column 3 (hour) is out of range. Allowed "
        "are * and 0 to 23, with ranges 1-5, steps */2 and lists 1,3.");
  CHECK(fault("0 0 * * MON,FRO").find("'FRO' at column 13 (day of week) cannot be read") !=
        std::string::npos);
  CHECK(fault("* * *").find("it has 3 fields. Write five") != std::string::npos);
  CHECK(fault("").find("it has 0 fields") != std::string::npos);
  CHECK(fault("0 0 30 2 *").find("no such day ever comes") != std::string::npos);
  CHECK(fault("0 0 0 * *").find("'0' at column 5 (day of month)") != std::string::npos);
  CHECK(fault("5-1 * * * *").find("ends before it begins") != std::string::npos);
  CHECK(fault("*/0 * * * *").find("needs a number from 1 behind the /") != std::string::npos);
  CHECK(fault("0 0 * * MON#6").find("needs 1 to 5 behind the #") != std::string::npos);
  for (const char* text :
       {"* * * * * * *", "99999999999 * * * *", "-1 * * * *", "1- * * * *", ", * * * *",
        "1,, * * * *", "@often", "L * * * *", "* * * * #", "# # # # #"}) {
    CAPTURE(text);
    CHECK(fault(text) != "");
  }
}

TEST_CASE("even steps are counted from 1970") {
  const NodeType type = nodes::schedule();
  FakeTriggerContext context(type, Value::object({{"every", "5m"}, {"missed", "run_all"}}));
  const auto trigger = std::get<std::shared_ptr<const ScheduleTrigger>>(type.trigger(context));
  const TimePoint tick = parse_time("2026-01-01T00:05:00Z").value();
  CHECK(trigger->next(context, parse_time("2026-01-01T00:00:00.001Z").value()) == tick);
  CHECK(trigger->next(context, tick) == tick + Milliseconds(300'000));
  CHECK(trigger->policy(context).missed == SchedulePolicy::Missed::run_all);
  CHECK(trigger->policy(context).overlap == SchedulePolicy::Overlap::allow);
}

TEST_CASE("a tick gives its time in the zone of the schedule") {
  const NodeType type = nodes::schedule();
  FakeTriggerContext context(type, Value::object({{"cron", "0 8 * * *"}}));
  context.zone = "Europe/Berlin";
  const auto trigger = std::get<std::shared_ptr<const ScheduleTrigger>>(type.trigger(context));
  const auto tick = trigger->next(context, parse_time("2026-07-01T12:00:00Z").value());
  CHECK(tick == parse_time("2026-07-02T06:00:00Z"));
  const Items items = trigger->items(context, *tick);
  REQUIRE(items.size() == 1);
  CHECK(items[0].json.view()["time"].as_string() == "2026-07-02T08:00:00.000+02:00");
  CHECK(items[0].json.view()["timezone"].as_string() == "Europe/Berlin");
}
