// kill -9 at random points under load: every acknowledged delivery ends in exactly one execution,
// and every finished node run ran once.
#include <doctest/doctest.h>
#include <sqlite3.h>

#include <atomic>
#include <cstdlib>
#include <map>
#include <mutex>
#include <random>
#include <set>
#include <thread>

#include "core/base/error.h"
#include "core/http/server.h"
#include "core/value/json.h"
#include "tests/e2e/served.h"

namespace engine::e2e {
namespace {

// `./dev soak` asks for more.
int wanted_kills() {
  const char* text = std::getenv("ENGINE_KILLS");
  return text == nullptr ? 200 : std::atoi(text);
}

/// What the node runs asked for, in order.
class Witness {
 public:
  Witness()
      : server_({}, [this](const http::ServerRequest& request) {
          const std::lock_guard lock(mutex_);
          asked_.push_back(request.path);
          return http::ServerResponse{};
        }) {}
  std::string url() const { return "http://127.0.0.1:" + std::to_string(server_.port()); }
  std::vector<std::string> asked() const {
    const std::lock_guard lock(mutex_);
    return asked_;
  }

 private:
  mutable std::mutex mutex_;
  std::vector<std::string> asked_;
  http::Server server_;
};

/// Sends deliveries, each once, until it is told to stop; a lost connection is not tried again.
class Callers {
 public:
  void run(const Served& server, std::chrono::milliseconds time) {
    std::atomic<bool> stop = false;
    std::vector<std::thread> threads;
    for (int i = 0; i < 4; ++i) {
      threads.emplace_back([&] {
        while (!stop) {
          const int number = next_++;
          try {
            const std::string path = number % 2 == 0 ? "/webhook/calls" : "/webhook/plain";
            const auto answer = server.post(path, "{\"n\":" + std::to_string(number) + "}");
            const std::lock_guard lock(mutex_);
            if (answer.status == 200) acknowledged_.insert(number);
          } catch (const Error&) {
            continue;  // nobody promised anything
          }
        }
      });
    }
    std::this_thread::sleep_for(time);
    on_time_up_();
    stop = true;
    for (std::thread& thread : threads) thread.join();
  }
  void on_time_up(std::function<void()> call) { on_time_up_ = std::move(call); }
  const std::set<int>& acknowledged() const { return acknowledged_; }

 private:
  std::atomic<int> next_{0};
  std::mutex mutex_;
  std::set<int> acknowledged_;
  std::function<void()> on_time_up_;
};

using Rows = std::vector<std::vector<std::string>>;

Rows query(const Place& place, const char* sql) {
  sqlite3* database = nullptr;
  REQUIRE(sqlite3_open(place.database().c_str(), &database) == SQLITE_OK);
  Rows rows;
  const auto take = [](void* into, int count, char** values, char**) {
    static_cast<Rows*>(into)->emplace_back(values, values + count);
    return 0;
  };
  CHECK(sqlite3_exec(database, sql, take, &rows, nullptr) == SQLITE_OK);
  sqlite3_close(database);
  return rows;
}

void write_flows(const Place& place, const Witness& witness) {
  const std::string hook = "nodes:\n  - id: hook\n    type: webhook\n    with: { path: ";
  place.file("plain.yaml", "name: Plain\n" + hook + R"(plain }
  - id: mark
    type: set
    with: { fields: { n: "{{ $json.body.n }}" } }
)");
  place.file("calls.yaml", "name: Calls\n" + hook + R"(calls }
  - id: first
    type: http_request
    with: { url: ")" + witness.url() +
                               R"(/first/{{ $json.body.n }}" }
  - id: second
    type: http_request
    with: { url: ")" + witness.url() +
                               R"(/second/{{ $('hook').item.json.body.n }}" }
)");
}

void check_history(const Place& place, const std::set<int>& acknowledged) {
  std::map<int, int> executions;
  for (const auto& row : query(place, "SELECT data FROM events WHERE kind = 'started'")) {
    const Value event = parse_json(row[0], "an event");
    const View item = event.view()["items"]["items"][std::size_t{0}]["j"];
    ++executions[static_cast<int>(item["body"]["n"].as_integer().value_or(-1))];
  }
  for (const auto& each : executions) {
    const int number = each.first;
    CAPTURE(number);
    CHECK(each.second == 1);
  }
  for (const int number : acknowledged) {
    CAPTURE(number);
    CHECK(executions.count(number) == 1);
  }
  CHECK(query(place, "SELECT status, count(*) FROM executions WHERE status <> 'success' GROUP BY 1")
            .empty());
  CHECK(query(place,
              "SELECT id >> 24, json_extract(data, '$.run'), count(*) FROM events "
              "WHERE kind = 'run_finished' GROUP BY 1, 2 HAVING count(*) > 1")
            .empty());
}

// `second` runs only when `first` has finished, durably; from then on `first` is never run again.
void check_witness(const Witness& witness) {
  std::set<std::string> finished;
  for (const std::string& path : witness.asked()) {
    if (path.starts_with("/second/")) finished.insert("/first/" + path.substr(8));
    CAPTURE(path);
    CHECK_FALSE(finished.contains(path));
  }
}

}  // namespace

TEST_CASE("kill -9 at random points under load loses nothing and repeats nothing") {
  const Place place;
  Witness witness;
  write_flows(place, witness);
  Callers callers;
  std::mt19937 random(4711);
  std::uniform_int_distribution<int> time(5, 250);
  for (int kill = 0; kill < wanted_kills(); ++kill) {
    Served server(place, ".", {"--allow-private"});
    callers.on_time_up([&] { server.kill(); });
    callers.run(server, std::chrono::milliseconds(time(random)));
  }
  Served last(place, ".", {"--allow-private"});
  wait_until([&] {
    return query(place, "SELECT id FROM executions WHERE status = 'running' LIMIT 1").empty();
  });
  CHECK(last.stop().code == 0);
  MESSAGE(callers.acknowledged().size()
          << " deliveries acknowledged, " << wanted_kills() << " kills");
  CHECK(callers.acknowledged().size() > 100);
  check_history(place, callers.acknowledged());
  check_witness(witness);
}

}  // namespace engine::e2e
