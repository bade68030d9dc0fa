// Fakes of the ports that the HTTP client needs: time that only passes when somebody waits.
#pragma once

#include <atomic>
#include <cstdint>
#include <mutex>
#include <vector>

#include "core/base/random.h"
#include "core/http/pooled_client.h"

namespace engine::test {

class ManualClock final : public Clock {
 public:
  explicit ManualClock(std::int64_t ms = 1'800'000'000'000) : ms_(ms) {}
  TimePoint now() const override { return from_ms(ms_.load()); }
  void advance(Milliseconds time) { ms_ += time.count(); }

 private:
  std::atomic<std::int64_t> ms_;
};

/// Always the same number.
class SameRandom final : public Random {
 public:
  explicit SameRandom(std::uint64_t value = 0) : value_(value) {}
  std::uint64_t next() override { return value_; }

 private:
  std::uint64_t value_;
};

/// A client whose waits take no time and are written down.
struct TestClient {
  ManualClock clock;
  SameRandom random;
  std::vector<Milliseconds> waits;
  http::PooledClient client;
  Cancellation cancellation;

  explicit TestClient(http::ProxySettings proxies = {})
      : client(clock, random, options(std::move(proxies))) {}

  http::Response send(const http::Request& request) { return client.send(request, cancellation); }
  http::Response fetch(const std::string& url) {
    http::Request request;
    request.url = url;
    return send(request);
  }

 private:
  http::ClientOptions options(http::ProxySettings proxies) {
    http::ClientOptions result;
    result.proxies = std::move(proxies);
    result.wait = [this](Milliseconds time, const Cancellation& by) {
      waits.push_back(time);
      clock.advance(time);
      return !by.requested();
    };
    return result;
  }
};

}  // namespace engine::test
