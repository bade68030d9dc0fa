#include "nodes/clickup/webhook_trigger.h"

#include <algorithm>

#include "core/base/error.h"
#include "core/value/json.h"
#include "core/value/path.h"
#include "nodes/clickup/delivery.h"
#include "nodes/clickup/registration.h"
#include "nodes/clickup/task_changes.h"

namespace engine::clickup {
namespace {

constexpr std::size_t kMostBody = 4U << 20U;

http::ServerResponse answer(int status) {
  http::ServerResponse response;
  response.status = status;
  response.headers.set("Content-Type", "application/json");
  response.body = "{}";
  return response;
}

Received answered(int status) {
  Received received;
  received.answer = answer(status);
  return received;
}

Value object_in(const std::string& body) {
  try {
    return parse_json(body, "the delivery");
  } catch (const Error&) {
    return {};
  }
}

/// Sent again by ClickUp after the downtime, when catching up has told it already.
bool is_caught_up(View delivery, View state) {
  const auto date = date_of(delivery);
  const auto from = state["down_from"].as_integer();
  const auto until = state["caught_up"].as_integer();
  return date && from && until && *date > *from && *date <= *until &&
         delivery["event"].as_string() != "taskDeleted" && delivery["task_id"].given();
}

/// The state after a delivery, as far as catching up needs it.
std::optional<Value> noted(const Value& state, View delivery, bool active) {
  const auto date = date_of(delivery);
  if (!date) return std::nullopt;
  if (!active) {
    const std::string task = to_text(delivery["task_id"]);
    if (task.empty()) return std::nullopt;
    return with_path(state, Path{std::string("early"), task}, *date);
  }
  if (*date <= state["seen"].as_integer().value_or(0)) return std::nullopt;
  return with_path(state, {"seen"}, *date);
}

/// Without one nobody could call.
std::string public_url(const TriggerContext& context) {
  std::string url = context.url();
  if (!url.empty()) return url;
  throw Error(
      ErrorCause::user, "no_public_url",
      "ClickUp needs an address of this server that it can call. Start it with --public-url "
      "https://HOST (a reverse proxy or a tunnel that leads here), or write 'mode: poll' in "
      "the trigger to ask ClickUp for changed tasks instead.");
}

}  // namespace

Route HookTrigger::route(const TriggerContext& context) const {
  read_settings(context);
  Route route;
  route.methods = {"POST"};
  route.max_body_bytes = kMostBody;
  return route;
}

Received HookTrigger::receive(TriggerContext& context, const Delivery& delivery) const {
  const Value state = context.state();
  const std::string_view secret = state["secret"].as_string();
  // Not yet registered: ClickUp tries again. Nothing here may be 401 or 410, which suspend.
  if (secret.empty()) return answered(503);
  const auto signature = delivery.request.headers.find("X-Signature");
  if (!is_genuine(signature.value_or(""), secret, delivery.request.body)) {
    context.log().warn("A delivery with a wrong signature was refused.",
                       {{"workflow", context.workflow()},
                        {"node", context.node()},
                        {"peer", delivery.request.peer}});
    return answered(403);
  }
  const Value body = object_in(delivery.request.body);
  if (!body.is_object()) return answered(400);
  const TriggerSettings settings = read_settings(context);
  Received received = answered(200);
  if (settings.catch_up) received.starts.state = noted(state, body, active_);
  if (!is_wanted(body, settings, state["user"].as_integer())) return received;
  if (settings.catch_up && is_caught_up(body, state)) return received;
  received.starts.starts.push_back({{{body, {}, Origin()}}, dedupe_key(body)});
  return received;
}

Value HookTrigger::activate(TriggerContext& context) const {
  const TriggerSettings settings = read_settings(context);
  const std::string endpoint = public_url(context);
  const Value state = context.state();
  const std::string known = to_text(state["id"]);
  Service service(context);
  const Registration made = register_webhook(service, settings, endpoint, known);
  if (!known.empty() && to_text(state["team"]) != settings.team) remove_webhook(service, known);
  ValueBuilder next;
  next.begin_object();
  const auto put = [&](const char* key, const Value& value) {
    next.key(key);
    next.value(value);
  };
  put("id", made.id);
  put("secret", made.secret);
  put("team", settings.team);
  if (settings.ignore_own) put("user", service.get("/v2/user")["user"]["id"].detached());
  if (settings.catch_up) {
    const std::int64_t now = to_ms(context.clock().now());
    const std::int64_t seen = state["seen"].as_integer().value_or(now);
    // Later activations of the same start know nothing new of the downtime.
    const bool fresh = !active_ || !state["down_from"].given();
    put("seen", seen);
    put("down_from", fresh ? Value(seen) : state["down_from"]);
    put("down_until", fresh ? Value(now) : state["down_until"]);
    for (const char* key : {"caught_up", "early"}) {
      if (state[key].given()) put(key, state[key]);
    }
  }
  next.end_object();
  active_ = true;
  return next.finish();
}

void HookTrigger::deactivate(TriggerContext& context) const {
  const std::string id = to_text(context.state()["id"]);
  if (id.empty()) return;
  Service service(context);
  remove_webhook(service, id);
}

Starts HookTrigger::catch_up(TriggerContext& context) const {
  const TriggerSettings settings = read_settings(context);
  const Value state = context.state();
  const auto from = state["down_from"].as_integer();
  const auto until = state["down_until"].as_integer();
  if (!settings.catch_up || !from || !until) return {};
  Service service(context);
  Starts starts;
  for (const ChangedTask& task : tasks_changed_after(service, settings, *from)) {
    // What came later was delivered.
    if (task.updated_ms > *until) break;
    const std::string_view event = event_of(task, *from);
    const bool delivered = task.updated_ms <= state["early"][task.id].as_integer().value_or(0);
    if (delivered || !settings.wants(event)) continue;
    starts.starts.push_back({{item_of(task, event, settings.team)},
                             "caught_up:" + task.id + ":" + std::to_string(task.updated_ms)});
  }
  const Value caught_up = with_path(context.state(), {"caught_up"}, *until);
  const std::int64_t seen = std::max(*until, caught_up["seen"].as_integer().value_or(0));
  starts.state = without_path(with_path(caught_up, {"seen"}, seen), {"early"});
  return starts;
}

Milliseconds HookTrigger::check_every(const TriggerContext& /*context*/) const {
  return std::chrono::minutes(5);
}

}  // namespace engine::clickup
