// One figure of one group, built up value by value.
#pragma once

#include <optional>
#include <string>
#include <unordered_set>
#include <vector>

#include "core/value/value.h"

namespace engine::nodes {

enum class Figure { count, count_unique, sum, average, min, max, concatenate, append };

/// Nothing for an unknown name.
std::optional<Figure> parse_figure(std::string_view name);

class Accumulator {
 public:
  explicit Accumulator(Figure figure, std::string separator = {})
      : figure_(figure), separator_(std::move(separator)) {}

  /// Null and missing values do not count. Throws Error{user, "not_a_number"}.
  void add(const Value& value);
  void add_item() { ++count_; }  ///< `count` without a field

  /// `sum` of integers is exact as long as it fits 64 bits. The average, smallest and largest of
  /// nothing are null.
  void write(ValueBuilder& builder) const;

 private:
  void add_number(View value);
  void add_integer(std::int64_t value);
  double total() const { return static_cast<double>(whole_) + fraction_; }

  Figure figure_;
  std::string separator_;
  std::int64_t count_ = 0;
  std::int64_t whole_ = 0;  // sum of integers
  double fraction_ = 0;     // sum of the rest
  bool exact_ = true;
  Value best_;
  std::string text_;
  std::vector<Value> values_;
  std::unordered_set<std::string> seen_;
};

}  // namespace engine::nodes
