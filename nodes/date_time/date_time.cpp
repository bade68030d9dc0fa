#include "core/base/error.h"
#include "core/node/batch_builder.h"
#include "core/node/declare.h"
#include "core/node/each_item.h"
#include "core/node/field_changes.h"
#include "nodes/date_time/date_format.h"

namespace engine::nodes {
namespace {

std::vector<Choice> units() {
  return {{"years", ""},       {"quarters", ""}, {"months", ""},  {"weeks", "Beginning on Monday."},
          {"days", ""},        {"hours", ""},    {"minutes", ""}, {"seconds", ""},
          {"milliseconds", ""}};
}

std::vector<Parameter> parameters() {
  return {
      Declare("operation", ParameterType::choice, "What is done.")
          .required()
          .one_of({{"now", "The current time."},
                   {"format", "A date as text."},
                   {"add", "A later date."},
                   {"subtract", "An earlier date."},
                   {"between", "How long it is from one date to another, in a unit."},
                   {"round", "To a unit: the beginning of the day, the nearest hour."},
                   {"extract", "A part of a date as a number."},
                   {"convert", "The same point in time in another zone."}}),
      Declare("value", ParameterType::any,
              "The date: ISO 8601, or milliseconds since 1970. Without a zone it is in `timezone`.")
          .example("{{ $json.due }}"),
      Declare("input_format", ParameterType::string,
              "How `value` and `to` are written, when not in ISO 8601.")
          .example("dd.MM.yyyy HH:mm"),
      Declare("timezone", ParameterType::string, "The zone; that of the workflow when not given.")
          .example("Europe/Berlin"),
      Declare("format", ParameterType::string,
              "Tokens as in Luxon: `yyyy-MM-dd HH:mm:ss`, `d MMMM yyyy`, `EEE`; or `iso`, "
              "`unix` (seconds) and `ms`, which give numbers. ISO 8601 when not given.")
          .only_for("operation", {"now", "format", "add", "subtract", "round", "convert"})
          .example("yyyy-MM-dd"),
      Declare("amount", ParameterType::integer, "How many units.")
          .only_for("operation", {"add", "subtract"}),
      Declare("unit", ParameterType::choice, "The unit.")
          .one_of(units())
          .otherwise("days")
          .only_for("operation", {"add", "subtract", "between", "round"}),
      Declare("to", ParameterType::any, "The second date of `between`.")
          .only_for("operation", {"between"}),
      Declare("direction", ParameterType::choice, "Where `round` goes.")
          .one_of({{"down", ""}, {"up", ""}, {"nearest", ""}})
          .otherwise("down")
          .only_for("operation", {"round"}),
      Declare("part", ParameterType::choice, "What `extract` gives.")
          .one_of({{"year", ""},
                   {"quarter", ""},
                   {"month", "1 is January."},
                   {"week", "By ISO 8601."},
                   {"day", "Of the month."},
                   {"day_of_year", ""},
                   {"weekday", "1 is Monday."},
                   {"hour", ""},
                   {"minute", ""},
                   {"second", ""},
                   {"millisecond", ""}})
          .only_for("operation", {"extract"}),
      Declare("into", ParameterType::string, "The field that receives the result.")
          .otherwise("date")};
}

Description describe() {
  Description d;
  d.id = "date_time";
  d.title = "Date and time";
  d.text =
      "Formats, shifts, compares, rounds and converts dates. Days and longer are counted on the "
      "calendar of the time zone, so `1 day` later is the same time of day, whatever the clocks "
      "did in between.";
  d.parameters = parameters();
  d.traits = {false, true, false};
  d.examples = {
      "- id: due\n  type: date_time\n  with: { operation: add, value: \"{{ $json.created }}\", "
      "amount: 14, unit: days, format: yyyy-MM-dd, into: due }\n"};
  return d;
}

Error missing(const std::string& parameter) {
  Error error(ErrorCause::user, "bad_parameter",
              "'" + parameter + "' is needed for this operation and has no value.");
  error.where.parameter = parameter;
  return error;
}

// The parameters of one item.
class Request {
 public:
  Request(NodeContext& context, std::size_t item) : context_(context), item_(item) {
    const Value zone = get("timezone");
    zone_ = find_zone(zone.given() ? std::string(zone.as_string()) : context.timezone());
  }

