// Triggers: what starts executions by itself.
#pragma once

#include <optional>
#include <string>
#include <utility>
#include <vector>

#include "context.h"

namespace engine::sdk {

/// One execution to be started.
struct Start {
  std::vector<Json> items;   ///< objects
  std::string dedupe_key{};  ///< of two starts with the same key only the first counts
};

struct Starts {
  std::vector<Start> starts{};
  std::optional<Json> state{};  ///< replaces TriggerContext::state(); nothing: it stays
};

struct Route {
  std::string path{};  ///< below /webhook/; empty: the engine gives one
  std::vector<std::string> methods{"POST"};
};

struct Delivery {
  std::string method;
  std::string path;
  std::string peer;
  std::vector<std::pair<std::string, std::string>> query;
  std::vector<std::pair<std::string, std::string>> headers;
  Json params;
  std::string_view body;

  /// The first header of this name, in any case; empty when there is none.
  std::string header(std::string_view name) const {
    const auto lower = [](char c) { return c >= 'A' && c <= 'Z' ? static_cast<char>(c + 32) : c; };
    for (const auto& [key, value] : headers) {
      bool same = key.size() == name.size();
      for (std::size_t i = 0; same && i < key.size(); ++i) same = lower(key[i]) == lower(name[i]);
      if (same) return value;
    }
    return {};
  }
};

struct Answer {
  int status = 200;
  Json headers = Json::object();
  std::string body{};
};

struct Received {
  Starts starts{};
  Answer answer{};
  std::string when = "received";  ///< or "last_node", "respond"
};

/// All of them are stateless and shared; every function may be called from several threads at once.
class WebhookTrigger {
 public:
  virtual ~WebhookTrigger() = default;
  virtual Route route(TriggerContext& context) const = 0;
  /// Short: what takes long belongs into the Node that runs over the items.
  virtual Received receive(TriggerContext& context, const Delivery& delivery) const = 0;
};

class ServiceWebhookTrigger : public WebhookTrigger {
 public:
  /// The service chooses nothing: the engine's own path.
  Route route(TriggerContext& /*context*/) const override { return {}; }
  /// Makes sure that the service calls url(); gives the state to store.
  virtual Json activate(TriggerContext& context) const = 0;
  virtual void deactivate(TriggerContext& context) const = 0;
  /// What happened while nobody listened.
  virtual Starts catch_up(TriggerContext& /*context*/) const { return {}; }
  virtual std::int64_t check_every_ms() const { return 3'600'000; }
};

class PollTrigger {
 public:
  virtual ~PollTrigger() = default;
  virtual std::int64_t every_ms(TriggerContext& context) const = 0;
  /// What is new since state(). With no state yet: a state for "now", and no starts.
  virtual Starts poll(TriggerContext& context) const = 0;
};

}  // namespace engine::sdk
