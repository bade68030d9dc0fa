// Declared triggers: files with `trigger` at their top.
#pragma once

#include <memory>
#include <string>

#include "core/base/diagnostic.h"
#include "core/rest/trigger_spec.h"
#include "core/value/located.h"

namespace engine::rest {

/// Faults are noted; what could be read is returned. Nothing in `source` refers to the package's
/// shared parameters any more (see expand_trigger).
TriggerSpec read_trigger(const std::string& id, const Located& source, const std::string& file,
                         const std::shared_ptr<const Package>& package, Diagnostics& diagnostics);

}  // namespace engine::rest
