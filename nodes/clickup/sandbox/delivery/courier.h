// Carries events to webhooks: signed, tried several times, beside the requests that made them.
#pragma once

#include <chrono>
#include <condition_variable>
#include <functional>
#include <map>
#include <mutex>
#include <optional>
#include <string>
#include <thread>
#include <vector>

#include "core/base/cancellation.h"
#include "core/base/time.h"
#include "core/http/client.h"
#include "core/value/value.h"

namespace engine::clickup::sandbox {

/// An event on its way to a webhook.
struct Letter {
  std::string webhook_id;
  Value payload;  ///< without `webhook_id`
};

struct Address {
  std::string endpoint;
  std::string secret;
};

enum class Outcome {
  delivered,
  failed,   ///< every try was answered with an error, late, or not at all
  refused,  ///< answered 401 or 410: the webhook is not wanted any more
};

/// Thread-safe. Threads begin with the first letter and end with the courier, whatever is under way
/// then is dropped. Order is not promised, as with the real service.
class Courier {
 public:
  static constexpr int kAttempts = 5;
  static constexpr Milliseconds kTimeout{7000};

  /// Both are called from the courier's threads.
  struct Office {
    /// Asked before each try; nothing: the letter is dropped.
    std::function<std::optional<Address>(const std::string& webhook_id)> address_of;
    std::function<void(const std::string& webhook_id, Outcome outcome)> settled;
  };

  /// `retry_delay` is between two tries of a letter (the real service's is not known).
  Courier(http::Client& client, Milliseconds retry_delay, Office office);
  ~Courier();
  Courier(const Courier&) = delete;
  Courier& operator=(const Courier&) = delete;

  /// Only hands it on. With 10,000 letters open further ones are dropped.
  void take(Letter letter);
  /// Waits until every letter is settled or dropped.
  void wait_until_idle();

 private:
  using Due = std::chrono::steady_clock::time_point;
  struct Trip {
    Letter letter;
    int attempt = 1;
  };

  void work();
  std::optional<Trip> next();
  void make(Trip trip);
  void done();
  std::optional<Outcome> deliver(const Letter& letter, const Address& address);

  http::Client& client_;
  const Milliseconds retry_delay_;
  const Office office_;
  const Cancellation cancellation_;
  std::mutex mutex_;
  std::condition_variable changed_;
  std::multimap<Due, Trip> waiting_;
  std::size_t open_ = 0;  ///< waiting or under way
  bool stopped_ = false;
  std::vector<std::thread> threads_;
};

}  // namespace engine::clickup::sandbox
