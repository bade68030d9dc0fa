#include "nodes/clickup/registration.h"

#include <algorithm>
#include <array>

#include "core/base/error.h"
#include "core/http/message.h"
#include "core/value/json.h"
#include "core/value/number.h"

namespace engine::clickup {
namespace {

constexpr std::array<std::string_view, 4> kPlaceKeys = {"space_id", "folder_id", "list_id",
                                                        "task_id"};

std::vector<std::string> events_of(View hook) {
  std::vector<std::string> events;
  for (const View event : hook["events"].elements()) events.emplace_back(event.as_string());
  if (hook["events"].is_string()) events.emplace_back(hook["events"].as_string());
  std::sort(events.begin(), events.end());
  return events;
}

bool is_at(View hook, const WebhookLocation& location) {
  return std::all_of(kPlaceKeys.begin(), kPlaceKeys.end(), [&](std::string_view place) {
    return to_text(hook[place]) == (place == location.kind ? location.id : "");
  });
}

Value events_value(const TriggerSettings& settings) {
  std::vector<Value> events;
  for (const std::string& event : settings.events) events.emplace_back(event);
  return events.front().as_string() == "*" ? events.front() : Value::array(events);
}

Registration registration_of(View hook) {
  return {to_text(hook["id"]), std::string(hook["secret"].as_string())};
}

class Registrar {
 public:
  Registrar(Service& service, const TriggerSettings& settings, const std::string& endpoint,
            const std::string& known_id)
      : service_(service), settings_(settings), endpoint_(endpoint), known_id_(known_id) {}

  Registration run() {
    hooks_ = list();
    View known = find([&](View hook) { return to_text(hook["id"]) == known_id_; });
    if (const View same = find_same(); same.given()) {
      Registration kept =
          to_text(same["health"]["status"]) == "active" ? registration_of(same) : update(same);
      if (known.given() && to_text(known["id"]) != kept.id) remove_webhook(service_, known_id_);
      return kept;
    }
    if (known.given() && is_at(known, settings_.location)) return update(known);
    Registration made = create();
    if (known.given()) remove_webhook(service_, known_id_);
    return made;
  }

 private:
  std::string path() const {
    return "/v2/team/" + http::percent_encode(settings_.team) + "/webhook";
  }
  Value list() { return service_.get(path())["webhooks"]; }

  template <typename Fits>
  View find(const Fits& fits) const {
    for (const View hook : hooks_.elements()) {
      if (fits(hook)) return hook;
    }
    return {};
  }

  /// The known one first: others may have made a second.
  View find_same() const {
    const auto same = [&](View hook) {
      return hook["endpoint"].as_string() == endpoint_ && events_of(hook) == settings_.events &&
             is_at(hook, settings_.location);
    };
    const View known = find([&](View h) { return to_text(h["id"]) == known_id_ && same(h); });
    return known.given() ? known : find(same);
  }

  /// The secret stays when ClickUp's answer leaves it out.
  Registration update(View hook) {
    const Registration old = registration_of(hook);
    const Value answer = service_.put(
        "/v2/webhook/" + http::percent_encode(old.id),
        Value::object(
            {{"endpoint", endpoint_}, {"events", events_value(settings_)}, {"status", "active"}}));
    const std::string secret(answer["webhook"]["secret"].as_string());
    return {old.id, secret.empty() ? old.secret : secret};
  }

  Registration create() {
    ValueBuilder body;
    body.begin_object();
    body.key("endpoint");
    body.string(endpoint_);
    body.key("events");
    body.value(events_value(settings_));
    if (const WebhookLocation& place = settings_.location; !place.id.empty()) {
      body.key(place.kind);
      const auto number = place.kind == "task_id" ? std::nullopt : parse_integer(place.id);
      body.value(number ? Value(*number) : Value(place.id));
    }
    body.end_object();
    try {
      const Value answer = service_.post(path(), body.finish());
      return registration_of(answer["webhook"].given() ? answer["webhook"] : answer);
    } catch (const Error& error) {
      if (error.message().find("OAUTH_171") == std::string::npos) throw;
    }
    // Somebody else was faster, or the answer of an earlier try was lost.
    hooks_ = list();
    if (const View same = find_same(); same.given()) return registration_of(same);
    throw Error(ErrorCause::user, "webhook_taken",
                "ClickUp says that a webhook to " + endpoint_ +
                    " exists already, but does not list it: it belongs to another user. Delete it "
                    "with that user's credential, or give the node another id.");
  }

  Service& service_;
  const TriggerSettings& settings_;
  const std::string& endpoint_;
  const std::string& known_id_;
  Value hooks_;
};

}  // namespace

Registration register_webhook(Service& service, const TriggerSettings& settings,
                              const std::string& endpoint, const std::string& known_id) {
  return Registrar(service, settings, endpoint, known_id).run();
}

void remove_webhook(Service& service, const std::string& id) {
  try {
    service.remove("/v2/webhook/" + http::percent_encode(id));
  } catch (const Error& error) {
    if (!Service::is_missing(error)) throw;
  }
}

}  // namespace engine::clickup
