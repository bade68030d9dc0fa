// YAML files with places, for the compiler of packages.
#pragma once

#include <filesystem>

#include "core/base/diagnostic.h"
#include "core/rest/packed.h"

namespace engine::rest {

/// The file as it is named in faults. Syntax errors and keys given twice are noted. Throws
/// Error{user, "no_such_file"}.
SourceFile read_yaml_file(const std::filesystem::path& path, const std::string& name,
                          Diagnostics& diagnostics);

Located read_yaml_text(const std::string& text, const std::string& name, Diagnostics& diagnostics);

/// package.yaml and all further *.yaml beside it.
CompiledPackage compile_folder(const std::filesystem::path& folder, Diagnostics& diagnostics);

}  // namespace engine::rest
