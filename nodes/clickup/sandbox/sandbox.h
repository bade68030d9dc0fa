// A stateful stand-in for ClickUp's API, so that automations can be built and tried with no
// account. Facts: the vendor's documents and recorded traffic; where they differ, the traffic.
#pragma once

#include <functional>
#include <memory>
#include <string>
#include <string_view>
#include <vector>

#include "core/base/random.h"
#include "core/base/time.h"
#include "core/http/client.h"
#include "core/http/server.h"

namespace engine::clickup::sandbox {

struct Event;

/// The token of the default seed's first user, an owner; the second belongs to a member.
constexpr std::string_view kDefaultToken = "pk_sandbox";
constexpr std::string_view kSecondToken = "pk_sandbox_second";
/// The OAuth app of the default seed; redirects to loopback addresses are registered for it.
constexpr std::string_view kDefaultClientId = "sandbox-client";
constexpr std::string_view kDefaultClientSecret = "sandbox-secret";

struct SandboxOptions {
  std::string seed;  ///< JSON, see seed/seed.h; empty: the default seed (workspace "Acme", id 9001)
  /// Requests per minute and token. 0: nothing is refused, and the X-RateLimit headers tell of a
  /// budget of 10,000 that is never used up.
  std::uint32_t rate_limit = 0;
  /// "METHOD PATH:WHAT:PROBABILITY", see fault.h.
  std::vector<std::string> faults;
  /// Where attachments are downloaded from; empty: the Host header of the upload.
  std::string public_url;
  /// Hears of every change, with the world locked: hand the event on, call nothing here.
  std::function<void(const Event&)> on_event;
  /// How a latency fault waits; empty: really.
  std::function<void(Milliseconds)> pause;
  /// What webhooks are delivered with; null: they are kept, but nothing is delivered. It must
  /// outlive the sandbox, and not wait for addresses that answer 429.
  http::Client* client = nullptr;
  /// Between two tries of a delivery.
  Milliseconds webhook_retry{5000};
};

/// Thread-safe: requests are handled one after the other, answers are printed beside each other,
/// webhooks are delivered by threads that end with it.
class Sandbox {
 public:
  /// Throws Error{user, "bad_seed" | "bad_json" | "bad_fault"}. The clock and random ports must
  /// outlive it.
  Sandbox(SandboxOptions options, const Clock& clock, Random& random);
  ~Sandbox();
  Sandbox(const Sandbox&) = delete;
  Sandbox& operator=(const Sandbox&) = delete;

  /// Never throws for what a caller sends. Paths begin with /api/v2, /v2, /api/v3 or /v3;
  /// beside them `/api` is the page where people approve an OAuth app.
  http::ServerResponse handle(const http::ServerRequest& request);

  /// Events with a larger number, oldest first; the last 1,000 are kept.
  std::vector<Event> events_since(std::uint64_t number) const;

  /// Waits until every event so far was delivered to its webhooks, or given up.
  void wait_until_delivered();

  /// Whether an operation exists, for checks against the vendor's documents.
  bool routed(std::string_view method, std::string_view path) const;

 private:
  struct State;
  std::unique_ptr<State> state_;
};

}  // namespace engine::clickup::sandbox
