// Descriptions of node types that a native plugin gives as JSON: the inverse of describe_node.
#pragma once

#include <string>

#include "core/base/diagnostic.h"
#include "core/node/description.h"

namespace engine::plugin {

/// Notes every fault under `file`; what could be read is returned. `package` is what ids begin
/// with.
Description read_description(const Value& json, const std::string& package, const std::string& file,
                             Diagnostics& diagnostics);

/// Whether the id is the package's name, or begins with it and `separator`.
bool belongs_to(const std::string& id, const std::string& package, char separator);

}  // namespace engine::plugin
