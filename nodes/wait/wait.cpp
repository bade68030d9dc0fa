#include "core/base/error.h"
#include "core/node/declare.h"
#include "core/node/each_item.h"
#include "core/value/json.h"

namespace engine::nodes {
namespace {

Description describe() {
  Description d;
  d.id = "wait";
  d.title = "Wait";
  d.text =
      "Holds the execution for a time, until a point in time, or until its resume URL "
      "(`$execution.resumeUrl`) is called. Waiting costs nothing and survives a restart.";
  d.parameters = {
      Declare("for", ParameterType::duration, "How long.").example("2h"),
      Declare("until", ParameterType::time, "Until when: ISO 8601 with a zone, or milliseconds.")
          .example("2026-12-24T18:00:00+01:00"),
      Declare("webhook", ParameterType::boolean,
              "Until the resume URL is called; `for` or `until` then say how long at most.")
          .otherwise(false)};
  d.traits = {true, true, false};
  d.examples = {"- id: later\n  type: wait\n  with: { for: 30m }\n"};
  return d;
}

TimePoint point_of(const Value& until) {
  if (const auto ms = until.as_integer()) return from_ms(*ms);
  if (const auto time = parse_time(until.as_string())) return *time;
  Error error(ErrorCause::user, "bad_time",
              "'" + to_text(until) +
                  "' is not a point in time. Write ISO 8601 with a zone, like "
                  "2026-12-24T18:00:00+01:00, or milliseconds since 1970.");
  error.where.parameter = "until";
  throw error;
}

class Wait final : public Node {
 public:
  NodeResult run(NodeContext& context) const override {
    const Items& input = context.input();
    NodeResult result;
    result.outputs.resize(1);
    for (std::size_t i = 0; i < input.size(); ++i)
      result.outputs[0].push_back(passed_on(input[i], i));
    result.ready_at = due(context);
    result.resumable = context.parameter("webhook").as_bool();
    return result;
  }

 private:
  static TimePoint due(NodeContext& context) {
    if (const Value until = context.parameter("until"); until.given()) return point_of(until);
    const Value length = context.parameter("for");
    if (const auto duration = parse_duration(length.as_string()))
      return context.clock().now() + *duration;
    if (context.parameter("webhook").as_bool()) return TimePoint::max();
    throw Error(ErrorCause::user, "nothing_to_wait_for",
                "The node does not say what to wait for. Give 'for', 'until' or 'webhook: true'.");
  }
};

void check(const Located& with, const std::string& file, Diagnostics& diagnostics) {
  const bool time = with.find("for") != nullptr;
  const bool point = with.find("until") != nullptr;
  if (time && point) {
    diagnostics.add(with.find("until")->position(file), "two_waits",
                    "'for' and 'until' are both given. Keep one of them.");
  } else if (!time && !point && with.find("webhook") == nullptr) {
    diagnostics.add(with.position(file), "nothing_to_wait_for",
                    "Nothing says what to wait for. Give 'for', 'until' or 'webhook: true'.");
  }
}

}  // namespace

NodeType wait() {
  NodeType type = action(describe(), std::make_shared<Wait>());
  type.check = check;
  return type;
}

}  // namespace engine::nodes
