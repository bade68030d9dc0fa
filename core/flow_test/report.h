// What became of test files, for people and for machines.
#pragma once

#include <string>
#include <vector>

#include "core/base/diagnostic.h"
#include "core/base/time.h"
#include "core/flow_test/differences.h"

namespace engine::flow_test {

struct CaseReport {
  std::string name;
  Position position;
  std::vector<Difference> differences;  ///< none: it passed
  bool updated = false;                 ///< what was expected was written anew
  Milliseconds took{};
};

struct FileReport {
  std::string file;
  std::string workflow;            ///< its file
  std::vector<Diagnostic> faults;  ///< of both; with any, no case was run
  std::vector<CaseReport> cases;
};

struct Counts {
  std::size_t passed = 0;
  std::size_t failed = 0;
  std::size_t updated = 0;  ///< of those that passed
  std::size_t invalid = 0;  ///< files
};
Counts count(const std::vector<FileReport>& files);

/// A line per case, differences below it, and "N passed, N failed" at the end.
std::string text_report(const std::vector<FileReport>& files);
/// {passed, failed, files: [{file, workflow, faults, cases: [{name, passed, …, differences}]}]}
std::string json_report(const std::vector<FileReport>& files);
/// JUnit XML, as CI systems read it: a suite per file.
std::string junit_report(const std::vector<FileReport>& files);

}  // namespace engine::flow_test
