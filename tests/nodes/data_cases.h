// Test cases of nodes that are written as data: tests/nodes/<type>.yaml, see README.md there.
#pragma once

#include <filesystem>
#include <vector>

#include "core/value/value.h"

namespace engine::test {

/// The cases of a file, as plain values. Throws std::exception with the place of a fault.
std::vector<Value> read_cases(const std::filesystem::path& file);

}  // namespace engine::test
