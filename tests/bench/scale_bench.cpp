// A database that has seen a lot: a start with 100,000 executions in it, and what the commands
// about executions take when there are 1,000,000. One JSON line per number.
#include <Poco/Net/HTTPClientSession.h>
#include <Poco/Net/HTTPRequest.h>
#include <Poco/Net/HTTPResponse.h>
#include <Poco/StreamCopier.h>
#include <Poco/URI.h>
#include <sqlite3.h>

#include <chrono>
#include <cstdint>
#include <cstdio>
#include <filesystem>
#include <iostream>
#include <stdexcept>
#include <string>

#include "places.h"
#include "tests/bench/serve_process.h"

namespace {

using namespace engine::bench;
namespace fs = std::filesystem;

void print(const std::string& name, double value, const std::string& unit) {
  std::printf("{\"bench\":\"scale\",\"name\":\"%s\",\"value\":%.3f,\"unit\":\"%s\"}\n",
              name.c_str(), value, unit.c_str());
  std::fflush(stdout);
}

/// Milliseconds of a whole process.
double run(const fs::path& database, const std::string& arguments) {
  const std::string command = std::string(ENGINE_BINARY) + " --db " + database.string() + " " +
                              arguments + " >/dev/null 2>&1";
  const auto begun = std::chrono::steady_clock::now();
  if (std::system(command.c_str()) != 0) throw std::runtime_error("failed: " + command);
  return std::chrono::duration<double, std::milli>(std::chrono::steady_clock::now() - begun)
      .count();
}

void execute(const fs::path& database, const std::string& sql) {
  sqlite3* connection = nullptr;
  sqlite3_open(database.c_str(), &connection);
  char* fault = nullptr;
  sqlite3_exec(connection, sql.c_str(), nullptr, nullptr, &fault);
  const std::string text = fault == nullptr ? "" : fault;
  sqlite3_free(fault);
  sqlite3_close(connection);
  if (!text.empty()) throw std::runtime_error(text);
}

// Copies of the newest execution, spread over 14 days before it.
void multiply(const fs::path& database, int copies) {
  const std::string count = std::to_string(copies);
  execute(
      database,
      "PRAGMA synchronous=OFF; PRAGMA cache_size=-200000; BEGIN;"
      "CREATE TEMP TABLE model AS SELECT * FROM executions ORDER BY number DESC LIMIT 1;"
      "CREATE TEMP TABLE copies AS WITH RECURSIVE n(i) AS (SELECT 1 UNION ALL SELECT i + 1 FROM n "
      "WHERE i < " +
          count + ") SELECT i, number + i AS number, created - (" + count +
          " - i) * (14 * 86400000 / " + count +
          ") AS at FROM n, model;"
          "INSERT INTO executions SELECT c.number, printf('copy%010d', c.i), m.workflow, "
          "m.workflow_hash, m.mode, m.status, c.at, c.at + 5, NULL, '', '', '', '', 0, 0 FROM "
          "copies c, model m;"
          "INSERT INTO events SELECT c.number * 16777216 + (e.id % 16777216), e.at, e.kind, e.data "
          "FROM copies c, model m JOIN events e ON e.id >= m.number * 16777216 AND e.id < "
          "(m.number + 1) * 16777216;"
          "COMMIT; PRAGMA wal_checkpoint(TRUNCATE);");
}

void million() {
  const Folder folder;
  const fs::path database = folder.path / "engine.db";
  const fs::path flow = folder.path / "flow.yaml";
  write_file(
      flow,
      "name: Many\nnodes:\n  - id: first\n    type: set\n    with: { fields: { id: 17, name: "
      "a name } }\n  - id: second\n    type: no_op\n");
  run(database, "run -q " + flow.string());
  multiply(database, 1'000'000);
  print("list_of_1000000", run(database, "executions list"), "ms");
  print("list_failed_of_1000000", run(database, "executions list --status failed"), "ms");
  print("list_workflow_of_1000000", run(database, "executions list --workflow Many"), "ms");
  print("show_of_1000000", run(database, "executions show copy0000500000"), "ms");
  const auto before = static_cast<double>(fs::file_size(database));
  print("prune_a_day_of_1000000", run(database, "executions prune --older-than 13d"), "ms");
  print("given_back_of_a_fourteenth", 1 - static_cast<double>(fs::file_size(database)) / before,
        "ratio");
  print("prune_to_the_newest_10000", run(database, "executions prune --keep 10000"), "ms");
}

void start() {
  const Folder folder;
  const fs::path database = folder.path / "engine.db";
  write_file(folder.path / "flows/wait.yaml",
             "name: waits\nnodes:\n  - id: hook\n    type: webhook\n    with: { path: wait }\n"
             "  - id: later\n    type: wait\n    with: { for: 7d }\n");
  for (int i = 0; i < 999; ++i) {
    const std::string name = "hook" + std::to_string(i);
    write_file(folder.path / ("flows/" + name + ".yaml"),
               "name: " + name +
                   "\nnodes:\n  - id: hook\n    type: webhook\n    with: { path: " + name +
                   " }\n  - id: fields\n    type: set\n    with: { fields: { total: \"{{ "
                   "$json.body.amount }}\" } }\n");
  }
  {
    const Engine engine(folder.path);
    print("start_1000_workflows", engine.ready_ms, "ms");
    const Poco::URI uri(engine.url);
    Poco::Net::HTTPClientSession session(uri.getHost(), uri.getPort());
    for (int i = 0; i <= 1000; ++i) {
      // The last one is the model of those that are done.
      const std::string path = i == 1000 ? "/webhook/hook0" : "/webhook/wait";
      Poco::Net::HTTPRequest request("POST", path, Poco::Net::HTTPMessage::HTTP_1_1);
      request.setContentLength(0);
      session.sendRequest(request);
      Poco::Net::HTTPResponse response;
      std::string body;
      Poco::StreamCopier::copyToString(session.receiveResponse(response), body);
      if (response.getStatus() != 200) throw std::runtime_error(body);
    }
  }
  multiply(database, 100'000);
  const Engine engine(folder.path);
  print("start_1000_workflows_100000_stored_1000_waiting", engine.ready_ms, "ms");
  print("memory", engine.memory_mib(), "MiB");
}

}  // namespace

int main() {
  try {
    start();
    million();
    return 0;
  } catch (const std::exception& error) {
    std::cerr << error.what() << '\n';
    return 1;
  }
}
