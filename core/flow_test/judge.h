// Whether a case went as expected, and what its file would have to say for that.
#pragma once

#include <vector>

#include "core/flow_test/differences.h"
#include "core/flow_test/rewrite.h"
#include "core/flow_test/run_case.h"

namespace engine::flow_test {

struct Verdict {
  std::vector<Difference> differences;  ///< none: it passed
  std::vector<Change> changes;          ///< these would settle
  std::vector<Difference> unsettled;    ///< all but these
};

Verdict judge(const TestFile& file, const Case& test, const CaseOutcome& outcome);

}  // namespace engine::flow_test