  Value result() const {
    const Value operation = get("operation");
    const std::string_view name = operation.as_string();
    if (name == "now") return shown({context_.clock().now(), zone_});
    const Zoned date = read("value");
    if (name == "add") return shown(add(date, amount(), unit()));
    if (name == "subtract") return shown(add(date, -amount(), unit()));
    if (name == "between") return between(date, read("to"), unit());
    if (name == "round") return shown(rounded(date));
    if (name == "extract") return part_of(date);
    return shown(date);
  }

 private:
  Value get(std::string_view name) const { return context_.parameter(name, item_); }

  Zoned read(const std::string& name) const {
    const Value value = get(name);
    if (!value.given()) throw missing(name);
    const Value format = get("input_format");
    if (!format.given()) return read_date(value, zone_);
    if (const auto date = DateFormat(format.as_string()).parse(value.as_string(), zone_))
      return *date;
    Error error(ErrorCause::user, "bad_date",
                "'" + std::string(value.as_string()).substr(0, 100) + "' is not written like '" +
                    std::string(format.as_string()) + "'.");
    error.where.parameter = name;
    throw error;
  }

  std::int64_t amount() const {
    const auto amount = get("amount").as_integer();
    if (!amount) throw missing("amount");
    // Its negative must exist; calendars end long before.
    return *amount == INT64_MIN ? INT64_MAX : *amount;
  }

  Unit unit() const { return parse_unit(get("unit").as_string("days")).value_or(Unit::day); }

  Zoned rounded(const Zoned& date) const {
    const Unit to = unit();
    const Zoned low = start_of(date, to);
    const Value direction = get("direction");
    if (low.time == date.time || direction.as_string("down") == "down") return low;
    const Zoned high = start_of(add(low, 1, to), to);
    if (direction.as_string() == "up") return high;
    return date.time - low.time < high.time - date.time ? low : high;
  }

  Value part_of(const Zoned& date) const {
    const DateParts parts = parts_of(date);
    const std::pair<std::string_view, int> known[] = {{"year", parts.year},
                                                      {"quarter", parts.quarter},
                                                      {"month", parts.month},
                                                      {"week", parts.week},
                                                      {"day", parts.day},
                                                      {"day_of_year", parts.day_of_year},
                                                      {"weekday", parts.weekday},
                                                      {"hour", parts.hour},
                                                      {"minute", parts.minute},
                                                      {"second", parts.second},
                                                      {"millisecond", parts.millisecond}};
    const Value part = get("part");
    for (const auto& [name, number] : known) {
      if (name == part.as_string()) return number;
    }
    throw missing("part");
  }

  Value shown(const Zoned& date) const {
    const Value format = get("format");
    const std::string_view name = format.as_string("iso");
    if (name == "iso") return print_iso(date);
    if (name == "ms") return to_ms(date.time);
    if (name == "unix")
      return static_cast<std::int64_t>(
          std::chrono::floor<std::chrono::seconds>(date.time).time_since_epoch().count());
    return DateFormat(name).print(date);
  }

  NodeContext& context_;
  std::size_t item_;
  const date::time_zone* zone_ = nullptr;
};

class DateTime final : public Node {
 public:
  NodeResult run(NodeContext& context) const override {
    NodeResult result;
    result.outputs.resize(1);
    const Items& input = context.input();
    BatchBuilder batch;
    std::vector<FieldChange> change(1);
    RepeatedPath into("into");
    each_item(context, result, [&](std::size_t i) {
      change[0] = {into.of(context.parameter("into", i).as_string()), Request(context, i).result()};
      Value json =
          batch.make([&](ValueBuilder& builder) { write_changed(builder, input[i].json, change); });
      result.outputs[0].push_back({std::move(json), input[i].binary, Origin::of(i)});
    });
    return result;
  }
};

}  // namespace

NodeType date_time() {
  return action(describe(), std::make_shared<DateTime>());
}

}  // namespace engine::nodes
