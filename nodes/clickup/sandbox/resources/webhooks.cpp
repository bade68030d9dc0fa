#include <algorithm>

#include "core/base/nearest.h"
#include "core/value/number.h"
#include "nodes/clickup/sandbox/resources/resources.h"

namespace engine::clickup::sandbox {
namespace {

void id_or_null(Writer& w, std::string_view key, const std::string& id) {
  w.integer_or_null(key, parse_integer(id));
}

void write_webhook(Writer& w, const Webhook& hook) {
  w.text("id", hook.id);
  w.integer("userid", hook.user);
  id_or_null(w, "team_id", hook.team_id);
  w.text("endpoint", hook.endpoint);
  w.text("client_id", hook.client_id);
  w.array("events", [&] {
    for (const std::string& event : hook.events) w.text(event);
  });
  w.text_or_null("task_id", hook.task_id);
  id_or_null(w, "list_id", hook.list_id);
  id_or_null(w, "folder_id", hook.folder_id);
  id_or_null(w, "space_id", hook.space_id);
  w.object("health", [&] {
    w.text("status", hook.status);
    w.integer("fail_count", hook.fail_count);
  });
  w.text("secret", hook.secret);
}

Answer one_webhook(const Webhook& hook) {
  return reply([&](Writer& w) {
    w.text("id", hook.id);
    w.object("webhook", [&] { write_webhook(w, hook); });
  });
}

/// "*", a list with "*" in it, or names.
std::vector<std::string> events_of(View given) {
  if (given.as_string() == "*") return {"*"};
  std::vector<std::string> events;
  for (const View one : given.elements()) {
    const std::string name(one.as_string());
    if (name == "*") return {"*"};
    const auto& known = event_names();
    if (std::find(known.begin(), known.end(), name) == known.end()) {
      refuse("Unknown event '" + name + "'." + did_you_mean(name, known));
    }
    if (std::find(events.begin(), events.end(), name) == events.end()) events.push_back(name);
  }
  if (events.empty()) refuse("'events' must be \"*\" or an array of event names");
  return events;
}

/// Without a scheme the service assumes https.
std::string endpoint_of(View given) {
  const std::string endpoint(given.as_string());
  if (endpoint.empty() || endpoint.find(' ') != std::string::npos) refuse("Endpoint invalid");
  return endpoint.find("://") == std::string::npos ? "https://" + endpoint : endpoint;
}

std::string id_of(View id) {
  if (!id.given()) return "";
  return id.is_string() ? std::string(id.as_string()) : id.number_text();
}

bool same_configuration(const Webhook& a, const Webhook& b) {
  auto x = a.events;
  auto y = b.events;
  std::sort(x.begin(), x.end());
  std::sort(y.begin(), y.end());
  return a.team_id == b.team_id && a.user == b.user && a.endpoint == b.endpoint && x == y &&
         a.space_id == b.space_id && a.folder_id == b.folder_id && a.list_id == b.list_id &&
         a.task_id == b.task_id;
}

void refuse_second(const Call& call, const Webhook& hook) {
  for (const Webhook& other : call.world.webhooks) {
    if (!other.deleted && other.id != hook.id && same_configuration(other, hook)) {
      refuse("Webhook configuration already exists", "OAUTH_171");
    }
  }
}

Answer list_webhooks(Call& call) {
  const Team& team = call.team();
  return reply([&](Writer& w) {
    w.array("webhooks", [&] {
      for (const Webhook& hook : call.world.webhooks) {
        const bool mine = hook.team_id == team.id && hook.user == call.user_id();
        if (mine && !hook.deleted) w.object([&] { write_webhook(w, hook); });
      }
    });
  });
}

Answer create_webhook(Call& call) {
  const Team& team = call.team();
  const View body = call.body;
  Webhook hook;
  hook.endpoint = endpoint_of(body["endpoint"]);
  hook.events = events_of(body["events"]);
  hook.space_id = id_of(body["space_id"]);
  hook.folder_id = id_of(body["folder_id"]);
  hook.list_id = id_of(body["list_id"]);
  hook.task_id = id_of(body["task_id"]);
  if (!hook.space_id.empty()) call.space(hook.space_id);
  if (!hook.folder_id.empty()) call.folder(hook.folder_id);
  if (!hook.list_id.empty()) call.list(hook.list_id);
  if (!hook.task_id.empty()) call.task(hook.task_id);
  hook.team_id = team.id;
  hook.user = call.user_id();
  refuse_second(call, hook);
  hook.id = call.world.new_uuid();
  hook.client_id = call.world.apps.empty() ? "" : call.world.apps.front().client_id;
  hook.secret = call.world.new_secret(64);
  return one_webhook(call.world.webhooks.add(std::move(hook)));
}

Webhook& webhook_of(const Call& call) {
  Webhook* hook = call.world.webhooks.live(call.path("webhook_id"));
  if (hook == nullptr || hook->user != call.user_id()) refuse_unknown();
  call.team(hook->team_id);
  return *hook;
}

Answer update_webhook(Call& call) {
  Webhook& hook = webhook_of(call);
  const View body = call.body;
  Webhook changed = hook;
  if (!body["endpoint"].missing()) changed.endpoint = endpoint_of(body["endpoint"]);
  if (!body["events"].missing()) changed.events = events_of(body["events"]);
  refuse_second(call, changed);
  if (body["status"].is_string()) {
    if (body["status"].as_string() != "active") refuse("status can only be set to active");
    changed.status = "active";
    changed.fail_count = 0;
  }
  hook = std::move(changed);
  return one_webhook(hook);
}

Answer delete_webhook(Call& call) {
  webhook_of(call).deleted = true;
  return done();
}

}  // namespace

void add_webhook_routes(Router& router) {
  router.add("GET", "/v2/team/{team_id}/webhook", list_webhooks);
  router.add("POST", "/v2/team/{team_id}/webhook", create_webhook)
      .body(
          "endpoint*: text, events*: any, space_id: id?, folder_id: id?, list_id: id?, "
          "task_id: text?");
  router.add("PUT", "/v2/webhook/{webhook_id}", update_webhook)
      .body("endpoint: text, events: any, status: text");
  router.add("DELETE", "/v2/webhook/{webhook_id}", delete_webhook);
}

}  // namespace engine::clickup::sandbox
