// Runs the cases of a test file, and writes anew what it expects when that is asked for.
#pragma once

#include "core/flow_test/report.h"
#include "core/flow_test/run_case.h"

namespace engine::flow_test {

/// A file that was read without faults. With `update`, differences that the file can settle are
/// written into it; a case that has others keeps all of them. Throws Error{storage,
/// "file_not_written"}, Error{user, "not_rewritten"}.
FileReport run_file(const TestFile& file, const Surroundings& surroundings, bool update);

}  // namespace engine::flow_test
