#include "nodes/summarize/accumulator.h"

#include "core/base/error.h"
#include "core/node/value_order.h"
#include "core/value/json.h"
#include "core/value/number.h"

namespace engine::nodes {

std::optional<Figure> parse_figure(std::string_view name) {
  if (name == "count") return Figure::count;
  if (name == "count_unique") return Figure::count_unique;
  if (name == "sum") return Figure::sum;
  if (name == "average") return Figure::average;
  if (name == "min") return Figure::min;
  if (name == "max") return Figure::max;
  if (name == "concatenate") return Figure::concatenate;
  if (name == "append") return Figure::append;
  return std::nullopt;
}

void Accumulator::add(const Value& value) {
  if (!value.given()) return;
  switch (figure_) {
    case Figure::count: break;
    case Figure::count_unique: {
      std::string key;
      append_canonical(value, key);
      seen_.insert(std::move(key));
      break;
    }
    case Figure::sum:
    case Figure::average: add_number(value); break;
    case Figure::min:
      if (best_.missing() || std::is_lt(compare_values(value, best_))) best_ = value;
      break;
    case Figure::max:
      if (best_.missing() || std::is_gt(compare_values(value, best_))) best_ = value;
      break;
    case Figure::concatenate:
      if (count_ > 0) text_ += separator_;
      text_ += to_text(value);
      break;
    case Figure::append: values_.push_back(value); break;
  }
  ++count_;
}

void Accumulator::add_number(View value) {
  const std::string_view text = value.as_string();
  if (value.kind() == Kind::integer) {
    add_integer(*value.as_integer());
  } else if (const auto integer = parse_integer(text)) {
    add_integer(*integer);
  } else if (const auto number = value.is_number() ? value.as_number() : parse_number(text)) {
    fraction_ += *number;
    exact_ = false;
  } else {
    throw Error(ErrorCause::user, "not_a_number",
                "'" + to_text(value).substr(0, 100) +
                    "' is not a number and cannot be added up. Convert or filter it first.");
  }
}

void Accumulator::add_integer(std::int64_t value) {
  std::int64_t sum = 0;
  if (__builtin_add_overflow(whole_, value, &sum)) {
    fraction_ += static_cast<double>(whole_);
    sum = value;
    exact_ = false;
  }
  whole_ = sum;
}

void Accumulator::write(ValueBuilder& builder) const {
  switch (figure_) {
    case Figure::count: builder.integer(count_); break;
    case Figure::count_unique: builder.integer(static_cast<std::int64_t>(seen_.size())); break;
    case Figure::sum:
      if (exact_) {
        builder.integer(whole_);
      } else {
        builder.number(total());
      }
      break;
    case Figure::average:
      if (count_ == 0) {
        builder.null();
      } else {
        builder.number(total() / static_cast<double>(count_));
      }
      break;
    case Figure::min:
    case Figure::max: builder.value(best_.missing() ? Value(nullptr) : best_); break;
    case Figure::concatenate: builder.string(text_); break;
    case Figure::append: builder.value(Value::array(values_)); break;
  }
}

}  // namespace engine::nodes
