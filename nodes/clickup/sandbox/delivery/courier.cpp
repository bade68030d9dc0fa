#include "nodes/clickup/sandbox/delivery/courier.h"

#include "core/crypto/digest.h"
#include "core/crypto/encoding.h"
#include "core/value/json.h"
#include "nodes/clickup/sandbox/writer.h"

namespace engine::clickup::sandbox {
namespace {

constexpr std::size_t kThreads = 4;  // so that one address that hangs does not hold up the others
constexpr std::size_t kMostLetters = 10'000;

std::string body_of(const Letter& letter) {
  return print_json(make_object([&](Writer& w) {
    for (const auto& [key, member] : letter.payload.View::members()) {
      w.value(key, letter.payload.share(member));
    }
    w.text("webhook_id", letter.webhook_id);
  }));
}

}  // namespace

Courier::Courier(http::Client& client, Milliseconds retry_delay, Office office)
    : client_(client), retry_delay_(retry_delay), office_(std::move(office)) {}

Courier::~Courier() {
  {
    const std::lock_guard lock(mutex_);
    stopped_ = true;
  }
  changed_.notify_all();
  cancellation_.cancel(CancelReason::cancelled);
  for (std::thread& one : threads_) one.join();
}

void Courier::take(Letter letter) {
  {
    const std::lock_guard lock(mutex_);
    if (open_ < kMostLetters) {
      ++open_;
      waiting_.emplace(std::chrono::steady_clock::now(), Trip{std::move(letter), 1});
      if (threads_.size() < kThreads) threads_.emplace_back([this] { work(); });
    }
  }
  changed_.notify_all();
}

void Courier::wait_until_idle() {
  std::unique_lock lock(mutex_);
  changed_.wait(lock, [&] { return open_ == 0; });
}

void Courier::work() {
  while (auto trip = next()) make(std::move(*trip));
}

std::optional<Courier::Trip> Courier::next() {
  std::unique_lock lock(mutex_);
  while (!stopped_) {
    if (waiting_.empty()) {
      changed_.wait(lock);
      continue;
    }
    const auto first = waiting_.begin();
    if (const Due due = first->first; due > std::chrono::steady_clock::now()) {
      changed_.wait_until(lock, due);
      continue;
    }
    Trip trip = std::move(first->second);
    waiting_.erase(first);
    return trip;
  }
  return std::nullopt;
}

void Courier::make(Trip trip) {
  const auto address = office_.address_of(trip.letter.webhook_id);
  if (!address) return done();
  const auto outcome = deliver(trip.letter, *address);
  if (!outcome) return done();
  if (*outcome == Outcome::failed && trip.attempt < kAttempts) {
    const std::lock_guard lock(mutex_);
    ++trip.attempt;
    waiting_.emplace(std::chrono::steady_clock::now() + retry_delay_, std::move(trip));
    changed_.notify_all();
    return;
  }
  office_.settled(trip.letter.webhook_id, *outcome);
  done();
}

void Courier::done() {
  const std::lock_guard lock(mutex_);
  --open_;
  changed_.notify_all();
}

/// Nothing when the courier stops.
std::optional<Outcome> Courier::deliver(const Letter& letter, const Address& address) {
  const std::string body = body_of(letter);
  http::Request request;
  request.method = "POST";
  request.url = address.endpoint;
  request.headers.add("X-Signature", to_hex(hmac_of("sha256", address.secret, body)));
  request.body = http::Body::text(body, "application/json");
  request.connect_timeout = kTimeout;
  request.timeout = kTimeout;
  request.attempts = 1;
  request.max_redirects = 0;
  try {
    const http::Response response = client_.send(request, cancellation_);
    if (response.ok()) return Outcome::delivered;
    const bool unwanted = response.status == 401 || response.status == 410;
    return unwanted ? Outcome::refused : Outcome::failed;
  } catch (const Error&) {
    if (cancellation_.requested()) return std::nullopt;
    return Outcome::failed;
  }
}

}  // namespace engine::clickup::sandbox
