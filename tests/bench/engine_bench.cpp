// Whole runs of the binary: time, peak memory, and ratios to the limit measured in the same run.
#include <sqlite3.h>
#include <sys/resource.h>
#include <sys/wait.h>
#include <unistd.h>

#include <algorithm>
#include <chrono>
#include <cstdio>
#include <cstdlib>
#include <filesystem>
#include <fstream>
#include <string>
#include <vector>

#include "core/base/cancellation.h"
#include "core/base/random.h"
#include "core/http/pooled_client.h"
#include "core/http/server.h"
#include "nodes/clickup/sandbox/sandbox.h"
#include "places.h"

namespace {

using Clock = std::chrono::steady_clock;

struct Measured {
  double ms = 0;
  double peak_mb = 0;
};

double since(Clock::time_point begin) {
  return std::chrono::duration<double, std::milli>(Clock::now() - begin).count();
}

// Runs the engine and waits; its output is thrown away.
Measured run(const std::vector<std::string>& arguments) {
  std::vector<char*> argv{const_cast<char*>(ENGINE_BINARY)};
  for (const std::string& argument : arguments) argv.push_back(const_cast<char*>(argument.c_str()));
  argv.push_back(nullptr);
  const auto begin = Clock::now();
  const pid_t child = fork();
  if (child == 0) {
    if (std::freopen("/dev/null", "w", stdout) == nullptr ||
        std::freopen("/dev/null", "w", stderr) == nullptr) {
      _exit(127);
    }
    execv(ENGINE_BINARY, argv.data());
    _exit(127);
  }
  int status = 0;
  rusage usage{};
  wait4(child, &status, 0, &usage);
  if (!WIFEXITED(status) || WEXITSTATUS(status) != 0) {
    std::fprintf(stderr, "engine %s failed\n", arguments.back().c_str());
    std::exit(1);
  }
  return {since(begin), static_cast<double>(usage.ru_maxrss) / 1024.0};
}

// The median of several runs; the first makes the database and does not count.
Measured median(const std::vector<std::string>& arguments, int times = 5) {
  run(arguments);
  std::vector<Measured> all;
  for (int i = 0; i < times; ++i) all.push_back(run(arguments));
  std::sort(all.begin(), all.end(), [](const auto& a, const auto& b) { return a.ms < b.ms; });
  return all[all.size() / 2];
}

std::string write(const std::filesystem::path& file, const std::string& text) {
  std::ofstream(file, std::ios::binary) << text;
  return file.string();
}

std::string chain(int nodes, const std::string& body) {
  std::string text = "name: Bench\nnodes:\n";
  for (int i = 0; i < nodes; ++i) text += "  - id: n" + std::to_string(i) + "\n" + body;
  return text;
}

void small_runs(const std::filesystem::path& folder) {
  const std::string hello = write(folder / "hello.yaml",
                                  "name: Hello\nnodes:\n  - id: greeting\n    type: set\n"
                                  "    with: { fields: { message: hello } }\n");
  const std::string script = write(folder / "script.yaml",
                                   "name: Script\nnodes:\n  - id: greeting\n    type: set\n"
                                   "    with: { fields: { n: \"{{ 1 + 2 }}\" } }\n");
  const std::string flow = write(folder / "flow.yaml", R"yaml(name: Flow
nodes:
  - id: make
    type: code
    with: { js: "return Array.from({length: 10000}, (_, i) => ({ id: i, name: 'item ' + i, tags: ['a', 'b'] }))"
}
  - id: fields
    type: set
    with: { fields: { upper: "{{ $json.name.toUpperCase() }}", twice: "{{ $json.id * 2 }}" } }
  - id: even
    type: filter
    with: { condition: "{{ $json.id % 2 === 0 }}" }
  - id: all
    type: aggregate
    with: { field: upper, into: names }
)yaml");
  const auto one = [](const char* name, const Measured& measured, double ms, double mb) {
    std::printf(
        "{\"bench\":\"%s\",\"ms\":%.1f,\"peak_mb\":%.1f,\"goal_ms\":%.0f,\"goal_mb\":%.0f}\n", name,
        measured.ms, measured.peak_mb, ms, mb);
  };
  one("hello", median({"run", "-q", hello}, 11), 15, 20);
  one("hello_javascript", median({"run", "-q", script}, 11), 40, 0);
  one("10000_items_four_nodes", median({"run", "-q", flow}, 7), 80, 0);
}

// The rows of 1,000 node runs, in as many transactions as a writer that groups what has come
// meanwhile.
double bare_sqlite_ms(const std::filesystem::path& file, int rows) {
  sqlite3* database = nullptr;
  sqlite3_open(file.c_str(), &database);
  sqlite3_exec(
      database,
      "PRAGMA journal_mode=WAL; PRAGMA synchronous=FULL; CREATE TABLE events (id INTEGER PRIMARY "
      "KEY, at INTEGER, kind TEXT, data TEXT)",
      nullptr, nullptr, nullptr);
  const auto begin = Clock::now();
  sqlite3_stmt* insert = nullptr;
  sqlite3_prepare_v2(database, "INSERT INTO events (at, kind, data) VALUES (1, 'run_finished', ?)",
                     -1, &insert, nullptr);
  const std::string data(120, 'x');
  constexpr int kGroup = 50;
  for (int i = 0; i < rows; ++i) {
    if (i % kGroup == 0) sqlite3_exec(database, "BEGIN IMMEDIATE", nullptr, nullptr, nullptr);
    sqlite3_bind_text(insert, 1, data.c_str(), -1, SQLITE_STATIC);
    sqlite3_step(insert);
    sqlite3_reset(insert);
    if (i % kGroup == kGroup - 1 || i == rows - 1) {
      sqlite3_exec(database, "COMMIT", nullptr, nullptr, nullptr);
    }
  }
  const double ms = since(begin);
  sqlite3_finalize(insert);
  sqlite3_close(database);
  return ms;
}

void durable_runs(const std::filesystem::path& folder) {
  constexpr int kNodes = 1000;
  const std::string file = write(folder / "chain.yaml", chain(kNodes, "    type: no_op\n"));
  const std::string empty = write(folder / "one.yaml", chain(1, "    type: no_op\n"));
  // Without reading the file and starting: what running takes beyond checking, and one node run.
  // Each difference is of neighbours in time: a machine changes its pace.
  const auto beyond = [](const std::string& workflow) {
    return run({"run", "-q", workflow}).ms - run({"validate", workflow}).ms;
  };
  std::vector<double> all;
  beyond(file);
  for (int i = 0; i < 15; ++i) all.push_back(beyond(file) - beyond(empty));
  std::sort(all.begin(), all.end());
  const double ms = std::max(0.1, all[all.size() / 2]);
  const double bare = bare_sqlite_ms(folder / "bare.db", kNodes);
  std::printf(
      "{\"bench\":\"durable_node_runs\",\"per_second\":%.0f,\"goal\":5000,\"ms\":%.1f,"
      "\"sqlite_ms\":%.1f,\"ratio\":%.2f,\"goal_ratio\":3}\n",
      kNodes / ms * 1000, ms, bare, ms / bare);
}

void many_items(const std::filesystem::path& folder) {
  constexpr int kItems = 1'000'000;
  std::size_t bytes = 0;
  {
    std::ofstream out(folder / "items.ndjson", std::ios::binary);
    const std::string filler(140, 'x');
    for (int i = 0; i < kItems; ++i) {
      const std::string line = "{\"id\":" + std::to_string(i) + ",\"name\":\"Item " +
                               std::to_string(i) + "\",\"text\":\"" + filler + "\"}\n";
      bytes += line.size();
      out << line;
    }
  }
  const std::string file = write(folder / "many.yaml", R"(name: Many
nodes:
  - id: read
    type: read_file
    with: { path: items.ndjson }
  - id: mark
    type: set
    with: { fields: { seen: true } }
  - id: write
    type: write_file
    with: { path: out.ndjson }
)");
  const Measured measured = run({"--files", folder.string(), "run", "-q", file});
  const double text_mb = static_cast<double>(bytes) / 1048576.0;
  std::printf(
      "{\"bench\":\"1000000_items\",\"ms\":%.0f,\"peak_mb\":%.0f,\"text_mb\":%.0f,\"ratio\":%.2f,"
      "\"goal\":2.5}\n",
      measured.ms, measured.peak_mb, text_mb, measured.peak_mb / text_mb);
}

void large_workflows(const std::filesystem::path& folder) {
  const std::string body =
      "    type: set\n    with: { fields: { a: \"{{ $json.b }}\", c: text } }\n";
  const double small = median({"validate", write(folder / "small.yaml", chain(500, body))}).ms;
  const double large = median({"validate", write(folder / "large.yaml", chain(5000, body))}).ms;
  std::printf(
      "{\"bench\":\"5000_nodes\",\"ms\":%.0f,\"goal\":500,\"ms_of_500\":%.0f,\"growth\":%.1f}\n",
      large, small, large / small);
}

void paging(const std::filesystem::path& folder) {
  constexpr int kTasks = 10'000;
  constexpr int kPages = kTasks / 100;
  engine::SystemClock clock;
  engine::SystemRandom random;
  engine::clickup::sandbox::Sandbox sandbox({}, clock, random);
  engine::http::Server server({}, [&](const auto& request) { return sandbox.handle(request); });
  const std::string url = "http://127.0.0.1:" + std::to_string(server.port()) + "/api";
  engine::http::PooledClient client(clock, random);
  const auto send = [&](const char* method, const std::string& path, const std::string& json) {
    engine::http::Request request;
    request.method = method;
    request.url = url + path;
    request.headers.set("Authorization", "pk_sandbox");
    if (!json.empty()) request.body = engine::http::Body::text(json, "application/json");
    return client.send(request, engine::Cancellation());
  };
  for (int i = 1000; i < kTasks; ++i) {
    send("POST", "/v2/list/901/task", "{\"name\":\"Task " + std::to_string(i) + "\"}");
  }
  // A change makes the sandbox print its answers anew: both sides meet the same work.
  const auto change = [&] { send("PUT", "/v2/list/901", "{\"name\":\"Bugs\"}"); };
  run({"credentials", "add", "bench", "--type", "clickup", "--field", "auth=token", "--field",
       "token=pk_sandbox", "--field", "api_url=" + url});
  const std::string file = write(folder / "paging.yaml", R"(name: Paging
nodes:
  - id: tasks
    type: clickup.task.search
    credential: bench
    with: { team_id: "9001", include_closed: true, subtasks: true }
)");
  std::vector<double> bare;
  std::vector<double> ours;
  for (int round = 0; round < 9; ++round) {
    change();
    const auto begin = Clock::now();
    for (int page = 0; page < kPages; ++page) {
      send("GET",
           "/v2/team/9001/task?include_closed=true&subtasks=true&page=" + std::to_string(page), "");
    }
    bare.push_back(since(begin));
    change();
    ours.push_back(run({"run", "-q", "--no-save", "--output", "none", file}).ms);
  }
  // Each pair is of neighbours in time: a machine changes its pace.
  std::vector<double> ratios;
  for (std::size_t i = 0; i < ours.size(); ++i) ratios.push_back(ours[i] / bare[i]);
  for (auto* list : {&bare, &ours, &ratios}) std::sort(list->begin(), list->end());
  const std::size_t middle = ours.size() / 2;
  std::printf(
      "{\"bench\":\"100_pages\",\"ms\":%.0f,\"sequential_requests_ms\":%.0f,\"ratio\":%.2f,"
      "\"goal\":1.2}\n",
      ours[middle], bare[middle], ratios[middle]);
}

}  // namespace

// All of it, or the parts that are named: small durable large paging many.
int main(int argc, char** argv) {
  std::string pattern = (std::filesystem::temp_directory_path() / "engine-bench-XXXXXX").string();
  if (mkdtemp(pattern.data()) == nullptr) return 1;
  const std::filesystem::path folder = pattern;
  setenv("ENGINE_DB", (folder / "engine.db").c_str(), 1);
  std::setvbuf(stdout, nullptr, _IOLBF, 0);
  const std::vector<std::string_view> wanted(argv + 1, argv + argc);
  const auto part = [&](std::string_view name, void (*bench)(const std::filesystem::path&)) {
    const bool named = std::find(wanted.begin(), wanted.end(), name) != wanted.end();
    if (wanted.empty() || named) bench(folder);
  };
  part("small", small_runs);
  part("durable", durable_runs);
  part("large", large_workflows);
  part("paging", paging);
  part("many", many_items);
  std::filesystem::remove_all(folder);
  return 0;
}
