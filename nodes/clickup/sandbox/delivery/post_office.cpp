#include "nodes/clickup/sandbox/delivery/post_office.h"

#include "nodes/clickup/sandbox/delivery/subscription.h"

namespace engine::clickup::sandbox {

void settle(Webhook& hook, Outcome outcome) {
  constexpr std::int64_t kMostFailures = 100;
  if (hook.status == "suspended") return;
  if (outcome == Outcome::delivered) {
    hook.status = "active";
    hook.fail_count = 0;
    return;
  }
  ++hook.fail_count;
  const bool over = outcome == Outcome::refused || hook.fail_count >= kMostFailures;
  hook.status = over ? "suspended" : "failing";
}

PostOffice::PostOffice(World& world, std::mutex& mutex, http::Client& client,
                       Milliseconds retry_delay)
    : world_(world),
      mutex_(mutex),
      courier_(client, retry_delay,
               {[this](const std::string& id) { return address_of(id); },
                [this](const std::string& id, Outcome outcome) {
                  const std::lock_guard lock(mutex_);
                  if (Webhook* hook = world_.webhooks.live(id)) settle(*hook, outcome);
                }}) {}

void PostOffice::post(const Event& event) {
  for (const Webhook& hook : world_.webhooks) {
    if (hears(world_, hook, event)) courier_.take({hook.id, event.payload});
  }
}

std::optional<Address> PostOffice::address_of(const std::string& webhook_id) {
  const std::lock_guard lock(mutex_);
  const Webhook* hook = world_.webhooks.live(webhook_id);
  if (hook == nullptr || !is_awake(world_, *hook)) return std::nullopt;
  return Address{hook->endpoint, hook->secret};
}

}  // namespace engine::clickup::sandbox
