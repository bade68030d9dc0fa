// Operations of a document as operations of a package.
#pragma once

#include <optional>
#include <string>

#include "core/plugin/openapi/document.h"

namespace engine::plugin::openapi {

/// "GET", "/tasks/{id}" and the two objects that describe it.
struct Call {
  std::string method;
  std::string path;
  Value item;       ///< of the path
  Value operation;  ///< resolved
  std::string name() const { return method + " " + path; }
};

/// The operation in the package's words; nothing (noted) when it cannot be expressed at all.
std::optional<Value> read_operation(const Call& call, const Document& document, Notes& notes);

}  // namespace engine::plugin::openapi
