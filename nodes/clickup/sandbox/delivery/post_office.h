// Webhooks of the world: which events go to which, and what their deliveries do to their health.
#pragma once

#include <mutex>

#include "nodes/clickup/sandbox/delivery/courier.h"
#include "nodes/clickup/sandbox/world/world.h"

namespace engine::clickup::sandbox {

/// What a delivery's end does to a webhook (facts: section 4): success makes it active, a failure
/// counts, the 100th suspends, and so does a refusal at once. Suspended ones stay so.
void settle(Webhook& hook, Outcome outcome);

class PostOffice {
 public:
  /// `mutex` guards the world.
  PostOffice(World& world, std::mutex& mutex, http::Client& client, Milliseconds retry_delay);

  /// With the world locked.
  void post(const Event& event);
  /// With the world unlocked.
  void wait_until_idle() { courier_.wait_until_idle(); }

 private:
  std::optional<Address> address_of(const std::string& webhook_id);

  World& world_;
  std::mutex& mutex_;
  Courier courier_;
};

}  // namespace engine::clickup::sandbox
