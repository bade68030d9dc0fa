// Whether a request to a webhook comes from whom it may come from.
#pragma once

#include "core/node/trigger.h"

namespace engine::nodes {

/// Nothing when it may; else the answer, which says nothing about what was expected. Secrets are
/// compared in constant time. Throws Error{credential} when the node's credential is missing or
/// cannot be opened.
std::optional<http::ServerResponse> refuse_caller(const TriggerContext& context,
                                                  const http::ServerRequest& request);

/// "10.0.0.0/8", "192.0.2.1", "2001:db8::/32".
bool in_network(const std::string& address, std::string_view network);
/// Whether it can be read as one.
bool is_network(std::string_view network);

}  // namespace engine::nodes
