// Whether a failed run is tried again, and when.
#pragma once

#include "core/base/error.h"
#include "core/base/random.h"
#include "core/base/time.h"
#include "core/workflow/workflow.h"

namespace engine::execution {

/// Errors that can pass by themselves: a service that failed, a limit of time or rate.
bool can_pass(const Error& error);

/// How long to wait after attempt number `attempt` (from 1). What the service asked for wins.
/// `exponential` doubles up to max_delay, then takes a random part of it (full jitter); `fixed`
/// stays.
Milliseconds retry_delay(const workflow::RetryPolicy& policy, int attempt, const Error& error,
                         Random& random);

}  // namespace engine::execution
