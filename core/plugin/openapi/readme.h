// The page that goes with an imported package.
#pragma once

#include <string>

#include "core/plugin/openapi/import.h"

namespace engine::plugin::openapi {

std::string readme(const std::string& name, const Value& document, const ImportedPackage& package);

}  // namespace engine::plugin::openapi
