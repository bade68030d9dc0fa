#include "core/rest/declared_webhook.h"

#include "core/base/error.h"
#include "core/base/utf8.h"
#include "core/http/form.h"
#include "core/http/message.h"
#include "core/rest/registration.h"
#include "core/rest/verification.h"
#include "core/value/json.h"

namespace engine::rest {
namespace {

constexpr std::size_t kMostBody = 4U << 20U;

Received answered(int status, std::string text = "") {
  Received received;
  received.answer.status = status;
  // Never read as a page, whatever was sent.
  received.answer.headers.set("Content-Type", "text/plain; charset=utf-8");
  received.answer.headers.set("X-Content-Type-Options", "nosniff");
  received.answer.body = std::move(text);
  return received;
}

Value form_value(std::string_view body) {
  ValueBuilder builder;
  builder.begin_object();
  for (const auto& [name, value] : http::parse_form(body)) {
    if (!is_utf8(name) || !is_utf8(value)) return {};
    builder.key(name);
    builder.string(value);
  }
  builder.end_object();
  return builder.finish();
}

// Missing when it cannot be read; {} when there is none.
Value body_of(const http::ServerRequest& request) {
  if (request.body.empty()) return Value::object();
  const std::string_view type = request.headers.find("Content-Type").value_or("");
  if (type.rfind("application/x-www-form-urlencoded", 0) == 0) return form_value(request.body);
  try {
    return parse_json(request.body, "the delivery");
  } catch (const Error&) {
    return {};
  }
}

bool lists(View wanted, std::string_view event) {
  const auto fits = [&](View one) { return one.as_string() == "*" || to_text(one) == event; };
  if (!wanted.is_array()) return fits(wanted);
  for (const View one : wanted.elements()) {
    if (fits(one)) return true;
  }
  return false;
}

Item item_of(const Value& element) {
  return {element.is_object() ? element : Value::object({{"value", element}}), {}, Origin()};
}

}  // namespace

Route DeclaredWebhook::route(const TriggerContext& /*context*/) const {
  Route route;
  route.methods = webhook().methods;
  route.max_body_bytes = kMostBody;
  return route;
}

Received DeclaredWebhook::receive(TriggerContext& context, const Delivery& delivery) const {
  TriggerValues values(*spec_, context);
  values.set_delivery(delivery.request);
  values.set_kept(context.state()["kept"]);
  const Value body = body_of(delivery.request);
  values.set_body(body);
  // Asked while the registration is being made, before there is a secret.
  if (const std::string echo = values.fill_all(webhook().challenge); !echo.empty()) {
    return answered(200, echo);
  }
  if (!context.state().given()) return answered(503);  // not yet registered
  if (!is_genuine(webhook().verify, delivery.request, values, context.clock().now())) {
    context.log().warn("A delivery with a wrong signature was refused.",
                       {{"workflow", context.workflow()},
                        {"node", context.node()},
                        {"peer", delivery.request.peer}});
    return answered(403);
  }
  if (body.missing()) return answered(400, "The body is no JSON.");
  if (!is_wanted(context, values)) return answered(webhook().answer);
  return starts_of(context, values, body);
}

bool DeclaredWebhook::is_wanted(TriggerContext& context, const TriggerValues& values) const {
  if (!webhook().wanted.empty()) {
    const Value wanted = context.parameter(webhook().wanted);
    if (wanted.given() && !lists(wanted, to_text(values.fill(webhook().event)))) return false;
  }
  const auto& filter = webhook().filter;
  return std::all_of(filter.begin(), filter.end(), [&](const auto& condition) {
    const Value expected = values.fill(condition.second);
    return !expected.given() || to_text(values.fill(condition.first)) == to_text(expected);
  });
}

Received DeclaredWebhook::starts_of(TriggerContext& /*context*/, TriggerValues& values,
                                    const Value& body) const {
  Received received = answered(webhook().answer);
  const std::vector<Value> elements = select(body, webhook().items);
  if (webhook().dedupe.find("{item.") != std::string::npos) {
    for (const Value& element : elements) {
      values.set_item(element);
      received.starts.starts.push_back({{item_of(element)}, values.fill_all(webhook().dedupe)});
    }
    return received;
  }
  Start start;
  for (const Value& element : elements) start.items.push_back(item_of(element));
  start.dedupe_key = values.fill_all(webhook().dedupe);
  if (!start.items.empty()) received.starts.starts.push_back(std::move(start));
  return received;
}

Value DeclaredWebhook::activate(TriggerContext& context) const {
  return Registration(*spec_, context).make();
}

void DeclaredWebhook::deactivate(TriggerContext& context) const {
  Registration(*spec_, context).undo();
}

Starts DeclaredWebhook::catch_up(TriggerContext& /*context*/) const {
  return {};
}

Milliseconds DeclaredWebhook::check_every(const TriggerContext& /*context*/) const {
  return webhook().check_every;
}

}  // namespace engine::rest
