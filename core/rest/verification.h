// Whether a delivery is genuine.
#pragma once

#include "core/rest/trigger_spec.h"
#include "core/rest/trigger_values.h"

namespace engine::rest {

/// Compares in constant time. False as well when the secret, the signature or a timestamp that is
/// asked for is missing. `values` know the delivery.
bool is_genuine(const Verification& verify, const http::ServerRequest& request,
                TriggerValues& values, TimePoint now);

}  // namespace engine::rest
