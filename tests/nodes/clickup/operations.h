// All operations of the package, unpacked.
#pragma once

#include <vector>

#include "core/rest/register_packages.h"

namespace engine::test {

inline std::vector<rest::Operation> clickup_operations() {
  std::vector<rest::Operation> result;
  for (const rest::PackedPackage& package : rest::packed_packages()) {
    if (package.id != "clickup") continue;
    const auto common = rest::unpack(package);
    for (const auto& operation : package.operations) {
      result.push_back(rest::unpack(operation, common));
    }
  }
  return result;
}

}  // namespace engine::test
