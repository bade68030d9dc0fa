#include "core/base/size.h"
#include "core/node/declare.h"
#include "core/node/each_item.h"

namespace engine::nodes {
namespace {

Description describe() {
  Description d;
  d.id = "code";
  d.title = "Code";
  d.text =
      "Runs JavaScript. It sees what expressions see ($input, $json, $('id'), …) and has no access "
      "to files or the network: it runs in a process of its own, within limits of time and memory. "
      "Returns a list of objects (or of {json: …}); in mode `each` one "
      "object, a list, or null for no item.";
  d.parameters = {
      Declare("js", ParameterType::string, "The body of a function; ends with `return`.")
          .title("JavaScript")
          .required()
          .literal()
          .language("javascript")
          .example("return $input.all().map(item => ({ total: item.json.a + item.json.b }));"),
      Declare("mode", ParameterType::choice, "How often it runs.")
          .one_of({{"all", "Once, for all items together."}, {"each", "Once for each item."}})
          .otherwise("all"),
      Declare("timeout", ParameterType::duration, "Stops a script that runs longer.")
          .otherwise("10s"),
      Declare("memory", ParameterType::string,
              "Stops a script that needs more; a size such as 64MiB or 1GiB.")
          .literal()
          .otherwise("256MiB")};
  d.traits = {true, true, false};
  d.examples = {
      "- id: totals\n  type: code\n  with:\n    mode: each\n"
      "    js: |\n      return { ...$json, total: $json.price * $json.amount };\n"};
  return d;
}

// JavaScriptCore alone needs half of it.
constexpr std::uint64_t kLeastMemory = std::uint64_t{64} << 20U;

void check_memory(const Located& with, const std::string& file, Diagnostics& diagnostics) {
  const Located* memory = with.find("memory");
  if (memory == nullptr || memory->kind != Kind::string) return;
  const std::string text(memory->scalar.as_string());
  const auto bytes = parse_size(text);
  if (bytes && *bytes >= kLeastMemory) return;
  diagnostics.add(memory->position(file), "bad_size",
                  "'memory' is at least 64MiB, written with KiB, MiB or GiB, such as 512MiB; '" +
                      text + "' is not.");
}

class Code final : public Node {
 public:
  NodeResult run(NodeContext& context) const override {
    const std::string script(context.parameter("js").as_string());
    const bool each = context.parameter("mode").as_string() == "each";
    const auto limit = parse_duration(context.parameter("timeout").as_string());
    NodeResult result;
    const auto memory = parse_size(context.parameter("memory").as_string());
    result.outputs.push_back(context.run_script(script, each, limit.value_or(Milliseconds(10'000)),
                                                memory.value_or(kLeastMemory)));
    return result;
  }
};

}  // namespace

NodeType code() {
  NodeType type = action(describe(), std::make_shared<Code>());
  type.check = check_memory;
  return type;
}

}  // namespace engine::nodes
