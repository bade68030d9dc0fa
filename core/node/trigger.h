// Triggers: what starts executions by itself. Four small interfaces, one for each way; the engine
// owns registrations, deliveries, cursors, ticks and clocks, and the trigger only says what they
// mean. See NodeType::trigger for how a node type names its own.
//
// All of them are stateless and shared: what belongs to one node of one workflow comes with the
// context. Every function may be called from several threads at once.
#pragma once

#include <functional>
#include <memory>
#include <optional>
#include <string>
#include <string_view>
#include <utility>
#include <variant>
#include <vector>

#include "core/base/cancellation.h"
#include "core/base/log.h"
#include "core/base/random.h"
#include "core/base/time.h"
#include "core/http/server_message.h"
#include "core/value/item.h"

namespace engine {

class BinaryStore;

/// One trigger node of one served workflow. Implemented by the engine, and by a fake in tests
/// (tests/support/fake_trigger_context.h).
class TriggerContext {
 public:
  virtual ~TriggerContext() = default;

  virtual std::string workflow() const = 0;  ///< its name
  virtual std::string node() const = 0;      ///< its id
  /// Evaluated once, when the trigger is activated (expressions see `$env`, `$vars`, `$workflow`):
  /// checked, defaults filled in; missing when not given and without a default.
  virtual Value parameter(std::string_view name) const = 0;
  virtual std::string timezone() const = 0;  ///< IANA name, of the workflow's settings

  /// Where the outside reaches this trigger: "https://me.example/hooks/<workflow>/<node>" or
  /// ".../webhook/<path>". Empty when the server was given no public URL.
  virtual std::string url() const = 0;

  /// What was stored last for this trigger (registration, cursor); missing at first. It survives
  /// restarts and changes of the file, as long as workflow name and node id stay. It may hold
  /// secrets of the registration.
  virtual Value state() const = 0;

  /// As NodeContext: signs with the credential of `slot` when the node names one, and sends.
  virtual http::Response send(http::Request request, std::string_view slot = "") = 0;
  virtual bool has_credential(std::string_view slot = "") const = 0;
  /// A field that is not secret; missing when there is none.
  virtual Value credential_field(std::string_view field, std::string_view slot = "") const = 0;
  /// Any field, secret ones too: for webhooks that are signed with one. Never goes into items.
  virtual Value credential_secret(std::string_view field, std::string_view slot = "") const = 0;
  virtual std::string credential_key(std::string_view slot = "") const = 0;

  virtual BinaryStore& binaries() = 0;
  virtual const Cancellation& cancellation() const = 0;  ///< the server stops
  virtual const Clock& clock() const = 0;
  virtual Random& random() = 0;
  virtual Logger& log() = 0;
};

/// One execution to be started.
struct Start {
  Items items;  ///< what the trigger gives; origins are not needed
  /// Of two starts of the same trigger with the same key only the first counts, ever (30 days at
  /// least). Empty: each counts.
  std::string dedupe_key;
};

/// Executions to start and what to remember, all in one transaction.
struct Starts {
  std::vector<Start> starts;
  std::optional<Value> state;  ///< replaces TriggerContext::state(); nothing: it stays
};

// ---------------------------------------------------------------- webhooks

struct Route {
  /// Below /webhook/, "orders/:id"; a segment that begins with `:` takes any text. Empty: the
  /// engine gives /hooks/<workflow>/<node>.
  std::string path;
  std::vector<std::string> methods;  ///< upper case; others are answered 405
  std::size_t max_body_bytes = 16U << 20U;
};

/// A request that came in on the route.
struct Delivery {
  const http::ServerRequest& request;  ///< `peer` is the caller behind a trusted proxy
  std::vector<std::pair<std::string, std::string>> params;  ///< decoded, in order of the path
};

enum class AnswerWhen {
  received,   ///< `answer`, as soon as all starts are durable
  last_node,  ///< `answer_with` of what the first start's last nodes gave
  respond,    ///< what a `respond` node of the first start says; see NodeContext::respond
};

struct Received {
  Starts starts;                ///< none: `answer` is sent at once
  http::ServerResponse answer;  ///< also when all starts were known already
  AnswerWhen when = AnswerWhen::received;
  std::function<http::ServerResponse(const Items& result)> answer_with;  ///< for last_node
};

/// Requests from anybody. An exception of `receive` is answered 500 without details and logged: bad
/// signatures, bad bodies and the like are to be answered by `answer`.
class WebhookTrigger {
 public:
  virtual ~WebhookTrigger() = default;
  /// Throws Error{user} for parameters that make no route.
  virtual Route route(const TriggerContext& context) const = 0;
  /// Short: what takes long (requests to the service) belongs into NodeType::node.
  virtual Received receive(TriggerContext& context, const Delivery& delivery) const = 0;
};

/// A webhook that has to be registered with the service which calls it.
class ServiceWebhookTrigger : public WebhookTrigger {
 public:
  /// Makes sure that the service calls url(), and gives the state to store, which counts from the
  /// moment when it is durable. Called when the workflow is loaded, when its file, public URL or
  /// credential changed, and again every `check_every`: so it looks at what is there (state(), the
  /// service's list), reuses and repairs it, and makes a new registration only when there is none
  /// that fits. An exception leaves the trigger inactive; it is reported and tried again later.
  virtual Value activate(TriggerContext& context) const = 0;
  /// The node is gone for good: undoes the registration. The parameters are those it was activated
  /// with, also when the file was removed while the server was down. Not called at a stop.
  virtual void deactivate(TriggerContext& context) const = 0;
  /// Called once after the first activation of a server's life, when there was a state before:
  /// what happened while nobody listened. Give each start the dedupe key its delivery would have.
  virtual Starts catch_up(TriggerContext& context) const = 0;
  virtual Milliseconds check_every(const TriggerContext& context) const = 0;
};

// ---------------------------------------------------------------- time

struct SchedulePolicy {
  enum class Missed { skip, run_once, run_all };  ///< ticks while the server was down
  enum class Overlap { allow, skip, queue };      ///< a tick while the one before still runs
  Missed missed = Missed::skip;
  Overlap overlap = Overlap::allow;
};

/// The engine owns the ticks: each fires once, ever, however often the server starts or the clock
/// jumps.
class ScheduleTrigger {
 public:
  virtual ~ScheduleTrigger() = default;
  virtual SchedulePolicy policy(const TriggerContext& context) const = 0;
  /// The first tick later than `after`; the same answer for the same question, always. Nothing:
  /// there is none any more. Throws Error{user} for parameters that make no schedule.
  virtual std::optional<TimePoint> next(const TriggerContext& context, TimePoint after) const = 0;
  virtual Items items(const TriggerContext& context, TimePoint tick) const = 0;
};

/// Asks a service for news. Never called twice at the same time for the same node.
class PollTrigger {
 public:
  virtual ~PollTrigger() = default;
  virtual Milliseconds every(const TriggerContext& context) const = 0;
  /// What is new since the cursor (`context.state()`), with the new cursor; both are stored in one
  /// transaction. With no cursor yet: a cursor for "now" and no starts. An exception changes
  /// nothing; it is reported and tried again, more and more slowly.
  virtual Starts poll(TriggerContext& context) const = 0;
};

/// None (`manual`, `error_trigger`: started by others), or one of the four.
using Trigger =
    std::variant<std::monostate, std::shared_ptr<const WebhookTrigger>,
                 std::shared_ptr<const ServiceWebhookTrigger>,
                 std::shared_ptr<const ScheduleTrigger>, std::shared_ptr<const PollTrigger>>;

}  // namespace engine
