#include "core/base/error.h"
#include "core/node/declare.h"
#include "core/node/trigger.h"
#include "nodes/schedule/cron.h"

namespace engine::nodes {
namespace {

constexpr Milliseconds kShortest{1000};

Description describe() {
  Description d;
  d.id = "schedule";
  d.title = "Schedule";
  d.text =
      "Starts the workflow at times of the clock (`cron`) or in even steps (`every`). Each tick "
      "starts it once, however often the server is restarted. Gives one item with the time of the "
      "tick and the time zone.";
  d.inputs.clear();
  d.parameters = {
      Declare(
          "cron", ParameterType::string,
          "Minute, hour, day of month, month, day of week, with an optional second in front; "
          "numbers, names (MON, JAN), ranges 1-5, steps */15, lists 1,15, L (last day), MON#2, "
          "FRIL, or @hourly, @daily, @weekly, @monthly, @yearly. A time that the clocks skip is "
          "due when they jump, one that comes twice is due once.")
          .example("0 8 * * MON-FRI"),
      Declare("every", ParameterType::duration,
              "Instead of `cron`: the time between two ticks, from 1s. Counted from "
              "1970-01-01T00:00Z, so that `15m` is due at :00, :15, :30 and :45.")
          .example("5m"),
      Declare("timezone", ParameterType::string,
              "Time zone of `cron`; that of the workflow's settings when not given.")
          .example("Europe/Berlin"),
      Declare("missed", ParameterType::choice, "Ticks that came while the server was down.")
          .one_of({{"skip", "They are left out."},
                   {"run_once", "The last one is run when the server starts."},
                   {"run_all", "All are run, oldest first."}})
          .otherwise("skip"),
      Declare("overlap", ParameterType::choice, "A tick while the execution before still runs.")
          .one_of({{"allow", "Both run."},
                   {"skip", "The tick is left out."},
                   {"queue", "It waits until the other is done."}})
          .otherwise("allow")};
  d.traits = {true, true, false};
  d.examples = {
      "- id: mornings\n  type: schedule\n"
      "  with: { cron: \"0 8 * * MON-FRI\", timezone: Europe/Berlin, missed: run_once }\n",
      "- id: often\n  type: schedule\n  with: { every: 5m, overlap: skip }\n"};
  return d;
}

Error at(const char* parameter, Error error) {
  error.where.parameter = parameter;
  return error;
}

Cron cron_of(std::string_view text) {
  try {
    return Cron::parse(text);
  } catch (const Error& error) {
    throw at("cron", error);
  }
}

Milliseconds step_of(std::string_view text) {
  const auto step = parse_duration(text);
  if (step && *step >= kShortest) return *step;
  throw at("every", Error(ErrorCause::user, "bad_schedule",
                          "'every' is '" + std::string(text) +
                              "'. Write a duration of at least 1s, like 5m."));
}

const date::time_zone& zone_of(const std::string& name) {
  try {
    return *date::locate_zone(name);
  } catch (const std::runtime_error&) {
    throw at("timezone",
             Error(ErrorCause::user, "unknown_zone",
                   "There is no time zone '" + name + "'. Use a name like 'Europe/Berlin'."));
  }
}

const date::time_zone& zone_of(const TriggerContext& context) {
  const Value own = context.parameter("timezone");
  return zone_of(own.given() ? std::string(own.as_string()) : context.timezone());
}

class Schedule final : public ScheduleTrigger {
 public:
  SchedulePolicy policy(const TriggerContext& context) const override {
    const Value missed = context.parameter("missed");
    const Value overlap = context.parameter("overlap");
    SchedulePolicy policy;
    if (missed.as_string() == "run_once") policy.missed = SchedulePolicy::Missed::run_once;
    if (missed.as_string() == "run_all") policy.missed = SchedulePolicy::Missed::run_all;
    if (overlap.as_string() == "skip") policy.overlap = SchedulePolicy::Overlap::skip;
    if (overlap.as_string() == "queue") policy.overlap = SchedulePolicy::Overlap::queue;
    return policy;
  }

  std::optional<TimePoint> next(const TriggerContext& context, TimePoint after) const override {
    if (const Value cron = context.parameter("cron"); cron.given()) {
      return cron_of(cron.as_string()).next(after, zone_of(context));
    }
    const Milliseconds step = step_of(context.parameter("every").as_string());
    const auto passed = std::chrono::floor<Milliseconds>(after.time_since_epoch());
    auto ticks = passed / step;
    if (passed.count() < 0 && passed % step != Milliseconds(0)) --ticks;
    return TimePoint(step * (ticks + 1));
  }

  Items items(const TriggerContext& context, TimePoint tick) const override {
    const date::time_zone& zone = zone_of(context);
    const std::string local = date::format("%FT%T%Ez", date::make_zoned(&zone, tick));
    Items items;
    items.push_back({Value::object({{"time", local}, {"timezone", zone.name()}}), {}, Origin()});
    return items;
  }
};

/// What can be seen in the file already. Templates are evaluated when the trigger is activated.
void check(const Located& with, const std::string& file, Diagnostics& diagnostics) {
  const Located* cron = with.find("cron");
  const Located* every = with.find("every");
  if ((cron == nullptr) == (every == nullptr)) {
    diagnostics.add(with.position(file), "bad_schedule",
                    cron == nullptr ? "The schedule does not say when. Give 'cron' or 'every'."
                                    : "'cron' and 'every' exclude each other. Give one of them.");
    return;
  }
  const auto is_plain = [](const Located* one) {
    return one != nullptr && one->scalar.as_string().find("{{") == std::string_view::npos;
  };
  const auto report = [&](const Located* one, const auto& read) {
    if (!is_plain(one)) return;
    try {
      read(one->scalar.as_string());
    } catch (const Error& error) {
      diagnostics.add(one->position(file), error.code(), error.message());
    }
  };
  report(cron, [](std::string_view text) { Cron::parse(text); });
  report(every, [](std::string_view text) { step_of(text); });
  report(with.find("timezone"), [](std::string_view text) { zone_of(std::string(text)); });
}

}  // namespace

NodeType schedule() {
  NodeType type;
  type.description = describe();
  type.kind = NodeKind::trigger;
  type.trigger = [made = std::make_shared<const Schedule>()](const TriggerContext&) -> Trigger {
    return std::shared_ptr<const ScheduleTrigger>(made);
  };
  type.check = check;
  return type;
}

}  // namespace engine::nodes
