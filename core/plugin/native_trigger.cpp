#include <algorithm>

#include "core/plugin/native_http.h"
#include "core/plugin/native_types.h"
#include "core/plugin/trigger_call.h"
#include "core/value/json.h"

namespace engine::plugin {
namespace {

// What the triggers of a plugin have in common: asking it, and reading what it says.
class Behind {
 public:
  Behind(NativeMember member, std::shared_ptr<const Description> description)
      : member_(std::move(member)), description_(std::move(description)) {}

  Value ask(NativeFunction function, const TriggerContext& context) const {
    TriggerQuestion call(context, *description_);
    return read(function, member_.invoke(function, call));
  }

  Value work(NativeFunction function, TriggerContext& context, std::string_view argument = {},
             std::string_view body = {}) const {
    TriggerCall call(context, *description_, body);
    return read(function, member_.invoke(function, call, argument));
  }

  Starts starts_of(NativeFunction function, const Value& answer) const {
    Starts starts;
    const Value list = answer["starts"];
    if (list.given() && !list.is_array()) throw bad(function, "'starts' is a list.");
    for (const View element : list.elements()) {
      Start start;
      for (const View item : element["items"].elements()) {
        if (!item.is_object()) throw bad(function, "the items of a start are objects.");
        start.items.push_back({answer.share(item), {}, {}});
      }
      start.dedupe_key = to_text(element["dedupe_key"]);
      starts.starts.push_back(std::move(start));
    }
    if (!answer["state"].missing()) starts.state = answer["state"].detached();
    return starts;
  }

  Error bad(NativeFunction function, const std::string& reason) const {
    return {ErrorCause::upstream, "plugin_bad_answer",
            "The trigger '" + description_->id + "' gave a bad answer to '" +
                std::string(to_string(function)) + "': " + reason +
                " Report it to the author of the plugin."};
  }

  bool catches_up() const { return member_.type().catches_up; }
  std::int64_t check_every_ms() const { return member_.type().check_every_ms; }

 private:
  Value read(NativeFunction function, const std::string& text) const {
    if (text.empty()) return {};
    try {
      return parse_json(text);
    } catch (const Error& error) {
      throw bad(function, error.message());
    }
  }

  NativeMember member_;
  std::shared_ptr<const Description> description_;
};

std::string delivery_json(const Delivery& delivery) {
  ValueBuilder builder;
  builder.begin_object();
  const http::ServerRequest& request = delivery.request;
  builder.key("method");
  builder.string(request.method);
  builder.key("path");
  builder.string(request.path);
  builder.key("peer");
  builder.string(request.peer);
  builder.key("query");
  builder.begin_array();
  for (const auto& [name, value] : request.query) {
    builder.begin_array();
    builder.string(name);
    builder.string(value);
    builder.end_array();
  }
  builder.end_array();
  builder.key("headers");
  builder.value(headers_list(request.headers));
  builder.key("params");
  builder.begin_object();
  for (const auto& [name, value] : delivery.params) {
    builder.key(name);
    builder.string(value);
  }
  builder.end_object();
  builder.end_object();
  return print_json(builder.finish());
}

http::ServerResponse first_item(const Items& items) {
  http::ServerResponse answer;
  answer.headers.set("Content-Type", "application/json");
  answer.body = items.empty() ? "{}" : print_json(items[0].json);
  return answer;
}

Route route_of(const Behind& behind, const TriggerContext& context) {
  const Value answer = behind.ask(NativeFunction::route, context);
  Route route;
  route.path = to_text(answer["path"]);
  const Value methods = answer["methods"];
  for (const View method : methods.elements()) route.methods.emplace_back(method.as_string());
  if (route.methods.empty()) route.methods.emplace_back("POST");
  const auto most = answer["max_body_bytes"].as_integer();
  if (most && *most >= 0) {
    route.max_body_bytes = std::min(route.max_body_bytes, static_cast<std::size_t>(*most));
  }
  return route;
}

Received receive_by(const Behind& behind, TriggerContext& context, const Delivery& delivery) {
  const Value answer =
      behind.work(NativeFunction::receive, context, delivery_json(delivery), delivery.request.body);
  Received received;
  received.starts = behind.starts_of(NativeFunction::receive, answer);
  received.answer = read_answer(answer["answer"]);
  const Value when = answer["when"];
  if (when.as_string() == "last_node") {
    received.when = AnswerWhen::last_node;
    received.answer_with = first_item;
  } else if (when.as_string() == "respond") {
    received.when = AnswerWhen::respond;
  } else if (when.given() && when.as_string() != "received") {
    throw behind.bad(NativeFunction::receive, "'when' is received, last_node or respond.");
  }
  return received;
}

class NativeWebhook final : public WebhookTrigger {
 public:
  explicit NativeWebhook(Behind behind) : behind_(std::move(behind)) {}
  Route route(const TriggerContext& context) const override { return route_of(behind_, context); }
  Received receive(TriggerContext& context, const Delivery& delivery) const override {
    return receive_by(behind_, context, delivery);
  }

