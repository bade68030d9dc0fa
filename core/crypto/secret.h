// Texts that nobody can guess, and comparing them.
#pragma once

#include <string>
#include <string_view>

namespace engine {

/// Bytes fit for secrets. Throws Error{bug, "no_randomness"}.
std::string random_bytes(std::size_t count);

/// 256 random bits in 43 characters of A-Z, a-z, 0-9, '-' and '_'.
std::string random_secret();

/// In a time that does not depend on where they differ.
bool same_secret(std::string_view a, std::string_view b);

}  // namespace engine
