// What happened in an execution, read from its stored events.
#pragma once

#include <optional>
#include <string>
#include <vector>

#include "core/store/store.h"
#include "core/value/value.h"

namespace engine::api {

/// One attempt of a node run.
struct RunRow {
  std::string run;  ///< "fetch", "each[3]/fetch"
  std::int64_t attempt = 1;
  std::string status;  ///< success, failed, retried, waiting
  TimePoint started;
  TimePoint ended;
  std::size_t items = 0;
  Value error;  ///< missing when it succeeded
};

std::vector<RunRow> read_runs(store::Store& store, const std::string& execution);

/// The execution as JSON, with its runs.
Value describe_execution(const store::Execution& execution, const std::vector<RunRow>& runs);
Value describe_execution(const store::Execution& execution);

/// The full id of an execution, from its beginning. Throws Error{user, "execution_not_found"}.
store::Execution find_execution(store::Store& store, const std::string& id);

}  // namespace engine::api
