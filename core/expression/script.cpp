// The scripts of code nodes.
#include "core/expression/analysis.h"
#include "core/expression/batch.h"
#include "core/expression/evaluator_state.h"
#include "core/expression/host.h"
#include "core/expression/template_node.h"
#include "core/value/json.h"

namespace engine::expression {
namespace {

std::string script_source(const std::string& script, Evaluator::ScriptMode mode) {
  const bool each = mode == Evaluator::ScriptMode::each;
  return std::string("(function(") + (each ? "$json,$itemIndex" : "") + "){\n" +
         without_async(script) + "\n})";
}

Error script_error(View failure, bool each, const MethodNames& methods) {
  const auto number = [&](std::size_t i) {
    return static_cast<int>(failure[i].as_integer().value_or(0));
  };
  const Failure found{std::string(failure[1].as_string()), std::string(failure[2].as_string()),
                      number(3), number(4), std::string(failure[5].as_string())};
  const std::string place = found.line > 0 ? " in line " + std::to_string(found.line) +
                                                 ", column " + std::to_string(found.column)
                                           : "";
  Error error(ErrorCause::user, code_of(found),
              "The script failed" + place + ": " + explain(found, methods));
  if (each) error.where.item = static_cast<std::size_t>(number(0));
  return error;
}

// [failure or null, [json], [binary] or null, [index of the item it was made from, or -1] or null]
Items to_items(const Value& result, std::size_t inputs) {
  const View jsons = result.view()[std::size_t{1}];
  const View binaries = result.view()[std::size_t{2}];
  const View origins = result.view()[std::size_t{3}];
  Items items;
  items.reserve(jsons.size());
  for (std::size_t i = 0; i < jsons.size(); ++i) {
    std::int64_t origin = origins[i].as_integer().value_or(-1);
    if (origin < 0 && jsons.size() == inputs) origin = static_cast<std::int64_t>(i);
    const bool known = origin >= 0 && static_cast<std::size_t>(origin) < inputs;
    items.push_back({result.share(jsons[i]),
                     binaries[i].given() ? result.share(binaries[i]) : Value(),
                     known ? Origin::of(static_cast<std::size_t>(origin)) : Origin()});
  }
  return items;
}

constexpr const char* kNoImport = "A script cannot import anything.";

JSValueRef compile_script(Runtime& runtime, const Analysis& analysis, const std::string& source) {
  if (!analysis.imports.empty()) throw Error(ErrorCause::user, "bad_script", kNoImport);
  try {
    return runtime.function(source, "script");
  } catch (const Error& error) {
    throw Error(ErrorCause::user, "bad_script", "The script is not JavaScript: " + error.message());
  }
}

Value read_result(std::string text) {
  replace_lone_surrogates(text);
  return parse_json(text, "The result of the script");
}

}  // namespace

Items Evaluator::run_script(const std::string& script, ScriptMode mode,
                            const Environment& environment, const Cancellation& cancellation,
                            std::chrono::milliseconds limit) {
  const bool each = mode == ScriptMode::each;
  const std::size_t count = environment.items().size();
  Segment segment;
  segment.source = script;
  segment.analysis = analyse(script);
  segment.analysis.uses_json = each && segment.analysis.uses_json;
  const std::lock_guard lock(state_->mutex);
  Runtime& runtime = state_->javascript();
  const JSValueRef function =
      compile_script(runtime, segment.analysis, script_source(script, mode));
  Host host(environment, state_->options.log);
  const Runtime::Watch watch(runtime, host, cancellation, limit);
  const std::vector<const Segment*> segments{&segment};
  Batch batch(runtime, environment, segments);
  batch.load(0, count);
  runtime.call(each ? "runEach" : "runAll", {function});
  const JSValueRef gathered =
      runtime.call("gather", each ? std::vector{runtime.number(1)} : std::vector<JSValueRef>{});
  const Value result = read_result(runtime.to_text(gathered));
  const View failure = result.view()[std::size_t{0}];
  if (failure.given()) throw script_error(failure, each, state_->methods());
  return to_items(result, count);
}

void Evaluator::check_script(const std::string& script, const Position& position,
                             Diagnostics& diagnostics) {
  if (!analyse(script).imports.empty()) diagnostics.add(position, "bad_script", kNoImport);
  const std::lock_guard lock(state_->mutex);
  const auto fault = state_->javascript().check_syntax(script_source(script, ScriptMode::each));
  if (!fault) return;
  const int lines = fault->line > 2 ? fault->line - 2 : 0;
  diagnostics.add({position.file, position.line + lines, lines > 0 ? 0 : position.column},
                  "bad_script",
                  "The script is not JavaScript (its line " + std::to_string(lines + 1) +
                      "): " + fault->message);
}

}  // namespace engine::expression
