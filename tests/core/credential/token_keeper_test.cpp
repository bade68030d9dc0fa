#include "core/credential/token_keeper.h"

#include <atomic>
#include <thread>

#include "tests/core/credential/fake_service.h"

using namespace engine;
using namespace engine::test;

namespace {

// A service that rotates its refresh tokens: r0 gives t1 and r1, r1 gives t2 and r2; each is good
// once.
struct Rotating {
  std::mutex mutex;
  int next = 0;

  http::ServerResponse operator()(const FakeService::Form& form) {
    const std::lock_guard lock(mutex);
    if (form.at("refresh_token") != "r" + std::to_string(next)) {
      return FakeService::json(400, R"({"error":"invalid_grant"})");
    }
    const std::string number = std::to_string(++next);
    return FakeService::json(200, R"({"access_token":"t)" + number + R"(","refresh_token":"r)" +
                                      number + R"(","expires_in":3600})");
  }
};

struct TokenDesk : VaultFixture {
  FakeService service;
  Rotating rotating;
  SameRandom random;
  http::PooledClient http{clock, random};
  Cancellation cancellation;

  explicit TokenDesk(Milliseconds lifetime = std::chrono::hours(1)) {
    service.answer = [this](const FakeService::Form& form) { return rotating(form); };
    vault->add("acme", "svc",
               Value::object({{"url", service.url()},
                              {"client_id", "app"},
                              {"client_secret", "app-secret"},
                              {kAccessToken, "t0"},
                              {kRefreshToken, "r0"},
                              {kExpiresAt, format_time(clock.now() + lifetime)}}));
  }
  TokenKeeper keeper(TokenKeeperOptions options = {}) {
    return {*vault, store, [this]() -> http::Client& { return http; }, clock, std::move(options)};
  }
  std::string stored(const char* name) const { return to_text(vault->open("acme").fields[name]); }
  std::string token(const Credential& credential) const {
    return to_text(credential.fields[kAccessToken]);
  }
};

}  // namespace

TEST_CASE("a token is renewed a minute ahead of its end, and not before") {
  TokenDesk desk;
  TokenKeeper keeper = desk.keeper();
  Credential credential = desk.vault->open("acme");
  desk.clock.advance(std::chrono::minutes(58));
  CHECK_FALSE(keeper.renew_if_due(credential, desk.cancellation));
  CHECK(desk.service.forms().empty());
  desk.clock.advance(std::chrono::minutes(1));
  CHECK(keeper.renew_if_due(credential, desk.cancellation));
  CHECK(desk.token(credential) == "t1");
  CHECK(desk.stored(kAccessToken) == "t1");
  CHECK(desk.stored(kRefreshToken) == "r1");
  CHECK(desk.stored(kExpiresAt) == format_time(desk.clock.now() + std::chrono::hours(1)));
  CHECK(desk.store.credential_lease("acme") == store::Lease{});
  CHECK_FALSE(keeper.renew_if_due(credential, desk.cancellation));
}

TEST_CASE("a token that another process has renewed is taken from the store") {
  TokenDesk desk(std::chrono::seconds(10));
  TokenKeeper mine = desk.keeper();
  TokenKeeper other = desk.keeper();
  Credential stale = desk.vault->open("acme");
  Credential fresh = stale;
  CHECK(other.renew_if_due(fresh, desk.cancellation));
  CHECK(mine.renew_if_due(stale, desk.cancellation));
  CHECK(desk.token(stale) == "t1");
  CHECK(desk.service.forms().size() == 1);
}

TEST_CASE("many threads of two processes renew a rotating token once") {
  TokenDesk desk(std::chrono::seconds(10));
  TokenKeeperOptions one;
  one.owner = 1;
  one.alive = [](std::int64_t) { return true; };
  TokenKeeperOptions two = one;
  two.owner = 2;
  TokenKeeper first = desk.keeper(one);
  TokenKeeper second = desk.keeper(two);
  std::atomic<int> right{0};
  std::vector<std::thread> threads;
  for (int i = 0; i < 12; ++i) {
    threads.emplace_back([&, i] {
      Credential credential = desk.vault->open("acme");
      const bool renewed = (i % 2 == 0 ? first : second).renew_if_due(credential, {});
      // Who came late has found the new token in the store already.
      if (desk.token(credential) == "t1" && (renewed || credential.revision > 1)) ++right;
    });
  }
  for (std::thread& thread : threads) thread.join();
  CHECK(right == 12);
  CHECK(desk.service.forms().size() == 1);
  CHECK(desk.stored(kRefreshToken) == "r1");
  CHECK(desk.store.credential_lease("acme") == store::Lease{});
}

TEST_CASE("the lease of a process that is gone is taken over, that of a living one waited for") {
  TokenDesk desk(std::chrono::seconds(10));
  const TimePoint end = desk.clock.now() + std::chrono::seconds(45);
  REQUIRE(desk.store.swap_lease("acme", {}, {7, end}));
  TokenKeeperOptions options;
  int waits = 0;
  options.wait = [&](Milliseconds time, const Cancellation&) {
    ++waits;
    desk.clock.advance(time);
    return true;
  };
  Credential credential = desk.vault->open("acme");
  SUBCASE("gone") {
    options.alive = [](std::int64_t) { return false; };
    CHECK(desk.keeper(options).renew_if_due(credential, desk.cancellation));
    CHECK(waits == 0);
  }
  SUBCASE("living, but the lease ends") {
    options.alive = [](std::int64_t owner) { return owner == 7; };
    CHECK(desk.keeper(options).renew_if_due(credential, desk.cancellation));
    CHECK(desk.clock.now() >= end);
  }
  CHECK(desk.token(credential) == "t1");
}

