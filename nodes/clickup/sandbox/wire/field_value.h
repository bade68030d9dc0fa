// Values of custom fields: what may be set, and how it is read back (facts of section 6).
#pragma once

#include "nodes/clickup/sandbox/call.h"

namespace engine::clickup::sandbox {

/// The value to store, from what was sent; null clears. Lists of tasks and users are changed by
/// {add, rem}, so the stored value counts. Throws Refusal{400} when the type does not take it.
///
/// Stored are: texts, numbers, booleans; an option's id; lists of label, user or task ids;
/// {current}; {location, formatted_address}.
Value field_value(const Call& call, const Team& team, const CustomField& field, const Value& sent,
                  const Value& stored);

/// As GET task gives it: numbers, dates and booleans as texts, a drop-down's option by its
/// orderindex, users and tasks as objects.
void write_field_value(Writer& w, World& world, const CustomField& field, const Value& stored);

}  // namespace engine::clickup::sandbox
