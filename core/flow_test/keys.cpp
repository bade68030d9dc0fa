#include "core/flow_test/keys.h"

#include "core/node/declare.h"

namespace engine::flow_test {
namespace {

using enum ParameterType;

// Everything is taken as written: `{{` is plain text in a test.
Declare key(std::string name, ParameterType type, std::string text) {
  return Declare(std::move(name), type, std::move(text)).literal();
}

Declare texts_by_name(std::string name, std::string text) {
  return key(std::move(name), map, std::move(text)).of({key("value", string, "")});
}

Declare status(std::string text) {
  return key("status", integer, std::move(text)).at_least(100).at_most(599).otherwise(200);
}

std::vector<Parameter> exchange_keys() {
  return {
      key("request", any,
          "The requests it answers: \"GET https://api.example.com/items\", or a map; what is not "
          "named is free.")
          .required()
          .example("GET https://api.example.com/items"),
      key("response", object, "The answer.")
          .of({status("The status."), texts_by_name("headers", "The headers."),
               key("json", any, "The body, as JSON."), key("text", string, "The body."),
               key("file", string, "A file with the body, from the folder of the test file.")}),
      key("fails", choice, "There is no answer, but a failure.")
          .one_of({{"connection_failed", "nobody listens"},
                   {"connection_lost", "it was cut off"},
                   {"timeout", "no answer came in time"}}),
      key("times", any, "How many requests it answers: a number, or `any`; 1 without it.")
          .example(2)};
}

std::vector<Parameter> expect_keys() {
  return {key("status", choice, "How the execution ends; `failed` when an error is expected.")
              .one_of({{"success", "it succeeds"},
                       {"failed", "it fails"},
                       {"waiting", "it waits for its resume URL"}}),
          key("error", object, "What it fails with; what is not named is not compared.")
              .nullable()
              .of({key("node", string, "The node."), key("cause", string, "Who has to act."),
                   key("code", string, "The stable code."),
                   key("message", string, "A part of the message.")}),
          key("result", any, "What `engine run` would print: items of the last nodes."),
          key("nodes", map, "What nodes give: items, a number of items, or a map."),
          key("not_run", list, "Nodes that must not run.").nullable().of({key("id", string, "")}),
          key("requests", list, "All requests that are made, in any order.").nullable(),
          key("response", object, "What a `respond` node answers.")
              .nullable()
              .of({status("The status."), texts_by_name("headers", "Some of the headers."),
                   key("json", any, "The body, as JSON."), key("text", string, "The body.")}),
          key("files", map, "What files hold that are written. \\r\\n counts as \\n.")
              .of({key("content", string, "").nullable()})};
}

std::vector<Parameter> case_keys() {
  return {
      key("name", string, "What it shows.").required().example("A bug gets a priority"),
      key("trigger", string, "The trigger that starts it, when there are several."),
      key("items", any, "What the trigger gives: a list of maps, or one; {} without it."),
      key("clock", string, "The time it is, ISO 8601 with a zone.").example("2026-11-26T09:00:00Z"),
      texts_by_name("env", "Environment variables. Those of the machine are not seen."),
      key("vars", object, "What `$vars` holds."),
      key("files", map,
          "Files that `read_file` finds: their text, or {from: FILE}. All files of a case are in a "
          "folder of its own."),
      key("credentials", map,
          "Fields of credentials that are not secret, for example {clickup: {api_url: …}}. All "
          "credentials of the workflow are there without it.")
          .of({key("fields", object, "")}),
      key("pins", map, "What nodes give instead of being run: items, or {output: items}."),
      key("http", list, "Recorded answers of services. Every other request fails the case.")
          .of({key("exchange", object, "").of(exchange_keys())}),
      key("resume", list, "What the resume URL is called with, one wait after the other."),
      key("network", boolean,
          "Requests without a recorded answer really go out, with the real credentials.")
          .otherwise(false),
      key("timeout", duration, "Of real time.").otherwise("30s"),
      key("expect", object, "What must come of it; without it, that it succeeds.")
          .nullable()
          .of(expect_keys())};
}

}  // namespace

std::vector<Parameter> file_keys() {
  return {key("workflow", string,
              "The file of the workflow, from the folder of this one; flow.yaml for flow.test.yaml "
              "without it."),
          key("clock", string, "The time it is in cases that do not say it.")
              .otherwise("2026-01-01T00:00:00Z"),
          key("cases", list, "The cases.")
              .required()
              .at_least(1)
              .of({key("case", object, "").of(case_keys())})};
}

std::vector<Parameter> request_keys() {
  return {key("method", string, "The method.").otherwise("GET"),
          key("url", string, "The address. `*` stands for any text without `/`.")
              .required()
              .example("https://api.example.com/items/*"),
          texts_by_name("query", "Parameters behind the `?`; others are free."),
          texts_by_name("headers", "Headers; others are free."),
          key("json", any, "The body, as JSON."),
          texts_by_name("form", "The body, as a form."),
          key("text", string, "The body.")};
}

std::vector<Parameter> node_keys() {
  return {key("items", any, "The items."),
          key("count", integer, "How many items.").at_least(0).nullable(),
          key("outputs", map, "The items of each output, by its name."),
          key("fields", list, "Only these parts of items are compared.")
              .list_or_one()
              .of({key("path", string, "")})};
}

std::vector<Parameter> file_source_keys() {
  return {key("from", string, "A file, from the folder of the test file.").required()};
}

}  // namespace engine::flow_test
