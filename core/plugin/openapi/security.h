// Security schemes as credential types.
#pragma once

#include <set>
#include <string>
#include <vector>

#include "core/plugin/openapi/document.h"

namespace engine::plugin::openapi {

struct CredentialFile {
  std::string id;
  Value source;
};

struct Security {
  std::vector<CredentialFile> types;
  bool optional = false;  ///< some operations ask for none
};

/// The credential types of a package `name` at `base_url`, one for each set of schemes that some
/// operation asks for. `operations` are those of the package, resolved. `test_path`: a GET that
/// needs nothing but the credential; empty: none is known.
Security read_security(const std::string& name, const std::string& base_url,
                       const std::string& test_path, const std::vector<Value>& operations,
                       const Document& document, Notes& notes);

}  // namespace engine::plugin::openapi
