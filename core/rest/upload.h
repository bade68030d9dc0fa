// Files of a multipart body.
#pragma once

#include <string>
#include <vector>

#include "core/base/random.h"
#include "core/http/message.h"
#include "core/node/context.h"

namespace engine::rest {

/// `value` names a binary of the item. Throws Error{user, "no_such_binary"} with near names.
void add_binary(std::vector<http::FormField>& form, const std::string& name, const Value& value,
                NodeContext& context, std::size_t item);

/// `value` is a path of a file, streamed from there.
void add_file(std::vector<http::FormField>& form, const std::string& name, const Value& value,
              NodeContext& context);

/// Not found in any sensible content.
std::string form_boundary(Random& random);

}  // namespace engine::rest
