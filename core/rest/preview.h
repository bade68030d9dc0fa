// What a dry run shows and gives instead of sending a request.
#pragma once

#include "core/node/context.h"
#include "core/rest/call.h"
#include "core/rest/operation.h"

namespace engine::rest {

/// In a dry run: the operation changes something, or names what was only pretended before.
bool must_not_be_sent(const Operation& operation, const NodeContext& context, const Call& call);

/// Tells the user, and gives an item in the form of the answer as far as it can be known.
Items preview(const Operation& operation, NodeContext& context, const Call& call);

}  // namespace engine::rest
