// Answers: which part of them becomes items.
#pragma once

#include <string>
#include <vector>

#include "core/plugin/openapi/operation.h"
#include "core/plugin/openapi/schema.h"

namespace engine::plugin::openapi {

struct Response {
  bool binary = false;
  bool is_list = false;      ///< the answer itself is a list
  std::string list;          ///< the member that holds the elements, when there is just one
  bool only_list = false;    ///< the other members only tell about pages
  bool link_header = false;  ///< it has a Link header
  Value schema;              ///< of the answer, flat; missing when it is not told

  /// The package's `response`; missing when the whole answer is the item.
  Value source(bool paged) const;
};

Response read_response(const Call& call, const Document& document, SchemaReader& schemas);

}  // namespace engine::plugin::openapi
