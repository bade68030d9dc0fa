#include "core/http/server_message.h"
#include "core/node/binary_store.h"
#include "core/node/declare.h"
#include "core/node/each_item.h"
#include "core/value/json.h"

namespace engine::nodes {
namespace {

Description describe() {
  Description d;
  d.id = "respond";
  d.title = "Respond";
  d.text =
      "Answers the request that started the workflow, when its webhook has `response: respond`. "
      "Answers once, for the first item, and passes its items on. What the answer depends on is "
      "stored before.";
  d.parameters = {
      Declare("status", ParameterType::integer, "Status code.")
          .at_least(200)
          .at_most(599)
          .example(201),
      Declare("headers", ParameterType::map, "Headers of the answer.")
          .example(Value::object({{"Cache-Control", "no-store"}})),
      Declare("json", ParameterType::any, "Body, sent as JSON.")
          .example(Value::object({{"id", "{{ $json.id }}"}})),
      Declare("text", ParameterType::string, "Body, sent as text."),
      Declare("binary", ParameterType::string, "Name of the item's binary data to send."),
      Declare("redirect", ParameterType::string, "Address to send the caller to (302).")};
  d.traits = {false, true, false};
  d.examples = {
      "- id: answer\n  type: respond\n  with: { status: 201, json: { url: \"{{ $json.url }}\" } "
      "}\n"};
  return d;
}

// A header must not be able to begin another one.
bool is_plain(std::string_view text) {
  return text.find_first_of("\r\n") == std::string_view::npos &&
         text.find('\0') == std::string_view::npos;
}

void set_header(http::ServerResponse& answer, std::string_view name, const std::string& value) {
  if (name.empty() || !is_plain(name) || !is_plain(value)) {
    Error error(ErrorCause::user, "bad_header",
                "The header '" + std::string(name) + "' has a line break or no name.");
    error.where.parameter = "headers";
    throw error;
  }
  answer.headers.set(name, value);
}

http::ServerResponse make_answer(NodeContext& context) {
  http::ServerResponse answer;
  const Value redirect = context.parameter("redirect");
  const Value json = context.parameter("json");
  const Value text = context.parameter("text");
  const Value binary = context.parameter("binary");
  if (redirect.given()) {
    answer.status = 302;
    set_header(answer, "Location", to_text(redirect));
  } else if (!json.missing()) {
    set_header(answer, "Content-Type", "application/json");
    answer.body = print_json(json);
  } else if (text.given()) {
    set_header(answer, "Content-Type", "text/plain; charset=utf-8");
    answer.body = to_text(text);
  } else if (binary.given()) {
    const View file = context.input()[0].binary.view()[to_text(binary)];
    if (!file.is_object()) {
      throw Error(ErrorCause::user, "binary_missing",
                  "The item has no binary data '" + to_text(binary) + "'.");
    }
    set_header(answer, "Content-Type",
               std::string(file["mime_type"].as_string("application/octet-stream")));
    answer.body = context.binaries().read(file);
  } else {
    answer.status = 204;
  }
  if (const auto status = context.parameter("status").as_integer()) {
    answer.status = static_cast<int>(*status);
  }
  const Value headers = context.parameter("headers");
  for (const auto& [name, value] : headers.members()) set_header(answer, name, to_text(value));
  return answer;
}

class Respond final : public Node {
 public:
  NodeResult run(NodeContext& context) const override {
    const Items& input = context.input();
    NodeResult result;
    result.outputs.resize(1);
    for (std::size_t i = 0; i < input.size(); ++i) {
      result.outputs[0].push_back(passed_on(input[i], i));
    }
    if (!context.respond(make_answer(context))) {
      context.log().debug("Nobody waits for this answer.");
    }
    return result;
  }
};

void check(const Located& with, const std::string& file, Diagnostics& diagnostics) {
  const char* first = nullptr;
  for (const char* name : {"json", "text", "binary", "redirect"}) {
    const Located* given = with.find(name);
    if (given == nullptr) continue;
    if (first != nullptr) {
      diagnostics.add(given->position(file), "two_bodies",
                      std::string("'") + first + "' and '" + name +
                          "' are both given, but an answer has one body. Keep one of them.");
    }
    first = name;
  }
}

}  // namespace

NodeType respond() {
  NodeType type = action(describe(), std::make_shared<Respond>());
  type.check = check;
  return type;
}

}  // namespace engine::nodes
