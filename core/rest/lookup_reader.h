// What a package says about names, about values that belong to fields, and about the account.
#pragma once

#include "core/rest/operation.h"
#include "core/rest/source_reader.h"

namespace engine::rest {

/// `lookups`, `scopes`, `values` and `timezone` of package.yaml. Faults are noted.
void read_lookups(SourceReader& reader, const Located& source, Package& package);

}  // namespace engine::rest
