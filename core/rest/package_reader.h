// package.yaml: what the operations of a package share.
#pragma once

#include <memory>
#include <string>

#include "core/base/diagnostic.h"
#include "core/rest/operation.h"
#include "core/value/located.h"

namespace engine::rest {

/// Faults are noted; what could be read is returned. Shared parameters and groups are left to
/// core/rest/resource.h.
Package read_package(const Located& source, const std::string& file, Diagnostics& diagnostics);

}  // namespace engine::rest
