// Errors as the documents that cross the edge.
#pragma once

#include <string>
#include <string_view>

#include "core/base/error.h"

namespace engine::plugin {

std::string error_document(const Error& error);

/// What a plugin said; a document that cannot be read becomes an error that says so. `who` names
/// the plugin ("The plugin 'acme'").
Error read_error_document(std::string_view document, const std::string& who);

/// To be called inside a catch block: whatever is being handled, as an Error.
Error current_error();

}  // namespace engine::plugin
