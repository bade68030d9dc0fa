// Requests to ClickUp's API, as triggers need them: JSON in and out, failures as errors.
#pragma once

#include <functional>
#include <string>

#include "core/http/message.h"
#include "core/value/value.h"

namespace engine {
class Error;
class NodeContext;
class TriggerContext;
}  // namespace engine

namespace engine::clickup {

/// Borrows the context. As thread-safe as that is.
class Service {
 public:
  explicit Service(NodeContext& context);
  explicit Service(TriggerContext& context);

  /// `path` begins with "/v2/". Gives the answer's JSON; missing for an empty one. Throws
  /// Error{credential, "not_authorised"} for a token that is unknown or revoked,
  /// Error{user, "refused"} with `http_status` for what ClickUp says no to, Error{upstream,
  /// "service_failed"} for its own failures, and what sending throws.
  Value get(const std::string& path);
  Value post(const std::string& path, const Value& body);
  Value put(const std::string& path, const Value& body);
  Value remove(const std::string& path);

  /// Whether an error says that there is nothing of this id. (ClickUp answers 401 for that, too.)
  static bool is_missing(const Error& error);

 private:
  using Send = std::function<http::Response(http::Request)>;
  Value ask(const char* method, const std::string& path, const Value& body);

  Send send_;
  std::string base_url_;
  std::string pace_key_;
};

}  // namespace engine::clickup
