#include "core/schema/fit.h"

#include <algorithm>
#include <cmath>

#include "core/base/nearest.h"
#include "core/base/time.h"
#include "core/value/json.h"
#include "core/value/number.h"

namespace engine {
namespace {

std::size_t count_characters(std::string_view text) {
  return static_cast<std::size_t>(std::count_if(text.begin(), text.end(), [](char c) {
    return (static_cast<unsigned char>(c) & 0xc0U) != 0x80;
  }));
}

bool in_range(const Parameter& parameter, double value) {
  return (!parameter.min || value >= *parameter.min) && (!parameter.max || value <= *parameter.max);
}

Value fit_string(const Parameter& parameter, const Value& given) {
  Value text = given;
  if (given.is_number()) text = Value(given.number_text());
  if (given.is_boolean()) text = Value(given.as_bool() ? "true" : "false");
  if (!text.is_string()) return {};
  const auto length = static_cast<double>(count_characters(text.as_string()));
  return in_range(parameter, length) ? text : Value();
}

// A text that is a number, or the number itself; missing otherwise.
Value as_number(const Value& given) {
  if (given.is_number()) return given;
  if (!given.is_string() || !is_json_number(given.as_string())) return {};
  ValueBuilder builder;
  builder.number_text(given.as_string());
  return builder.finish();
}

Value fit_number(const Parameter& parameter, const Value& given) {
  Value number = as_number(given);
  if (number.missing()) return {};
  if (parameter.type == ParameterType::integer) {
    const auto integer = number.as_integer();
    if (!integer) return {};
    number = Value(*integer);
  }
  const double value = number.as_number().value_or(0);
  return std::isfinite(value) && in_range(parameter, value) ? number : Value();
}

Value fit_boolean(const Value& given) {
  if (given.is_boolean()) return given;
  if (given.as_string() == "true") return Value(true);
  if (given.as_string() == "false") return Value(false);
  return {};
}

Value fit_choice(const Parameter& parameter, const Value& given) {
  if (given.is_array() || given.is_object()) return {};
  const std::string text = to_text(given);
  const bool known = std::any_of(parameter.choices.begin(), parameter.choices.end(),
                                 [&](const Choice& choice) { return choice.value == text; });
  return known && !given.null() ? Value(text) : Value();
}

}  // namespace

Value fit_scalar(const Parameter& parameter, const Value& given) {
  if (given.null() && parameter.nullable) return given;
  switch (parameter.type) {
    case ParameterType::any: return given;
    case ParameterType::string: return fit_string(parameter, given);
    case ParameterType::integer:
    case ParameterType::number: return fit_number(parameter, given);
    case ParameterType::boolean: return fit_boolean(given);
    case ParameterType::choice: return fit_choice(parameter, given);
    case ParameterType::duration:
      return given.is_string() && parse_duration(given.as_string()) ? given : Value();
    case ParameterType::time: return given.is_string() || given.is_number() ? given : Value();
    case ParameterType::object:
    case ParameterType::map:
    case ParameterType::list: return {};
  }
  return {};
}

bool fits_length(const Parameter& parameter, std::size_t length) {
  return in_range(parameter, static_cast<double>(length));
}

Visible visible(const Parameter& parameter, const std::vector<Parameter>& siblings,
                const std::function<Sibling(const std::string& name)>& value_of) {
  Visible result = Visible::yes;
  for (const ShowWhen& condition : parameter.show_when) {
    Sibling sibling = value_of(condition.parameter);
    if (sibling.unknown) {
      result = Visible::maybe;
      continue;
    }
    if (sibling.value.missing()) {
      const Parameter* described = find_parameter(siblings, condition.parameter);
      if (described != nullptr) sibling.value = described->default_value;
    }
    const bool holds =
        std::any_of(condition.values.begin(), condition.values.end(), [&](const Value& value) {
          return value.equals(sibling.value) ||
                 (sibling.value.given() && to_text(value) == to_text(sibling.value));
        });
    if (!holds) return Visible::no;
  }
  return result;
}

}  // namespace engine
