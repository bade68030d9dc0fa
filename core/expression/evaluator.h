// The evaluator: templates to values, for a whole batch of items at once.
#pragma once

#include <chrono>
#include <functional>
#include <memory>
#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "core/base/cancellation.h"
#include "core/base/error.h"
#include "core/expression/environment.h"
#include "core/expression/template.h"

namespace engine::expression {

/// The values of one template, one per item. An item whose expression failed has an error instead.
class Column {
 public:
  /// Throws the item's Error (cause user; where.item, where.parameter and position are set).
  const Value& at(std::size_t item) const;
  /// Null when the item evaluated well.
  const Error* error(std::size_t item) const;
  std::size_t size() const;

  struct Data;
  explicit Column(std::shared_ptr<const Data> data) : data_(std::move(data)) {}

 private:
  std::shared_ptr<const Data> data_;
};

struct EvaluatorOptions {
  /// Of one crossing into JavaScript, in processor time of its thread. A crossing takes at most
  /// 16,384 items.
  std::chrono::milliseconds time_limit{1000};
  /// Gets what scripts print with `console`: level (debug, info, warn, error) and text. Called from
  /// the evaluating thread; may be empty.
  std::function<void(std::string_view level, std::string_view text)> log;
};

/// One per workflow. JavaScriptCore is loaded on the first template that needs it; its global
/// object is this evaluator's own. Thread-safe: one crossing at a time.
class Evaluator {
 public:
  explicit Evaluator(EvaluatorOptions options = {});
  ~Evaluator();
  Evaluator(const Evaluator&) = delete;
  Evaluator& operator=(const Evaluator&) = delete;

  /// Reports JavaScript that does not parse, with file, line and column.
  void check(const std::vector<const Template*>& templates, Diagnostics& diagnostics);

  /// All templates for all items of the environment: natively where they are plain paths, the rest
  /// in one crossing. A runaway expression ends after the time limit with Error{timeout,
  /// "expression_timeout"}, cancellation with its own error; the evaluator lives on.
  std::vector<Column> evaluate(std::span<const Template* const> templates,
                               const Environment& environment, const Cancellation& cancellation);

  /// One template for one item of the environment (which may have none: then `$json` is missing).
  Value evaluate_one(const Template& source, const Environment& environment, std::size_t item,
                     const Cancellation& cancellation);

  enum class ScriptMode { all, each };
  /// A `code` node: a function body with the globals of expressions. `all`: sees `$input`, gives a
  /// list of objects (or of {json, …}); `each`: is run per item, gives one object, a list, or null
  /// for none. Results carry their origin: `each` its item; `all` the item with the same index when
  /// the counts are equal. Throws Error{user} with the script's line, and the item in mode `each`.
  /// `limit` replaces the options' time limit.
  Items run_script(const std::string& script, ScriptMode mode, const Environment& environment,
                   const Cancellation& cancellation, std::chrono::milliseconds limit);

  /// Reports a script that does not parse; `position` is where its text begins in the file.
  void check_script(const std::string& script, const Position& position, Diagnostics& diagnostics);

 private:
  struct State;
  std::unique_ptr<State> state_;
};

}  // namespace engine::expression
