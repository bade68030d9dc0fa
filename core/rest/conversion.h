// The closed vocabulary of value conversions.
#pragma once

#include <functional>
#include <optional>
#include <string>
#include <string_view>

#include "core/rest/operation.h"

namespace engine::rest {

/// Without white space around it.
std::string_view trimmed(std::string_view text);

struct Converted {
  Value value;
  std::optional<bool> has_time;  ///< of a time: whether it has a time of day; nothing: unknown
};

/// What conversions need to know beside the value.
struct ConversionContext {
  std::string timezone = "UTC";  ///< IANA name, of times without an offset
  const Package* package = nullptr;
  /// Parameters as given, for ids.
  std::function<Value(std::string_view name)> value_of;
  /// Called for parameters that a pasted link also tells.
  std::function<void(const std::string& name, const Value& value)> learn;
  /// The id of what people call `value`. Empty: names stay.
  std::function<Value(const std::string& lookup, const Value& value)> resolve;
  /// The description of the field that people call `value`; missing when it is not known.
  using Use = std::function<Converted(const Value& description)>;
  std::function<Converted(const std::string& lookup, const Value& value, const Use& use)> described;
  /// The zone of dates without a time. Empty: `timezone`.
  std::function<std::string()> date_zone;
};

/// Null stays null and missing stays missing, whatever the conversion. Throws Error{user,
/// "bad_parameter"} without a parameter name: the caller knows it.
Converted convert(const Value& value, const Wire& wire, const ConversionContext& context);

/// `value` with names as ids, in lists element by element.
Value resolve_names(const Value& value, const Wire& wire, const ConversionContext& context);

/// The value of `field`, an id or name of `lookup`; as it is when the field is not known.
Converted convert_for_field(const Value& value, const Wire& wire, const std::string& lookup,
                            const Value& field, const ConversionContext& context);

/// The value of a body member: its parts by their wires, then its own conversion.
Value convert_deep(const Value& value, const Wire& wire, const Parameter& parameter,
                   const ConversionContext& context);

}  // namespace engine::rest
