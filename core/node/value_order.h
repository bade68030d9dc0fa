// One order of all JSON values, for nodes that sort and look for the smallest or largest.
#pragma once

#include <compare>
#include <cstdint>
#include <string>

#include "core/value/value.h"

namespace engine {

/// Kinds in their order: booleans, numbers, texts, lists and objects, and last null and missing.
enum class ValueRank : std::uint8_t { boolean, number, text, container, nothing };
ValueRank rank_of(View value);

/// Within a kind: false before true, numbers exactly, texts by code point; lists and objects are
/// equivalent to each other.
std::weak_ordering compare_values(View a, View b);

/// Of texts, with the numbers in them compared as numbers and letters without case: "a2" before
/// "a10".
std::weak_ordering compare_natural(std::string_view a, std::string_view b);

/// A text that is the same for values that are equal as JSON (member order does not count, 1 is
/// 1.0) and different for all others. For hashing.
void append_canonical(View value, std::string& out);

}  // namespace engine
