// Random texts, from bytes that are fit for secrets.
#pragma once

#include <string>

namespace engine::nodes {

/// Letters and digits.
std::string random_letters(std::size_t count);
/// Version 4 (RFC 9562, section 5.4).
std::string random_uuid();

}  // namespace engine::nodes
