#include "core/workflow/keys.h"

#include <utility>

namespace engine::workflow {
namespace {

Parameter key(std::string name, ParameterType type, std::string text) {
  Parameter parameter;
  parameter.name = std::move(name);
  parameter.type = type;
  parameter.text = std::move(text);
  parameter.literal = true;
  return parameter;
}

Parameter required(Parameter parameter) {
  parameter.required = true;
  return parameter;
}

Parameter expression(Parameter parameter) {
  parameter.literal = false;
  return parameter;
}

Parameter between(Parameter parameter, double min, double max) {
  parameter.min = min;
  parameter.max = max;
  return parameter;
}

Parameter of(Parameter parameter, std::vector<Parameter> children) {
  parameter.children = std::move(children);
  return parameter;
}

Parameter with_default(Parameter parameter, Value value) {
  parameter.default_value = std::move(value);
  return parameter;
}

Parameter example(Parameter parameter, Value value) {
  parameter.examples.push_back(std::move(value));
  return parameter;
}

Parameter pick(std::string name, std::string text, std::vector<Choice> choices) {
  Parameter parameter = key(std::move(name), ParameterType::choice, std::move(text));
  parameter.default_value = Value(choices.front().value);
  parameter.choices = std::move(choices);
  return parameter;
}

constexpr double kMany = 1e9;

Parameter concurrency_key() {
  return of(
      key("concurrency", ParameterType::object, "How many executions run at once."),
      {between(required(key("limit", ParameterType::integer, "Executions at once.")), 1, kMany),
       expression(key("key", ParameterType::string,
                      "Executions with the same value share the limit, for example "
                      "\"{{ $json.customer }}\".")),
       pick("when_full", "What happens to one more.",
            {{"queue", "it waits"},
             {"skip", "it is dropped"},
             {"cancel_oldest", "the oldest is cancelled"}})});
}

Parameter settings_key() {
  using enum ParameterType;
  return of(
      key("settings", object, "How the workflow runs."),
      {with_default(key("timezone", string, "IANA name, for example Europe/Berlin."), "UTC"),
       key("timeout", duration, "Stops an execution after this time; waiting does not count."),
       with_default(key("expression_timeout", duration,
                        "Stops expressions that compute longer, for up to 16,384 items."),
                    "1s"),
       pick("order", "Whether independent branches run at the same time.",
            {{"parallel", "at the same time"}, {"sequential", "one after the other"}}),
       pick("durability", "How often progress is made safe.",
            {{"node", "after each node"},
             {"execution", "when it starts and ends"},
             {"none", "never, in memory only"}}),
       pick("on_crash", "What happens to an execution that a crash interrupted.",
            {{"resume", "it goes on"}, {"fail", "it fails"}}),
       key("error_workflow", string, "File or name of a workflow that is run when this one fails."),
       concurrency_key(),
       of(key("keep", object, "How long executions are kept."),
          {key("success", duration, "Those that succeeded."),
           key("error", duration, "Those that failed."),
           between(key("max", integer, "At most so many."), 0, kMany)}),
       of(key("env", list, "Environment variables that expressions may read."),
          {key("name", string, "")})});
}

Parameter retry_key() {
  using enum ParameterType;
  return of(
      key("retry", object, "Tries again when the node fails."),
      {with_default(between(key("attempts", integer, "Tries in all."), 1, 1000), 3),
       with_default(key("delay", duration, "The time before the second try."), "1s"),
       pick("backoff", "How the delay grows.",
            {{"exponential", "it doubles"}, {"fixed", "it stays the same"}}),
       with_default(key("max_delay", duration, "The delay never exceeds this."), "1m"),
       expression(key("on", string,
                      "Which errors: an expression over $error. Without it, those that can pass "
                      "by themselves."))});
}

}  // namespace

std::vector<Parameter> workflow_keys() {
  using enum ParameterType;
  return {example(required(key("name", string, "The name of the workflow.")), "Triage new bugs"),
          key("description", string, "What it is for."), settings_key(),
          key("inputs", map, "The inputs it takes when another workflow calls it."), [] {
            Parameter nodes = required(key("nodes", list, "The steps, in order."));
            nodes.min = 1;
            return nodes;
          }()};
}

std::vector<Parameter> node_keys() {
  using enum ParameterType;
  return {example(required(key("id", string, "Names the node; lower case, unique in the file.")),
                  "get_task"),
          example(required(key("type", string, "What the node does.")), "http_request"),
          between(key("version", integer, "Of the type; the latest when absent."), 1, kMany),
          key("with", object, "The parameters of the type."),
          key("credential", string, "Name of the credential it uses."),
          of(key("credentials", map, "Names of credentials by slot, for nodes that take several."),
             {key("name", string, "")}),
          key("after", any, "The nodes it follows; without it, the node above."),
          retry_key(),
          key("timeout", duration, "Stops the node after this time."),
          pick("on_error", "What a failure does.",
               {{"stop", "the execution fails"},
                {"continue", "the node gives what it has"},
                {"output", "failing items go to the output `error`"}}),
          key("always_output", boolean, "Runs what follows even when there are no items."),
          key("once", boolean, "Runs for the first item only."),
          key("disabled", boolean, "Items pass through; the node does nothing."),
          between(key("concurrency", integer, "Items in flight at once."), 1, 1000),
          key("pin", any, "Items given instead of running the node, in `run` and `test`."),
          key("notes", string, "For people."),
          key("do", list, "The body of a loop.")};
}

std::vector<Parameter> input_keys() {
  using enum ParameterType;
  Parameter type = pick("type", "What kind of value it takes.", {{"any", "whatever is given"}});
  for (const ParameterType known : {string, integer, number, boolean, ParameterType::choice,
                                    duration, time, object, map, list}) {
    type.choices.push_back({std::string(to_string(known)), ""});
  }
  return {std::move(type),
          key("text", string, "What it means."),
          key("required", boolean, "Whether it must be given."),
          key("default", any, "Its value when it is not given."),
          of(key("choices", list, "The values it can have, for the type choice."),
             {key("value", string, "")}),
          key("min", number, "The smallest number, or the shortest length."),
          key("max", number, "The largest number, or the greatest length.")};
}

}  // namespace engine::workflow
