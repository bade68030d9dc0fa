// Bodies of requests.
#pragma once

#include <optional>
#include <string>
#include <vector>

#include "core/plugin/openapi/operation.h"
#include "core/plugin/openapi/schema.h"

namespace engine::plugin::openapi {

struct BodyParameter {
  std::string name;
  std::string as;    ///< its name or path in the body; "." is all of it
  std::string send;  ///< "body", "form", "urlencoded" or "binary"
  Members described;
};

struct Body {
  std::vector<BodyParameter> parameters;
  std::string content_type;  ///< when it is JSON under another name
};

/// No parameters when there is no body; nothing (noted) when it is of a kind that cannot be sent.
std::optional<Body> read_body(const Call& call, const Document& document, SchemaReader& schemas,
                              Notes& notes);

/// "application/json" and its relatives.
bool is_json(std::string_view media_type);

}  // namespace engine::plugin::openapi
