// Where what a file expects and what a run gave are different.
#pragma once

#include <string>
#include <vector>

#include "core/base/error.h"
#include "core/value/located.h"

namespace engine::flow_test {

struct Difference {
  Position position;     ///< near it in the test file
  std::string code;      ///< stable snake_case word
  std::string what;      ///< "node 'table', [0].markdown"; empty: `message` says it
  std::string expected;  ///< as people read it; empty: nothing of the kind
  std::string given;
  std::string message;  ///< a full sentence
};

/// At most this many of one place are told.
constexpr std::size_t kMostDifferences = 5;

/// Compares, and adds the first differences. `what` names the value.
void compare(const Located& expected, View given, const std::string& what, const std::string& file,
             std::vector<Difference>& differences);

/// "expected "a", got "b"", with long values shortened and long texts around what differs.
Difference difference(const Position& position, const std::string& what, View expected, View given);

/// One that is told in a sentence.
Difference statement(const Position& position, std::string code, std::string message);

}  // namespace engine::flow_test
