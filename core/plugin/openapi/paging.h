// Ways of asking for the next page, recognised by the names that services give them.
#pragma once

#include <optional>
#include <string>
#include <vector>

#include "core/plugin/openapi/operation.h"
#include "core/plugin/openapi/response.h"

namespace engine::plugin::openapi {

struct QueryParameter {
  std::string name;  ///< of the node's parameter
  std::string wire;
  Value source;
};

struct RecognisedPaging {
  Value source;                         ///< the package's `paging`
  std::vector<std::string> parameters;  ///< of the node, that the engine now sets itself
};

/// Nothing when there are no pages; noted when there seem to be some, and how they follow each
/// other is not clear.
std::optional<RecognisedPaging> recognise_paging(const Call& call,
                                                 const std::vector<QueryParameter>& query,
                                                 const Response& response, Notes& notes);

}  // namespace engine::plugin::openapi
