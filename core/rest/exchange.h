// One request and its answer.
#pragma once

#include "core/http/message.h"
#include "core/rest/call.h"

namespace engine::rest {

/// An answer that is good, or that the operation expects. Throws service_error for the others.
http::Response exchange(const Operation& operation, NodeContext& context, const Call& call);

}  // namespace engine::rest
