#include "core/rest/register_packages.h"

namespace engine::rest {

void register_packages(Registry& registry) {
  for (const PackedPackage& package : packed_packages()) add_package(registry, package);
}

}  // namespace engine::rest
