// The scripts of code nodes.
#include "core/expression/analysis.h"
#include "core/expression/evaluator_state.h"
#include "core/expression/script_run.h"

namespace engine::expression {

Items Evaluator::run_script(const std::string& script, ScriptMode mode,
                            const Environment& environment, const Cancellation& cancellation,
                            std::chrono::milliseconds limit) {
  const ScriptRun run = prepare_script(script, mode == ScriptMode::each, environment, limit);
  const std::lock_guard lock(state_->mutex);
  EnvironmentData data(environment, state_->options.log);
  return script_items(
      expression::run_script(state_->javascript(), run, data, cancellation, state_->methods()),
      run.count);
}

void Evaluator::check_script(const std::string& script, const Position& position,
                             Diagnostics& diagnostics) {
  if (!analyse(script).imports.empty())
    diagnostics.add(position, "bad_script", "A script cannot import anything.");
  const std::lock_guard lock(state_->mutex);
  const auto fault = state_->javascript().check_syntax(script_source(script, true));
  if (!fault) return;
  const int lines = fault->line > 2 ? fault->line - 2 : 0;
  diagnostics.add({position.file, position.line + lines, lines > 0 ? 0 : position.column},
                  "bad_script",
                  "The script is not JavaScript (its line " + std::to_string(lines + 1) +
                      "): " + fault->message);
}

}  // namespace engine::expression
