#include "core/expression/script_run.h"

#include "core/expression/analysis.h"
#include "core/expression/batch.h"
#include "core/expression/host.h"
#include "core/expression/runtime.h"
#include "core/value/json.h"

namespace engine::expression {
namespace {

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

JSValueRef compile_script(Runtime& runtime, const Analysis& analysis, const std::string& source) {
  if (!analysis.imports.empty()) {
    throw Error(ErrorCause::user, "bad_script", "A script cannot import anything.");
  }
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

// While it lives, JavaScript sees the data of one run.
class Scene {
 public:
  Scene(Runtime& runtime, const ScriptRun& run, const Analysis& analysis) : runtime_(runtime) {
    std::vector<JSValueRef> arguments{runtime.number(static_cast<double>(run.now_ms)),
                                      runtime.text(run.timezone)};
    for (const std::string& name : extra_globals(analysis.globals)) {
      arguments.push_back(runtime.text(name));
    }
    runtime.call("begin", arguments);
    runtime.call("load", {runtime.number(0), runtime.number(static_cast<double>(run.count)),
                          run.rows ? runtime.text(marked(*run.rows)) : runtime.undefined()});
    if (run.rows && run.whole_rows) runtime.call("useWhole", {});
  }
  ~Scene() {
    try {
      runtime_.call("end", {});
    } catch (const std::exception&) {
      // Stopped in the middle; the next `begin` puts everything right.
    }
  }
  Scene(const Scene&) = delete;
  Scene& operator=(const Scene&) = delete;

 private:
  Runtime& runtime_;
};

}  // namespace

std::string script_source(const std::string& script, bool each) {
  return std::string("(function(") + (each ? "$json,$itemIndex" : "") + "){\n" +
         without_async(script) + "\n})";
}

std::vector<std::string> method_names(Runtime& runtime) {
  std::vector<std::string> result;
  const Value names = parse_json(runtime.to_text(runtime.call("methodNames", {})));
  for (const View name : names.view().elements()) result.emplace_back(name.as_string());
  return result;
}

ScriptRun prepare_script(const std::string& source, bool each, const Environment& environment,
                         std::chrono::milliseconds limit) {
  ScriptRun run{source,
                each,
                to_ms(environment.now()),
                std::string(environment.timezone()),
                environment.items().size(),
                {},
                false,
                limit};
  if (!each) return run;
  const Analysis analysis = analyse(source);
  if (!analysis.uses_json) return run;
  run.whole_rows = analysis.whole_json;
  run.rows = rows_text(environment.items(), 0, run.count, analysis.fields, run.whole_rows);
  return run;
}

std::string run_script(Runtime& runtime, const ScriptRun& run, DataSource& data,
                       const Cancellation& cancellation, const MethodNames& methods) {
  const Analysis analysis = analyse(run.source);
  const JSValueRef function =
      compile_script(runtime, analysis, script_source(run.source, run.each));
  Host host(data);
  const Runtime::Watch watch(runtime, host, cancellation, run.limit);
  const Scene scene(runtime, run, analysis);
  runtime.call(run.each ? "runEach" : "runAll", {function});
  std::string text = runtime.to_text(runtime.call(
      "gather", run.each ? std::vector{runtime.number(1)} : std::vector<JSValueRef>{}));
  if (text.starts_with("[null,")) return text;
  throw script_error(read_result(std::move(text)).view()[std::size_t{0}], run.each, methods);
}

// [null, [json], [binary] or null, [index of the item it was made from, or -1] or null]
Items script_items(std::string text, std::size_t inputs) {
  const Value result = read_result(std::move(text));
  const View jsons = result.view()[std::size_t{1}];
  const View binaries = result.view()[std::size_t{2}];
  const View origins = result.view()[std::size_t{3}];
  Items items;
  items.reserve(jsons.size());
  for (std::size_t i = 0; i < jsons.size(); ++i) {
    if (!jsons[i].is_object()) {
      throw Error(ErrorCause::user, "bad_script_result", "The script returned what is no item.");
    }
    std::int64_t origin = origins[i].as_integer().value_or(-1);
    if (origin < 0 && jsons.size() == inputs) origin = static_cast<std::int64_t>(i);
    const bool known = origin >= 0 && static_cast<std::size_t>(origin) < inputs;
    items.push_back({result.share(jsons[i]),
                     binaries[i].given() ? result.share(binaries[i]) : Value(),
                     known ? Origin::of(static_cast<std::size_t>(origin)) : Origin()});
  }
  return items;
}

}  // namespace engine::expression
