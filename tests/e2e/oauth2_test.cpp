#include <doctest/doctest.h>
#include <sqlite3.h>

#include <mutex>
#include <stdexcept>
#include <string>
#include <vector>

#include "core/http/server.h"
#include "tests/e2e/place.h"

namespace engine::e2e {
namespace {

/// A service with an API at /api and its own tokens at /token: each token that it gives voids the
/// one before. Thread-safe.
class Service {
 public:
  explicit Service(std::string first_token = "")
      : valid_(std::move(first_token)),
        server_({}, [this](const http::ServerRequest& request) { return answer(request); }) {}
  ~Service() { server_.stop(); }
  Service(const Service&) = delete;
  Service& operator=(const Service&) = delete;

  std::string url(const std::string& path) const {
    return "http://127.0.0.1:" + std::to_string(server_.port()) + path;
  }
  std::vector<std::string> token_requests() const {
    const std::lock_guard lock(mutex_);
    return token_requests_;
  }
  /// What the API was asked, with how it answered: "POST 401".
  std::vector<std::string> calls() const {
    const std::lock_guard lock(mutex_);
    return calls_;
  }

 private:
  http::ServerResponse answer(const http::ServerRequest& request) {
    const std::lock_guard lock(mutex_);
    http::ServerResponse response;
    response.headers.set("Content-Type", "application/json");
    if (request.path == "/token") {
      token_requests_.push_back(std::string(request.headers.find("Authorization").value_or("")) +
                                " " + request.body);
      const std::string number = std::to_string(token_requests_.size());
      valid_ = "access-" + number;
      response.body = R"({"token_type":"Bearer","expires_in":3600,"access_token":")" + valid_ +
                      R"(","refresh_token":"refresh-)" + number + R"("})";
      return response;
    }
    const bool good = request.headers.find("Authorization").value_or("") == "Bearer " + valid_;
    response.status = good ? 200 : 401;
    response.body = good ? R"({"done":true})" : R"({"error":"invalid_token"})";
    calls_.push_back(request.method + (good ? " 200" : " 401"));
    return response;
  }

  mutable std::mutex mutex_;
  std::string valid_;
  std::vector<std::string> token_requests_;
  std::vector<std::string> calls_;
  http::Server server_;
};

// As if the credential had been stored a minute earlier.
void age_credentials(const Place& place) {
  sqlite3* database = nullptr;
  sqlite3_open(place.database().c_str(), &database);
  const int result = sqlite3_exec(database, "UPDATE credentials SET updated = updated - 60000",
                                  nullptr, nullptr, nullptr);
  sqlite3_close(database);
  if (result != SQLITE_OK) throw std::runtime_error("the database could not be changed");
}

std::string post_flow(const Place& place, const Service& service) {
  return place.file("post.yaml", workflow("Post",
                                          "  - id: send\n    type: http_request\n"
                                          "    credential: app\n    with: { method: POST, url: \"" +
                                              service.url("/api") + "\", json: { a: 1 } }\n"));
}

}  // namespace

TEST_CASE("an app gets its own token once, and keeps it") {
  const Place place;
  const Service service;
  const Outcome added =
      place.engine({"credentials", "add", "app", "--type", "oauth2", "--field",
                    "grant=client_credentials", "--field", "token_url=" + service.url("/token"),
                    "--field", "client_id=me", "--field", "client_secret=s3cret"});
  REQUIRE(added.code == 0);
  const std::string flow = post_flow(place, service);
  CHECK(contains(place.engine({"run", flow}).out, "\"done\":true"));
  CHECK(place.engine({"run", flow}).code == 0);
  // base64("me:s3cret"), as RFC 6749, 2.3.1 has it
  CHECK(service.token_requests() ==
        std::vector<std::string>{"Basic bWU6czNjcmV0 grant_type=client_credentials"});
  CHECK(service.calls() == std::vector<std::string>{"POST 200", "POST 200"});
  CHECK_FALSE(contains(place.stored_bytes(), "access-1"));
  CHECK_FALSE(contains(place.stored_bytes(), "s3cret"));
}

TEST_CASE("a refused token is renewed, and the request goes out once more") {
  const Place place;
  const Service service("another");  // the stored token was revoked
  const Outcome added =
      place.engine({"credentials", "add", "app", "--type", "oauth2", "--field",
                    "token_url=" + service.url("/token"), "--field",
                    "authorize_url=" + service.url("/authorize"), "--field", "client_id=me",
                    "--field", "client_secret=s3cret", "--field", "access_token=access-0",
                    "--field", "refresh_token=refresh-0"});
  REQUIRE(added.code == 0);
  age_credentials(place);
  const std::string flow = post_flow(place, service);
  CHECK(place.engine({"run", flow}).code == 0);
  CHECK(service.calls() == std::vector<std::string>{"POST 401", "POST 200"});
  REQUIRE(service.token_requests().size() == 1);
  CHECK(contains(service.token_requests()[0], "grant_type=refresh_token"));
  CHECK(contains(service.token_requests()[0], "refresh_token=refresh-0"));
  // The next run has the new one.
  CHECK(place.engine({"run", flow}).code == 0);
  CHECK(service.calls().size() == 3);
  CHECK(service.token_requests().size() == 1);
}

TEST_CASE("a token that was just given is believed: the service has other reasons to refuse") {
  const Place place;
  const Service service("another");
  REQUIRE(place
              .engine({"credentials", "add", "app", "--type", "oauth2", "--field",
                       "token_url=" + service.url("/token"), "--field",
                       "authorize_url=" + service.url("/authorize"), "--field", "client_id=me",
                       "--field", "access_token=access-0", "--field", "refresh_token=refresh-0"})
              .code == 0);
  const Outcome refused = place.engine({"run", post_flow(place, service)});
  CHECK(refused.code == 4);
  CHECK(contains(refused.err, "app"));
  CHECK(service.calls() == std::vector<std::string>{"POST 401"});
  CHECK(service.token_requests().empty());
}

}  // namespace engine::e2e
