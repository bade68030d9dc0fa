// What a call consists of, as sets of names: the same for an operation and for an OpenAPI document.
#pragma once

#include <set>
#include <string>

#include "core/rest/operation.h"
#include "core/value/value.h"

namespace engine::test {

using Names = std::set<std::string>;

struct Shape {
  Names query;   ///< without "[]"
  Names body;    ///< "a", "a.b", "rows[].c"
  Names opaque;  ///< names in body whose parts are not described
};

Shape shape_of(const rest::Operation& operation);

/// `call`: an operation object of the document; `path_item` holds what its calls share.
Shape shape_of(View document, View path_item, View call);

/// Whether a name or something above it is opaque.
bool covered(const Shape& shape, const std::string& name);

}  // namespace engine::test
