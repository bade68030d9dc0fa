// The script of a code node: what it is run with, running it, and what comes of it. The three may
// be done in different processes.
#pragma once

#include <chrono>
#include <cstdint>
#include <optional>
#include <string>

#include "core/base/cancellation.h"
#include "core/expression/data_source.h"
#include "core/expression/failure.h"

namespace engine::expression {

class Runtime;

/// All that a script needs to begin; the rest it asks for.
struct ScriptRun {
  std::string source;
  bool each = false;  ///< once for each item
  std::int64_t now_ms = 0;
  std::string timezone;
  std::size_t count = 0;            ///< of the input items
  std::optional<std::string> rows;  ///< of mode `each`, when the script uses `$json`
  bool whole_rows = false;          ///< they are the whole items
  std::chrono::milliseconds limit{};
};

ScriptRun prepare_script(const std::string& source, bool each, const Environment& environment,
                         std::chrono::milliseconds limit);

/// What the script gave, as a text for script_items. Throws Error{user} with the script's line (and
/// the item in mode `each`), Error{timeout, "expression_timeout"}, and the cancellation's own.
std::string run_script(Runtime& runtime, const ScriptRun& run, DataSource& data,
                       const Cancellation& cancellation, const MethodNames& methods);

/// `inputs`: the count of input items. Throws Error{user} when it is no such text.
Items script_items(std::string text, std::size_t inputs);

/// The function that a script is the body of; its text begins in the second line.
std::string script_source(const std::string& script, bool each);

/// For suggestions.
std::vector<std::string> method_names(Runtime& runtime);

}  // namespace engine::expression
