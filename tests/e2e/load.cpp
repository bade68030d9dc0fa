#include "tests/e2e/load.h"

#include <doctest/doctest.h>
#include <sqlite3.h>

#include <map>
#include <thread>

#include "core/base/error.h"
#include "core/value/json.h"

namespace engine::e2e {
namespace {

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

}  // namespace

Witness::Witness()
    : server_({}, [this](const http::ServerRequest& request) {
        const std::lock_guard lock(mutex_);
        asked_.push_back(request.path);
        return http::ServerResponse{};
      }) {}

std::vector<std::string> Witness::asked() const {
  const std::lock_guard lock(mutex_);
  return asked_;
}

void Callers::call_until(const Served& server, const std::atomic<bool>& stop) {
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
}

void Callers::run(const Served& server, std::chrono::milliseconds time,
                  const std::function<void()>& on_time_up) {
  std::atomic<bool> stop = false;
  std::vector<std::thread> threads;
  for (int i = 0; i < 4; ++i) threads.emplace_back([&] { call_until(server, stop); });
  std::this_thread::sleep_for(time);
  on_time_up();
  stop = true;
  for (std::thread& thread : threads) thread.join();
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

void wait_until_idle(const Place& place) {
  wait_until([&] {
    return query(place, "SELECT id FROM executions WHERE status = 'running' LIMIT 1").empty();
  });
}

std::vector<std::string> started_ticks(const Place& place) {
  std::vector<std::string> ticks;
  for (const auto& row : query(place, "SELECT data FROM events WHERE kind = 'started'")) {
    const Value event = parse_json(row[0], "an event");
    const View time = event.view()["items"]["items"][std::size_t{0}]["j"]["time"];
    if (time.is_string()) ticks.emplace_back(time.as_string());
  }
  return ticks;
}

void check_history(const Place& place, const std::set<int>& acknowledged) {
  std::map<int, int> executions;
  for (const auto& row : query(place, "SELECT data FROM events WHERE kind = 'started'")) {
    const Value event = parse_json(row[0], "an event");
    const View item = event.view()["items"]["items"][std::size_t{0}]["j"];
    const auto number = item["body"]["n"].as_integer().value_or(-1);
    if (number >= 0) ++executions[static_cast<int>(number)];
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

void check_witness(const Witness& witness) {
  std::set<std::string> finished;
  for (const std::string& path : witness.asked()) {
    if (path.starts_with("/second/")) finished.insert("/first/" + path.substr(8));
    CAPTURE(path);
    CHECK_FALSE(finished.contains(path));
  }
}

}  // namespace engine::e2e
