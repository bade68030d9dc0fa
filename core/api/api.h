// The HTTP interface of a server: /api/v1, /healthz, /readyz, /metrics.
#pragma once

#include <functional>
#include <string>
#include <vector>

#include "core/api/metrics.h"
#include "core/trigger/serving.h"

namespace engine::api {

/// A path below /api/v1 with its method; {name} takes one segment.
struct Call {
  const http::ServerRequest& request;
  std::vector<std::string> arguments;  ///< what stood for {…}, decoded
  Value body;                          ///< missing when there is none

  /// Of the query; empty when absent.
  std::string query(std::string_view name) const;
};

/// Thread-safe.
class Api {
 public:
  /// `key_hash` is that of the bearer key, as api_key gives it.
  Api(trigger::Serving& serving, const Metrics& metrics, std::string key_hash);

  /// For every path that is not a webhook's. Errors become {"error": {code, message}}.
  http::ServerResponse handle(const http::ServerRequest& request);

 private:
  /// What a call takes in its query or its body, for the OpenAPI document.
  struct Field {
    std::string name;
    std::string type;  ///< of JSON Schema
    std::string text;
    bool required = false;
  };
  struct Entry {
    std::string method;
    std::string path;  ///< "/executions/{id}/cancel"
    std::string text;
    int status;  ///< of a good answer
    http::ServerResponse (Api::*answer)(const Call& call);
    std::vector<Field> query{};
    std::vector<Field> body{};
  };
  /// One method of each path.
  static const std::vector<Entry>& entries();
  static Value operation(const Entry& entry);
  bool allowed(const http::ServerRequest& request) const;
  http::ServerResponse dispatch(const http::ServerRequest& request);
  http::ServerResponse ready() const;

  http::ServerResponse list_workflows(const Call& call);
  http::ServerResponse show_workflow(const Call& call);
  http::ServerResponse run_workflow(const Call& call);
  http::ServerResponse list_executions(const Call& call);
  http::ServerResponse show_execution(const Call& call);
  http::ServerResponse show_items(const Call& call);
  http::ServerResponse cancel(const Call& call);
  http::ServerResponse retry(const Call& call);
  http::ServerResponse replay(const Call& call);
  http::ServerResponse list_credentials(const Call& call);
  http::ServerResponse openapi(const Call& call);

  store::Store& store() { return *serving_.executor().services().store; }

  trigger::Serving& serving_;
  const Metrics& metrics_;
  const std::string key_hash_;
};

/// The hash of the key that the store knows; null and a new key when there was none (or `renew`),
/// which is to be shown to the user once.
struct ApiKey {
  std::string hash;
  std::string shown;  ///< empty: it was made before
};
ApiKey api_key(store::Store& store, bool renew);

}  // namespace engine::api
