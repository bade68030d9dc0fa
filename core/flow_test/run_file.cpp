#include "core/flow_test/run_file.h"

#include "core/flow_test/judge.h"
#include "core/node/atomic_file.h"

namespace engine::flow_test {
namespace {

void replace_file(const std::filesystem::path& file, const std::string& text) {
  constexpr mode_t kReadableByAll = 0666;
  const std::filesystem::path target = std::filesystem::canonical(file);  // not the link to it
  SystemRandom random;
  AtomicFile written(target.parent_path(), random, kReadableByAll);
  written.write(text);
  written.commit(target.filename().string());
}

}  // namespace

FileReport run_file(const TestFile& file, const Surroundings& surroundings, bool update) {
  FileReport report{file.file, file.workflow_file, {}, {}};
  std::vector<Change> changes;
  for (const Case& test : file.cases) {
    const CaseOutcome outcome = run_case(file, test, surroundings);
    Verdict verdict = judge(file, test, outcome);
    CaseReport& result = report.cases.emplace_back();
    result.name = test.name;
    result.position = test.position;
    result.took = outcome.took;
    result.differences = std::move(verdict.differences);
    if (!update || !verdict.unsettled.empty() || verdict.changes.empty()) continue;
    result.differences.clear();
    result.updated = true;
    for (Change& change : verdict.changes) changes.push_back(std::move(change));
  }
  if (!changes.empty()) replace_file(file.file, rewritten(file, changes));
  return report;
}

}  // namespace engine::flow_test
