// A plugin in C++20: include this, and write ENGINE_PLUGIN once.
//
//   #include <engine/sdk/plugin.h>
//   using namespace engine::sdk;
//
//   class Greet final : public ItemNode {
//     Items run_item(NodeContext& context, std::size_t i) const override {
//       Json json = context.input()[i].json;
//       json.set("greeting", "Hello, " + context.parameter("name", i).to_text() + "!");
//       return {{json}};
//     }
//   };
//
//   ENGINE_PLUGIN("acme", "1.0.0") {
//     Description d;
//     d.id = "acme.greet";
//     d.title = "Greet";
//     d.parameters = {Declare("name", ParameterType::string, "Whom to greet.").required()};
//     plugin.add(d, std::make_shared<Greet>());
//   }
//
// No exception crosses to the engine: what is thrown becomes the error of the item or of the run.
#pragma once

#include <functional>
#include <memory>
#include <string>
#include <type_traits>
#include <utility>
#include <vector>

#include "description.h"
#include "edge.h"
#include "node.h"
#include "trigger.h"

namespace engine::sdk {

/// What a credential type adds to a request to sign it.
struct Signature {
  std::vector<std::pair<std::string, std::string>> headers{};
  std::vector<std::pair<std::string, std::string>> query{};
};

/// The request to be signed: {"method", "url", "headers": [[name, text]…]}, and its body.
using Sign =
    std::function<Signature(const Json& fields, const Json& request, std::string_view body)>;

namespace detail {

/// The `self` of everything that is added.
struct Added {
  const engine_host* host = nullptr;
  std::string description{};
  std::shared_ptr<const Node> node{};
  std::shared_ptr<const WebhookTrigger> webhook{};
  std::shared_ptr<const ServiceWebhookTrigger> service{};
  std::shared_ptr<const PollTrigger> poll{};
  Sign sign{};
};

inline const Added& of(void* self) {
  return *static_cast<const Added*>(self);
}

inline std::int32_t run(void* self, engine_call* call, engine_borrowed, engine_owned* result) {
  return guarded(result, [&] {
    NodeContext context(*of(self).host, call);
    const NodeResult made = of(self).node->run(context);
    for (std::size_t output = 0; output < made.outputs.size(); ++output) {
      for (const Item& item : made.outputs[output]) context.give(item, output);
    }
    for (const ItemFailure& failure : made.failed) context.fail_item(failure.item, failure.error);
    for (const std::size_t item : made.untried) context.leave_item(item);
  });
}

inline Json to_json(const Starts& starts) {
  Json list = Json::array();
  for (const Start& start : starts.starts) {
    list.push(Json::object({{"items", Json(start.items)}, {"dedupe_key", start.dedupe_key}}));
  }
  Json json = Json::object({{"starts", list}});
  if (starts.state) json.set("state", starts.state->missing() ? Json(nullptr) : *starts.state);
  return json;
}

/// A function of a trigger that gives JSON.
template <typename Work>
std::int32_t answer(void* self, engine_call* call, engine_owned* result, const Work& work) {
  return guarded(result, [&] {
    TriggerContext context(*of(self).host, call);
    const Json json = work(of(self), context);
    if (!json.missing()) give_away(json.print(), result);
  });
}

inline std::int32_t route(void* self, engine_call* call, engine_borrowed, engine_owned* result) {
  return answer(self, call, result, [](const Added& added, TriggerContext& context) {
    const Route route = added.webhook->route(context);
    Json methods = Json::array();
    for (const std::string& method : route.methods) methods.push(method);
    return Json::object({{"path", route.path}, {"methods", methods}});
  });
}

inline std::vector<std::pair<std::string, std::string>> pairs_of(const Json& list) {
  std::vector<std::pair<std::string, std::string>> pairs;
  for (const Json& pair : list.elements()) {
    pairs.emplace_back(pair[0].as_string(), pair[1].as_string());
  }
  return pairs;
}

inline std::int32_t receive(void* self, engine_call* call, engine_borrowed argument,
                            engine_owned* result) {
  return answer(self, call, result, [&](const Added& added, TriggerContext& context) {
    const Json json = Json::parse(view_of(argument));
    const Delivery delivery{std::string(json["method"].as_string()),
                            std::string(json["path"].as_string()),
                            std::string(json["peer"].as_string()),
                            pairs_of(json["query"]),
                            pairs_of(json["headers"]),
                            json["params"],
                            view_of(added.host->body(call))};
    const Received received = added.webhook->receive(context, delivery);
    Json made = to_json(received.starts);
    made.set("answer", Json::object({{"status", received.answer.status},
                                     {"headers", received.answer.headers},
                                     {"body", received.answer.body}}));
    made.set("when", received.when);
    return made;
  });
}

inline std::int32_t activate(void* self, engine_call* call, engine_borrowed, engine_owned* result) {
  return answer(self, call, result, [](const Added& added, TriggerContext& context) {
    return added.service->activate(context);
  });
}

inline std::int32_t deactivate(void* self, engine_call* call, engine_borrowed,
                               engine_owned* result) {
  return answer(self, call, result, [](const Added& added, TriggerContext& context) {
    added.service->deactivate(context);
    return Json();
  });
}

inline std::int32_t catch_up(void* self, engine_call* call, engine_borrowed, engine_owned* result) {
  return answer(self, call, result, [](const Added& added, TriggerContext& context) {
    return to_json(added.service->catch_up(context));
  });
}

inline std::int32_t every(void* self, engine_call* call, engine_borrowed, engine_owned* result) {
  return answer(self, call, result, [](const Added& added, TriggerContext& context) {
    return Json(added.poll->every_ms(context));
  });
}

inline std::int32_t poll(void* self, engine_call* call, engine_borrowed, engine_owned* result) {
  return answer(self, call, result, [](const Added& added, TriggerContext& context) {
    return to_json(added.poll->poll(context));
  });
}

inline std::int32_t sign(void* self, engine_call* call, engine_borrowed argument,
                         engine_owned* result) {
  return guarded(result, [&] {
    const Json json = Json::parse(view_of(argument));
    const Signature made =
        of(self).sign(json["fields"], json["request"], view_of(of(self).host->body(call)));
    Json headers = Json::object();
    for (const auto& [name, value] : made.headers) headers.set(name, value);
    Json query = Json::object();
    for (const auto& [name, value] : made.query) query.set(name, value);
    give_away(Json::object({{"headers", headers}, {"query", query}}).print(), result);
  });
}

}  // namespace detail

/// What a plugin adds to the engine. Functions throw what the engine refuses.
class Package {
 public:
  Package(const engine_host& host, engine_registrar& registrar)
      : host_(host), registrar_(registrar) {}

