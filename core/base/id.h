// Ids of executions and other rows.
#pragma once

#include <string>

#include "core/base/random.h"
#include "core/base/time.h"

namespace engine {

/// 26 characters of Crockford base 32: 48 bits of time, 80 random bits (the ULID layout), in lower
/// case. Sorts by time of creation.
std::string make_id(const Clock& clock, Random& random);

}  // namespace engine
