// A line of the standard input that may take a while.
#pragma once

#include <optional>
#include <string>

#include "core/base/cancellation.h"

namespace engine::cli {

/// The next line, without its end; nothing when the time ran out or the input ended without one.
/// Throws the cancellation's error. Reads past the line; not to be mixed with std::cin.
std::optional<std::string> read_line(Milliseconds time, const Cancellation& cancellation);

}  // namespace engine::cli
