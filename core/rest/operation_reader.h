// One operation, from its expanded source.
#pragma once

#include <memory>
#include <string>

#include "core/base/diagnostic.h"
#include "core/rest/operation.h"
#include "core/rest/source_reader.h"
#include "core/value/located.h"

namespace engine::rest {

/// Faults are noted; what could be read is returned.
Operation read_operation(const std::string& id, const Located& source, const std::string& file,
                         const std::shared_ptr<const Package>& package, Diagnostics& diagnostics);

/// The `rules` of an operation or trigger.
std::vector<Rule> read_rules(SourceReader& reader, const Located& source);

}  // namespace engine::rest
