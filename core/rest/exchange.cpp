#include "core/rest/exchange.h"

#include <algorithm>

#include "core/rest/service_error.h"

namespace engine::rest {

http::Response exchange(const Operation& operation, NodeContext& context, const Call& call) {
  http::Response response = context.send(to_request(call, operation, context));
  const auto& expected = operation.response.ignore_status;
  if (!response.ok() && std::count(expected.begin(), expected.end(), response.status) == 0) {
    throw service_error(operation, call, response, context.credential_key());
  }
  return response;
}

}  // namespace engine::rest
