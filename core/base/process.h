// Who owns work that is under way: a process, told apart from a later one with the same id.
#pragma once

#include <cstdint>

namespace engine {

/// Of this process; never 0.
std::int64_t process_identity();

/// Whether the process with this identity still runs on this machine.
bool process_alive(std::int64_t identity);

}  // namespace engine
