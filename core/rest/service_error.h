// Answers that are failures, as errors that say what to do.
#pragma once

#include "core/base/error.h"
#include "core/http/message.h"
#include "core/rest/call.h"

namespace engine::rest {

/// Knows the service's own code as well ("ITEM_114"; empty: none).
struct ServiceError : Error {
  using Error::Error;
  std::string service_code;
};

/// Names the operation, the call, the status, the service's code and text, and the hint that fits.
/// The code of the error follows the status: bad_request, not_authorised, forbidden, not_found,
/// conflict, rate_limited, service_failed, refused.
ServiceError service_error(const Operation& operation, const Call& call,
                           const http::Response& response, const std::string& credential);

}  // namespace engine::rest
