// Asking for a secret.
#pragma once

#include <string>

namespace engine::cli {

/// On a terminal: asks, without showing what is typed. Else: the next line of the standard input.
std::string read_secret(const std::string& what);

}  // namespace engine::cli
