// Diagnostics: the faults of a file, collected so that all of them are reported in one pass.
#pragma once

#include <string>
#include <vector>

#include "core/base/error.h"

namespace engine {

struct Diagnostic {
  Position position;
  std::string code;     ///< stable snake_case word
  std::string message;  ///< what is wrong, what was expected, the nearest names
};

/// "flow.yaml:3:7: message"
std::string to_string(const Diagnostic& diagnostic);

/// Grows while checks run, up to a limit: hostile input must not fill the memory with its faults.
/// Not thread-safe.
class Diagnostics {
 public:
  static constexpr std::size_t kMost = 1000;

  void add(Position position, std::string code, std::string message);

  bool empty() const { return entries_.empty(); }
  std::size_t size() const { return entries_.size(); }
  /// Further faults are dropped; checks may stop early.
  bool full() const { return entries_.size() >= kMost; }

  /// In order of file, line and column; the same fault at the same place once.
  std::vector<Diagnostic> sorted() const;

 private:
  std::vector<Diagnostic> entries_;
};

}  // namespace engine