TEST_CASE("waiting for another process can be cancelled") {
  TokenDesk desk(std::chrono::seconds(10));
  REQUIRE(desk.store.swap_lease("acme", {}, {7, desk.clock.now() + std::chrono::seconds(45)}));
  TokenKeeperOptions options;
  options.alive = [](std::int64_t) { return true; };
  options.wait = [](Milliseconds, const Cancellation& cancellation) {
    cancellation.cancel(CancelReason::cancelled);
    return false;
  };
  Credential credential = desk.vault->open("acme");
  CHECK(error_from([&] {
          desk.keeper(options).renew_if_due(credential, desk.cancellation);
        }).cause() == ErrorCause::cancelled);
  CHECK(desk.service.forms().empty());
}

TEST_CASE("a token is stored although the key was rotated while the service answered") {
  TokenDesk desk(std::chrono::seconds(10));
  auto rotating_vault = desk.open_vault(VaultFixture::kKey, VaultFixture::kOtherKey);
  desk.vault = desk.open_vault(VaultFixture::kKey, VaultFixture::kOtherKey);
  desk.service.answer = [&](const FakeService::Form& form) {
    rotating_vault->rotate_key();
    return desk.rotating(form);
  };
  Credential credential = desk.vault->open("acme");
  CHECK(desk.keeper().renew_if_due(credential, desk.cancellation));
  CHECK(desk.stored(kRefreshToken) == "r1");
}

TEST_CASE("an account that was connected anew meanwhile is not overwritten") {
  TokenDesk desk(std::chrono::seconds(10));
  desk.service.answer = [&](const FakeService::Form& form) {
    Credential other = desk.vault->open("acme");
    other.fields = with_token(other.fields, *other.type, {"anew", "anew-refresh", std::nullopt});
    desk.vault->replace(other);
    return desk.rotating(form);
  };
  Credential credential = desk.vault->open("acme");
  CHECK(desk.keeper().renew_if_due(credential, desk.cancellation));
  CHECK(desk.token(credential) == "anew");
  CHECK(desk.stored(kRefreshToken) == "anew-refresh");
  CHECK(desk.stored(kExpiresAt).empty());
}

TEST_CASE("a refused refresh names the credential and what to do, and stores nothing") {
  TokenDesk desk(std::chrono::seconds(10));
  desk.rotating.next = 5;
  Credential credential = desk.vault->open("acme");
  const Error error =
      error_from([&] { desk.keeper().renew_if_due(credential, desk.cancellation); });
  CHECK(error.cause() == ErrorCause::credential);
  CHECK(error.code() == "token_not_renewed");
  CHECK(has(error.message(), "'acme'"));
  CHECK(has(error.message(), "invalid_grant"));
  CHECK(has(error.message(), "engine credentials connect acme"));
  for (const char* secret : {"r0", "t0", "app-secret"}) CHECK_FALSE(has(error.message(), secret));
  CHECK(desk.stored(kRefreshToken) == "r0");
  CHECK(desk.store.credential_lease("acme") == store::Lease{});
}

TEST_CASE("while the service is down a token is used to its end") {
  TokenDesk desk(std::chrono::seconds(10));
  desk.service.answer = [](const FakeService::Form&) { return FakeService::json(503, "busy"); };
  TokenKeeper keeper = desk.keeper();
  Credential credential = desk.vault->open("acme");
  CHECK_FALSE(keeper.renew_if_due(credential, desk.cancellation));
  CHECK(desk.token(credential) == "t0");
  desk.clock.advance(std::chrono::seconds(11));
  CHECK(error_from([&] { keeper.renew_if_due(credential, desk.cancellation); }).cause() ==
        ErrorCause::upstream);
}

TEST_CASE("after a 401 a token is renewed, unless it is young") {
  TokenDesk desk;
  TokenKeeper keeper = desk.keeper();
  Credential credential = desk.vault->open("acme");
  CHECK_FALSE(keeper.renew_refused(credential, desk.cancellation));
  desk.clock.advance(std::chrono::seconds(31));
  CHECK(keeper.renew_refused(credential, desk.cancellation));
  CHECK(desk.token(credential) == "t1");
  CHECK_FALSE(keeper.renew_refused(credential, desk.cancellation));
  CHECK(desk.service.forms().size() == 1);
}

TEST_CASE("after a 401 a token that was renewed meanwhile is taken, without asking again") {
  TokenDesk desk;
  TokenKeeper keeper = desk.keeper();
  Credential stale = desk.vault->open("acme");
  Credential fresh = stale;
  desk.clock.advance(std::chrono::seconds(31));
  CHECK(keeper.renew_refused(fresh, desk.cancellation));
  CHECK(keeper.renew_refused(stale, desk.cancellation));
  CHECK(desk.token(stale) == "t1");
  CHECK(desk.service.forms().size() == 1);
}

TEST_CASE("a credential without a refresh token is left alone") {
  TokenDesk desk(std::chrono::seconds(10));
  Credential credential = desk.vault->open("acme");
  credential.fields = with_token(credential.fields, *credential.type,
                                 {"only", "", desk.clock.now() + std::chrono::seconds(10)});
  desk.vault->replace(credential);
  credential = desk.vault->open("acme");
  desk.clock.advance(std::chrono::minutes(2));
  TokenKeeper keeper = desk.keeper();
  CHECK_FALSE(keeper.renew_if_due(credential, desk.cancellation));
  CHECK_FALSE(keeper.renew_refused(credential, desk.cancellation));
  CHECK(desk.service.forms().empty());
}
