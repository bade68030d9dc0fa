// What a dry run gives in place of an answer that nobody gave.
#pragma once

#include <string_view>

#include "core/value/item.h"

namespace engine {

/// The id of what was not made. A request that names it is not sent either.
inline constexpr std::string_view kPretendedId = "dry_run";

/// What was to be sent (`known`, when it is an object) as if it had come back: with `id`, or
/// kPretendedId when neither tells one, and with the request under `dry_run`.
Item pretended(const Value& known, const Value& id, const Value& request);

}  // namespace engine
