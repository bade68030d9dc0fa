// A resource's file, and how its operations are completed from what the package shares.
#pragma once

#include <string>
#include <vector>

#include "core/base/diagnostic.h"
#include "core/value/located.h"

namespace engine::rest {

/// One operation, complete: nothing in it refers to another place any more.
struct ExpandedOperation {
  std::string id;  ///< "clickup.task.create"
  Located source;
};

/// `use: name` of a parameter takes the shared parameter of that name (the resource's, else the
/// package's) with the keys beside it changed; `include: [group]` adds shared groups. Unknown names
/// are noted.
std::vector<ExpandedOperation> expand_resource(const Located& package, const Located& resource,
                                               const std::string& file, Diagnostics& diagnostics);

/// A trigger's file, completed in the same way.
Located expand_trigger(const Located& package, const Located& trigger, const std::string& file,
                       Diagnostics& diagnostics);

/// Notes the faults of the package's own shared parameters and groups.
void check_shared(const Located& package, const std::string& file, Diagnostics& diagnostics);

}  // namespace engine::rest
