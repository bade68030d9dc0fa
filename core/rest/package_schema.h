// The JSON Schema (draft 2020-12) of the files of a package, for editors.
#pragma once

#include "core/value/value.h"

namespace engine::rest {

/// One schema for all files: package.yaml, files with operations, triggers and credential types;
/// made from the table that readers know keys from.
Value package_schema();

}  // namespace engine::rest
