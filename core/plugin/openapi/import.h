// A declared package from an OpenAPI document (3.0 or 3.1). Source: spec.openapis.org/oas/v3.1.1.
#pragma once

#include <string>
#include <utility>
#include <vector>

#include "core/value/value.h"

namespace engine::plugin::openapi {

struct ImportedPackage {
  std::vector<std::pair<std::string, std::string>> files;  ///< name, text
  std::vector<std::string> notes;                          ///< what could not be expressed
  std::size_t operations = 0;
};

/// `only`: tags, paths, beginnings of paths, or operation ids; empty: everything. Nothing is
/// fetched, and hostile documents take bounded time and memory. Throws Error{user, "bad_openapi"}
/// when it is no such document, and Error{user, "nothing_imported"} when nothing fits `only`.
ImportedPackage import_document(const std::string& name, const Value& document,
                                const std::vector<std::string>& only);

/// Of JSON or YAML text. Throws Error{user, "bad_json"}, Error{user, "bad_openapi"} that name the
/// file.
Value read_document(const std::string& text, const std::string& file);

}  // namespace engine::plugin::openapi
