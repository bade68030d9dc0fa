#include "core/base/diagnostic.h"

#include <algorithm>
#include <tuple>
#include <utility>

namespace engine {

std::string to_string(const Diagnostic& diagnostic) {
  const std::string place = to_string(diagnostic.position);
  return place.empty() ? diagnostic.message : place + ": " + diagnostic.message;
}

void Diagnostics::add(Position position, std::string code, std::string message) {
  if (full()) return;
  entries_.push_back({std::move(position), std::move(code), std::move(message)});
}

std::vector<Diagnostic> Diagnostics::sorted() const {
  const auto key = [](const Diagnostic& d) {
    return std::tie(d.position.file, d.position.line, d.position.column, d.message);
  };
  std::vector<Diagnostic> result = entries_;
  std::stable_sort(result.begin(), result.end(),
                   [&](const auto& a, const auto& b) { return key(a) < key(b); });
  const auto last = std::unique(result.begin(), result.end(),
                                [&](const auto& a, const auto& b) { return key(a) == key(b); });
  result.erase(last, result.end());
  return result;
}

}  // namespace engine