  /// `behaviour` is a Node, a WebhookTrigger, a ServiceWebhookTrigger or a PollTrigger. `node`,
  /// when a trigger has one, is run over the items of a start.
  template <typename Behaviour>
  void add(const Description& description, std::shared_ptr<Behaviour> behaviour,
           std::shared_ptr<const Node> node = nullptr) {
    if constexpr (std::is_base_of_v<Node, Behaviour>) {
      add_action(description, std::move(behaviour));
    } else if constexpr (std::is_base_of_v<ServiceWebhookTrigger, Behaviour>) {
      add_service_webhook(description, std::move(behaviour), std::move(node));
    } else if constexpr (std::is_base_of_v<WebhookTrigger, Behaviour>) {
      add_webhook(description, std::move(behaviour), std::move(node));
    } else {
      add_poll(description, std::move(behaviour), std::move(node));
    }
  }

  /// `declaration`: what a credential.yaml holds. With a `sign` its own may be left out.
  void add_credential_type(const Json& declaration, Sign sign = nullptr) {
    detail::Added& added = make(declaration, nullptr);
    added.sign = std::move(sign);
    const engine_credential_type type{sizeof(engine_credential_type), 0,
                                      detail::borrow(added.description), &added,
                                      added.sign ? detail::sign : nullptr};
    detail::Owned error;
    detail::require(registrar_.add_credential_type(&registrar_, &type, &error.owned), error);
  }

  /// All was added: it stays until the process ends.
  void keep() {
    // Never destroyed: the engine may call until the very end.
    static auto* const kept = new std::vector<std::unique_ptr<detail::Added>>;
    for (auto& added : added_) kept->push_back(std::move(added));
    added_.clear();
  }

