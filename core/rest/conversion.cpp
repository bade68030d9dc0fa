#include "core/rest/conversion.h"

#include "core/base/error.h"
#include "core/base/time.h"
#include "core/rest/id_conversion.h"
#include "core/rest/time_conversion.h"
#include "core/rest/typed_value.h"
#include "core/value/json.h"
#include "core/value/number.h"
#include "core/value/path.h"

namespace engine::rest {
std::string_view trimmed(std::string_view text) {
  const std::size_t first = text.find_first_not_of(" \t\r\n");
  if (first == std::string_view::npos) return {};
  return text.substr(first, text.find_last_not_of(" \t\r\n") - first + 1);
}

namespace {

[[noreturn]] void refuse(const Value& value, const std::string& wanted) {
  throw Error(ErrorCause::user, "bad_parameter", "'" + to_text(value) + "' is not " + wanted + ".");
}

Value to_integer(const Value& value) {
  if (const auto number = value.as_integer()) return {*number};
  if (value.is_string()) {
    if (const auto number = parse_integer(trimmed(value.as_string()))) return {*number};
  }
  refuse(value, "a whole number");
}

Value to_number(const Value& value) {
  if (value.is_number()) return value;
  const std::string_view text = trimmed(value.as_string());
  if (const auto number = parse_integer(text)) return {*number};
  if (const auto number = parse_number(text)) return {*number};
  refuse(value, "a number");
}

Value to_boolean(const Value& value) {
  if (value.is_boolean()) return value;
  if (value.as_string() == "true") return {true};
  if (value.as_string() == "false") return {false};
  refuse(value, "true or false");
}

Value to_duration(const Value& value) {
  if (const auto ms = value.as_integer()) return {*ms};
  const std::string_view text = value.as_string();
  if (const auto duration = parse_duration(text)) return {std::int64_t{duration->count()}};
  if (const auto ms = parse_integer(text)) return {*ms};
  refuse(value, "a duration such as '1h30m', nor a number of milliseconds");
}

// One value, a list, or a text with commas.
std::vector<Value> parts_of(const Value& value) {
  std::vector<Value> parts;
  if (value.is_array()) {
    for (const View element : value.elements()) parts.push_back(value.share(element));
  } else if (value.is_string()) {
    std::string_view rest = value.as_string();
    while (!rest.empty()) {
      const std::size_t comma = std::min(rest.find(','), rest.size());
      const std::string_view part = trimmed(rest.substr(0, comma));
      if (!part.empty()) parts.emplace_back(part);
      rest.remove_prefix(std::min(comma + 1, rest.size()));
    }
  } else {
    parts.push_back(value);
  }
  return parts;
}

Value list_of(const Value& value, Value (*convert_one)(const Value&)) {
  std::vector<Value> parts = parts_of(value);
  for (Value& part : parts) part = convert_one(part);
  return Value::array(parts);
}

Value to_csv(const Value& value) {
  std::string joined;
  for (const View element : value.elements()) {
    if (!joined.empty()) joined += ',';
    joined += to_text(element);
  }
  return {joined};
}

Value text_of(const Value& value) {
  return {to_text(value)};
}

// What the map says; missing when it does not know the value.
Value mapped(const Value& value, const Wire& wire) {
  if (wire.map.empty() || value.missing() || value.is_array() || value.is_object()) return {};
  const std::string text = value.null() ? "null" : to_text(value);
  for (const auto& [from, to] : wire.map) {
    if (from == text) return to;
  }
  return {};
}

Converted to_time(const Value& value, const Wire& wire, const ConversionContext& context) {
  ReadTime time = read_time(value, context.timezone, wire.date_hour);
  if (time.has_time == false && context.date_zone) {
    time = read_time(value, context.date_zone(), wire.date_hour);
  }
  return {Value(time.ms), time.has_time};
}

Converted convert_one(const Value& value, const Wire& wire, const ConversionContext& context) {
  switch (wire.conversion) {
    case Conversion::text: return {text_of(value), {}};
    case Conversion::integer: return {to_integer(value), {}};
    case Conversion::number: return {to_number(value), {}};
    case Conversion::boolean: return {to_boolean(value), {}};
    case Conversion::duration_ms: return {to_duration(value), {}};
    case Conversion::id: return {convert_id(value, wire.id_kind, context), {}};
    case Conversion::time_ms: return to_time(value, wire, context);
    default: return {value, {}};
  }
}

// A part of an object, which may belong to the field that a part beside it names.
Converted convert_part(const Value& object, const Value& part, std::size_t child, const Wire& wire,
                       const Parameter& parameter, const ConversionContext& context) {
  const Wire& way = wire.children[child];
  if (way.typed_by.empty()) {
    return {convert_deep(part, way, parameter.children[child], context), {}};
  }
  for (std::size_t i = 0; i < parameter.children.size(); ++i) {
    if (parameter.children[i].name != way.typed_by) continue;
    return convert_for_field(part, way, wire.children[i].lookup, object[way.typed_by], context);
  }
  return {part, {}};
}

Value convert_object(const Value& value, const Wire& wire, const Parameter& parameter,
                     const ConversionContext& context) {
  ValueBuilder builder;
  builder.begin_object();
  std::vector<std::pair<Path, Value>> flags;
  for (const auto& [key, part] : value.members()) {
    std::size_t child = 0;
    while (child < parameter.children.size() && parameter.children[child].name != key) ++child;
    if (child == parameter.children.size()) {
      builder.key(key);
      builder.copy(part);
      continue;
    }
    const Wire& way = wire.children[child];
    const Converted converted =
        convert_part(value, value.share(part), child, wire, parameter, context);
    builder.key(way.name);
    builder.value(converted.value);
    if (converted.has_time && !way.flag.empty()) {
      flags.emplace_back(*parse_path(way.flag), Value(*converted.has_time));
    }
  }
  builder.end_object();
  Value result = builder.finish();
  for (const auto& [path, flag] : flags) {
    // What is given is not changed.
    if (at_path(result, {path.front()}).missing()) result = with_path(result, path, flag);
  }
  return result;
}

Value convert_list(const Value& value, const Wire& wire, const Parameter& parameter,
                   const ConversionContext& context) {
  std::vector<Value> parts;
  for (const View element : value.elements()) {
    parts.push_back(
        convert_deep(value.share(element), wire.children[0], parameter.children[0], context));
  }
  return Value::array(parts);
}

}  // namespace

Converted convert(const Value& given, const Wire& wire, const ConversionContext& context) {
  if (Value known = mapped(given, wire); !known.missing()) return {known, {}};
  if (!given.given()) return {given, {}};
  Value value = given;
  if (wire.conversion != Conversion::id) value = resolve_names(value, wire, context);
  switch (wire.conversion) {
    case Conversion::integers: return {list_of(value, to_integer), {}};
    case Conversion::texts: return {list_of(value, text_of), {}};
    case Conversion::csv: return {value.is_array() ? to_csv(value) : text_of(value), {}};
    case Conversion::json_text: return {Value(print_json(value)), {}};
    case Conversion::json:
      return {value.is_string() ? parse_json(value.as_string(), "the parameter") : value, {}};
    default: break;
  }
  if (!value.is_array() || wire.conversion == Conversion::none) {
    Converted one = convert_one(value, wire, context);
    if (wire.conversion == Conversion::id) one.value = resolve_names(one.value, wire, context);
    return one;
  }
  std::vector<Value> parts;
  for (const View element : value.elements()) {
    parts.push_back(convert_one(value.share(element), wire, context).value);
  }
  value = Value::array(parts);
  return {wire.conversion == Conversion::id ? resolve_names(value, wire, context) : value, {}};
}

Value resolve_names(const Value& value, const Wire& wire, const ConversionContext& context) {
  if (wire.lookup.empty() || !context.resolve || !value.given()) return value;
  if (!value.is_array()) return context.resolve(wire.lookup, value);
  std::vector<Value> parts;
  for (const View element : value.elements()) {
    const Value part = value.share(element);
    Value known = mapped(part, wire);
    if (known.missing()) known = part.given() ? context.resolve(wire.lookup, part) : part;
    parts.push_back(std::move(known));
  }
  return Value::array(parts);
}

Converted convert_for_field(const Value& value, const Wire& wire, const std::string& lookup,
                            const Value& field, const ConversionContext& context) {
  if (!value.given() || !field.given() || !context.described) return {value, {}};
  const TypedUse use = wire.compared ? TypedUse::compare : TypedUse::set;
  return context.described(lookup, field, [&](const Value& description) -> Converted {
    if (description.missing()) return {value, {}};
    return convert_typed(value, description, use, context);
  });
}

Value convert_deep(const Value& value, const Wire& wire, const Parameter& parameter,
                   const ConversionContext& context) {
  Value inner = value;
  if (!wire.children.empty()) {
    if (value.is_array()) inner = convert_list(value, wire, parameter, context);
    if (value.is_object() && parameter.type == ParameterType::object) {
      inner = convert_object(value, wire, parameter, context);
    }
  }
  return convert(inner, wire, context).value;
}

}  // namespace engine::rest
