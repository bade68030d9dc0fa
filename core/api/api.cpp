#include "core/api/api.h"

#include "core/crypto/digest.h"
#include "core/crypto/encoding.h"
#include "core/crypto/secret.h"
#include "core/value/json.h"

namespace engine::api {
namespace {

constexpr std::string_view kPrefix = "/api/v1";
constexpr std::string_view kKeyHash = "api_key_hash";

http::ServerResponse json_answer(int status, const Value& body) {
  http::ServerResponse answer;
  answer.status = status;
  answer.headers.set("Content-Type", "application/json");
  answer.body = print_json(body);
  return answer;
}

http::ServerResponse error_answer(int status, std::string_view code, std::string_view message) {
  return json_answer(
      status, Value::object({{"error", Value::object({{"code", code}, {"message", message}})}}));
}

int status_for(const Error& error) {
  const std::string& code = error.code();
  if (code.ends_with("_not_found") || code == "unknown_node") return 404;
  if (code == "execution_finished" || code == "execution_running") return 409;
  switch (error.cause()) {
    case ErrorCause::user: return 400;
    case ErrorCause::storage:
    case ErrorCause::rate_limited: return 503;
    default: return 500;
  }
}

http::ServerResponse wrong_method(const std::string& allow) {
  http::ServerResponse answer = error_answer(405, "bad_method", "Use " + allow + ".");
  answer.headers.set("Allow", allow);
  return answer;
}

std::vector<std::string> parts_of(std::string_view path) {
  return trigger::split_path(path);
}

std::string key_hash_of(std::string_view key) {
  return to_hex(sha256_of(key));
}

}  // namespace

ApiKey api_key(store::Store& store, bool renew) {
  const auto known = store.find_setting(kKeyHash);
  if (known && !renew) return {*known, ""};
  const std::string key = "ek_" + random_secret();
  store.set_setting(kKeyHash, key_hash_of(key));
  return {key_hash_of(key), key};
}

std::string Call::query(std::string_view name) const {
  for (const auto& [key, value] : request.query) {
    if (key == name) return value;
  }
  return "";
}

Api::Api(trigger::Serving& serving, const Metrics& metrics, std::string key_hash)
    : serving_(serving), metrics_(metrics), key_hash_(std::move(key_hash)) {}

const std::vector<Api::Entry>& Api::entries() {
  static const Field kItems{"items", "array", "A list of objects, or one object."};
  static const std::vector<Entry> kEntries{
      {"GET", "/workflows", "The workflows that are served, and why a file is not.", 200,
       &Api::list_workflows},
      {"GET", "/workflows/{name}", "One of them, with its text.", 200, &Api::show_workflow},
      {"POST",
       "/workflows/{name}/run",
       "Run it now; its limits hold.",
       202,
       &Api::run_workflow,
       {},
       {kItems, {"trigger", "string", "Id of the trigger to begin at."}}},
      {"GET",
       "/executions",
       "The newest executions.",
       200,
       &Api::list_executions,
       {{"workflow", "string", "Its name."},
        {"status", "string", "running, waiting, success, failed, cancelled or crashed."},
        {"before", "string", "A time such as 2026-01-31T12:00:00Z."},
        {"limit", "integer", "At most so many, up to 1000; 50 when not given."}}},
      {"GET", "/executions/{id}", "One execution with its node runs.", 200, &Api::show_execution},
      {"GET", "/executions/{id}/nodes/{node}", "The items that a node gave.", 200,
       &Api::show_items},
      {"POST", "/executions/{id}/cancel", "Stop it.", 202, &Api::cancel},
      {"POST", "/executions/{id}/retry",
       "Go on with a failed one in a new execution; finished node runs are not repeated.", 202,
       &Api::retry},
      {"POST",
       "/executions/{id}/replay",
       "Run a node and what follows it again.",
       202,
       &Api::replay,
       {},
       {{"from", "string", "Id of the node.", true}, kItems}},
      {"GET", "/credentials", "Names and types of the credentials; never their secrets.", 200,
       &Api::list_credentials},
      {"GET", "/openapi.json", "This interface, as OpenAPI.", 200, &Api::openapi},
  };
  return kEntries;
}

http::ServerResponse Api::ready() const {
  std::vector<Value> faults;
  for (const trigger::ServedView& view : serving_.workflows()) {
    for (const auto& each : view.triggers) {
      if (each.fault.empty()) continue;
      faults.push_back(Value::object(
          {{"workflow", view.workflow ? view.workflow->name : view.file}, {"node", each.node}}));
    }
  }
  return json_answer(
      serving_.ready() ? 200 : 503,
      Value::object({{"ready", serving_.ready()}, {"inactive_triggers", Value::array(faults)}}));
}

bool Api::allowed(const http::ServerRequest& request) const {
  const auto header = request.headers.find("Authorization");
  constexpr std::string_view kBearer = "Bearer ";
  return header && header->starts_with(kBearer) &&
         same_secret(key_hash_of(header->substr(kBearer.size())), key_hash_);
}

http::ServerResponse Api::handle(const http::ServerRequest& request) {
  if (request.path == "*") return {204, {}, "", std::nullopt};  // OPTIONS: the server is there
  const bool open =
      request.path == "/healthz" || request.path == "/readyz" || request.path == "/metrics";
  if (open && request.method != "GET" && request.method != "HEAD") return wrong_method("GET, HEAD");
  if (request.path == "/healthz") return json_answer(200, Value::object({{"ok", true}}));
  if (request.path == "/readyz") return ready();
  if (request.path == "/metrics") {
    http::ServerResponse answer;
    answer.headers.set("Content-Type", "text/plain; version=0.0.4");
    answer.body =
        metrics_.text({serving_.dispatcher().load(),
                       serving_.executor().services().store->commit_counts(), serving_.refused()});
    return answer;
  }
  if (!request.path.starts_with(kPrefix)) {
    return error_answer(404, "not_found", "There is nothing here.");
  }
  if (request.path != std::string(kPrefix) + "/openapi.json" && !allowed(request)) {
    http::ServerResponse answer =
        error_answer(401, "unauthorized", "Send the API key: Authorization: Bearer ek_...");
    answer.headers.set("WWW-Authenticate", "Bearer");
    return answer;
  }
  try {
    return dispatch(request);
  } catch (const Error& error) {
    const int status = status_for(error);
    if (error.cause() == ErrorCause::rate_limited) {
      http::ServerResponse answer = error_answer(status, error.code(), error.message());
      answer.headers.set("Retry-After", "1");
      return answer;
    }
    if (status < 500) return error_answer(status, error.code(), error.message());
    serving_.executor().services().log.error("A request to the API failed.",
                                             {{"path", request.path}, {"error", error.what()}});
    return error_answer(status, error.code(), "Something went wrong; the log says more.");
  }
}

http::ServerResponse Api::dispatch(const http::ServerRequest& request) {
  const auto given = parts_of(std::string_view(request.path).substr(kPrefix.size()));
  std::string allow;
  for (const Entry& entry : entries()) {
    const auto wanted = parts_of(entry.path);
    if (wanted.size() != given.size()) continue;
    Call call{request, {}, {}};
    bool fits = true;
    for (std::size_t i = 0; i < wanted.size() && fits; ++i) {
      if (wanted[i].starts_with('{')) {
        call.arguments.push_back(given[i]);
      } else {
        fits = wanted[i] == given[i];
      }
    }
    if (!fits) continue;
    if (entry.method != request.method) {
      allow += (allow.empty() ? "" : ", ") + entry.method;
      continue;
    }
    if (!request.body.empty()) call.body = parse_json(request.body, "the body");
    return (this->*entry.answer)(call);
  }
  if (allow.empty()) return error_answer(404, "not_found", "There is nothing here.");
  return wrong_method(allow);
}

}  // namespace engine::api
