#include "core/node/declare.h"
#include "core/node/each_item.h"
#include "core/value/json.h"

namespace engine::nodes {
namespace {

Description describe() {
  Description d;
  d.id = "stop_error";
  d.title = "Stop with an error";
  d.text =
      "Fails on purpose, with a message of your own. With no items it is skipped, so it stands "
      "behind an `if` or `filter`.";
  d.parameters = {Declare("message", ParameterType::string, "What the error says.")
                      .required()
                      .example("Order {{ $json.id }} has no address."),
                  Declare("code", ParameterType::string,
                          "A short stable word for programs that read the error.")
                      .otherwise("stopped")
                      .example("no_address")};
  d.traits = {true, true, false};
  d.examples = {
      "- id: stop\n  type: stop_error\n  with: { message: \"Order {{ $json.id }} is empty.\" }\n"};
  return d;
}

class StopError final : public Node {
 public:
  NodeResult run(NodeContext& context) const override {
    NodeResult result;
    each_item(context, result, [&](std::size_t i) {
      const std::string message = to_text(context.parameter("message", i));
      std::string code = to_text(context.parameter("code", i));
      if (code.empty()) code = "stopped";
      throw Error(ErrorCause::user, std::move(code),
                  message.empty() ? "Stopped by the workflow." : message);
    });
    return result;
  }
};

}  // namespace

NodeType stop_error() {
  return action(describe(), std::make_shared<StopError>());
}

}  // namespace engine::nodes