 private:
  Behind behind_;
};

class NativeServiceWebhook final : public ServiceWebhookTrigger {
 public:
  explicit NativeServiceWebhook(Behind behind) : behind_(std::move(behind)) {}
  Route route(const TriggerContext& context) const override { return route_of(behind_, context); }
  Received receive(TriggerContext& context, const Delivery& delivery) const override {
    return receive_by(behind_, context, delivery);
  }
  Value activate(TriggerContext& context) const override {
    const Value state = behind_.work(NativeFunction::activate, context);
    return state.missing() ? Value(nullptr) : state;
  }
  void deactivate(TriggerContext& context) const override {
    behind_.work(NativeFunction::deactivate, context);
  }
  Starts catch_up(TriggerContext& context) const override {
    if (!behind_.catches_up()) return {};
    return behind_.starts_of(NativeFunction::catch_up,
                             behind_.work(NativeFunction::catch_up, context));
  }
  Milliseconds check_every(const TriggerContext& /*context*/) const override {
    // A mistake of a plugin must not become a flood of requests.
    constexpr std::int64_t kShortest = 60'000;
    return Milliseconds(std::max(behind_.check_every_ms(), kShortest));
  }

 private:
  Behind behind_;
};

class NativePoll final : public PollTrigger {
 public:
  explicit NativePoll(Behind behind) : behind_(std::move(behind)) {}
  Milliseconds every(const TriggerContext& context) const override {
    constexpr std::int64_t kShortest = 1'000;
    const auto every = behind_.ask(NativeFunction::every, context).as_integer();
    if (!every) throw behind_.bad(NativeFunction::every, "it is no number of milliseconds.");
    return Milliseconds(std::max(*every, kShortest));
  }
  Starts poll(TriggerContext& context) const override {
    return behind_.starts_of(NativeFunction::poll, behind_.work(NativeFunction::poll, context));
  }

 private:
  Behind behind_;
};

}  // namespace

Trigger native_trigger(const NativeMember& member,
                       const std::shared_ptr<const Description>& description) {
  Behind behind(member, description);
  switch (member.type().kind) {
    case NativeKind::webhook:
      return std::shared_ptr<const WebhookTrigger>(
          std::make_shared<NativeWebhook>(std::move(behind)));
    case NativeKind::service_webhook:
      return std::shared_ptr<const ServiceWebhookTrigger>(
          std::make_shared<NativeServiceWebhook>(std::move(behind)));
    case NativeKind::poll:
      return std::shared_ptr<const PollTrigger>(std::make_shared<NativePoll>(std::move(behind)));
    case NativeKind::action:
    case NativeKind::credential_type: break;
  }
  return {};
}

}  // namespace engine::plugin