 private:
  void add_action(const Description& description, std::shared_ptr<const Node> node) {
    detail::Added& added = make(to_json(description), std::move(node));
    const engine_action action{sizeof(engine_action), 0, detail::borrow(added.description), &added,
                               detail::run};
    detail::Owned error;
    detail::require(registrar_.add_action(&registrar_, &action, &error.owned), error);
  }

  void add_webhook(const Description& description, std::shared_ptr<const WebhookTrigger> trigger,
                   std::shared_ptr<const Node> node) {
    detail::Added& added = make(to_json(description), std::move(node));
    added.webhook = std::move(trigger);
    const engine_webhook_trigger webhook{sizeof(engine_webhook_trigger),
                                         0,
                                         detail::borrow(added.description),
                                         &added,
                                         detail::route,
                                         detail::receive,
                                         added.node ? detail::run : nullptr};
    detail::Owned error;
    detail::require(registrar_.add_webhook_trigger(&registrar_, &webhook, &error.owned), error);
  }

  void add_service_webhook(const Description& description,
                           std::shared_ptr<const ServiceWebhookTrigger> trigger,
                           std::shared_ptr<const Node> node) {
    detail::Added& added = make(to_json(description), std::move(node));
    added.webhook = trigger;
    added.service = std::move(trigger);
    const engine_service_webhook_trigger webhook{sizeof(engine_service_webhook_trigger),
                                                 0,
                                                 detail::borrow(added.description),
                                                 &added,
                                                 detail::route,
                                                 detail::receive,
                                                 added.node ? detail::run : nullptr,
                                                 detail::activate,
                                                 detail::deactivate,
                                                 detail::catch_up,
                                                 added.service->check_every_ms()};
    detail::Owned error;
    detail::require(registrar_.add_service_webhook_trigger(&registrar_, &webhook, &error.owned),
                    error);
  }

  void add_poll(const Description& description, std::shared_ptr<const PollTrigger> trigger,
                std::shared_ptr<const Node> node) {
    detail::Added& added = make(to_json(description), std::move(node));
    added.poll = std::move(trigger);
    const engine_poll_trigger polled{sizeof(engine_poll_trigger),
                                     0,
                                     detail::borrow(added.description),
                                     &added,
                                     detail::every,
                                     detail::poll,
                                     added.node ? detail::run : nullptr};
    detail::Owned error;
    detail::require(registrar_.add_poll_trigger(&registrar_, &polled, &error.owned), error);
  }

  detail::Added& make(const Json& description, std::shared_ptr<const Node> node) {
    added_.push_back(std::make_unique<detail::Added>());
    detail::Added& added = *added_.back();
    added.host = &host_;
    added.description = description.print();
    added.node = std::move(node);
    return added;
  }

  const engine_host& host_;
  engine_registrar& registrar_;
  std::vector<std::unique_ptr<detail::Added>> added_;
};

namespace detail {

inline std::int32_t load(const engine_host* host, engine_registrar* registrar, engine_owned* error,
                         void (*add)(Package& plugin)) {
  return guarded(error, [&] {
    Package package(*host, *registrar);
    add(package);
    package.keep();
  });
}

}  // namespace detail
}  // namespace engine::sdk

/// Followed by the body of a function that adds everything to `plugin`.
#define ENGINE_PLUGIN(plugin_name, plugin_version)                                        \
  static void engine_plugin_add(engine::sdk::Package& plugin);                            \
  static int32_t engine_plugin_load(const engine_host* host, engine_registrar* registrar, \
                                    engine_owned* owned_error) {                          \
    return engine::sdk::detail::load(host, registrar, owned_error, engine_plugin_add);    \
  }                                                                                       \
  extern "C" ENGINE_PLUGIN_EXPORT const engine_plugin* engine_plugin_entry(void) {        \
    static const engine_plugin entry{sizeof(engine_plugin),                               \
                                     ENGINE_ABI_MAJOR,                                    \
                                     ENGINE_ABI_MINOR,                                    \
                                     0,                                                   \
                                     {plugin_name, sizeof(plugin_name) - 1},              \
                                     {plugin_version, sizeof(plugin_version) - 1},        \
                                     engine_plugin_load};                                 \
    return &entry;                                                                        \
  }                                                                                       \
  static void engine_plugin_add(engine::sdk::Package& plugin)
