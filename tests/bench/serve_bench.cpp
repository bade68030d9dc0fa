// `engine serve` under load from wrk, beside a bare Poco HTTP server that answers a constant, in
// the same run on the same machine. One JSON line per number.
#include <Poco/Net/HTTPRequestHandler.h>
#include <Poco/Net/HTTPRequestHandlerFactory.h>
#include <Poco/Net/HTTPServer.h>
#include <Poco/Net/HTTPServerRequest.h>
#include <Poco/Net/HTTPServerResponse.h>
#include <Poco/Net/ServerSocket.h>
#include <Poco/Net/StreamSocket.h>
#include <fcntl.h>
#include <unistd.h>

#include <algorithm>
#include <array>
#include <chrono>
#include <cstdio>
#include <cstdlib>
#include <filesystem>
#include <iostream>
#include <iterator>
#include <stdexcept>
#include <string>
#include <thread>
#include <vector>

#include "tests/bench/serve_process.h"

namespace {

using namespace engine::bench;

namespace fs = std::filesystem;

class Constant final : public Poco::Net::HTTPRequestHandler {
 public:
  void handleRequest(Poco::Net::HTTPServerRequest& request,
                     Poco::Net::HTTPServerResponse& response) override {
    std::istreambuf_iterator<char> body(request.stream());
    while (body != std::istreambuf_iterator<char>()) ++body;
    response.setContentType("application/json");
    response.sendBuffer("{\"received\":true}", 17);
  }
};

class Factory final : public Poco::Net::HTTPRequestHandlerFactory {
 public:
  Poco::Net::HTTPRequestHandler* createRequestHandler(
      const Poco::Net::HTTPServerRequest& /*request*/) override {
    return new Constant;
  }
};

struct Load {
  double per_second = 0;
  double p50_ms = 0;
  double p99_ms = 0;
  long errors = 0;
};

void print(const std::string& name, double value, const std::string& unit,
           const std::string& judged = "") {
  std::printf("{\"bench\":\"serve\",\"name\":\"%s\",\"value\":%.3f,\"unit\":\"%s\"%s}\n",
              name.c_str(), value, unit.c_str(), judged.c_str());
  std::fflush(stdout);
}

std::string judgement(double goal, bool met) {
  std::array<char, 64> text{};
  std::snprintf(text.data(), text.size(), ",\"goal\":%g,\"met\":%s", goal, met ? "true" : "false");
  return text.data();
}

void print_at_least(const std::string& name, double value, const std::string& unit, double goal) {
  print(name, value, unit, judgement(goal, value >= goal));
}

void print_at_most(const std::string& name, double value, const std::string& unit, double goal) {
  print(name, value, unit, judgement(goal, value <= goal));
}

double milliseconds(const std::string& text) {
  double factor = 1;
  if (text.ends_with("us")) factor = 0.001;
  if (text.ends_with("s") && !text.ends_with("us") && !text.ends_with("ms")) factor = 1000;
  return std::strtod(text.c_str(), nullptr) * factor;
}

Load run_wrk(const std::string& url, int connections, const std::string& script, int seconds) {
  const std::string command = "wrk -t1 -c" + std::to_string(connections) + " -d" +
                              std::to_string(seconds) + "s --latency -s " + script + " " + url;
  FILE* pipe = popen(command.c_str(), "r");
  if (pipe == nullptr) throw std::runtime_error("wrk cannot be run");
  Load load;
  std::array<char, 512> line{};
  while (fgets(line.data(), line.size(), pipe) != nullptr) {
    const std::string text(line.data());
    std::array<char, 32> word{};
    if (std::sscanf(text.c_str(), " 50%% %31s", word.data()) == 1) {
      load.p50_ms = milliseconds(word.data());
    } else if (std::sscanf(text.c_str(), " 99%% %31s", word.data()) == 1) {
      load.p99_ms = milliseconds(word.data());
    } else if (text.starts_with("Requests/sec:")) {
      load.per_second = std::strtod(text.c_str() + 13, nullptr);
    } else if (text.find("Non-2xx") != std::string::npos) {
      load.errors = std::strtol(text.c_str() + text.rfind(':') + 1, nullptr, 10);
    }
  }
  if (pclose(pipe) != 0) throw std::runtime_error("wrk failed; is it installed?");
  return load;
}

std::string flow(const std::string& name, const std::string& response, bool with_if) {
  std::string text = "name: " + name +
                     "\nnodes:\n  - id: hook\n    type: webhook\n    with: { path: " + name +
                     ", response: " + response + " }\n";
  if (with_if) {
    text +=
        "  - id: large\n    type: if\n    with: { condition: \"{{ $json.body.amount > 10 }}\" }\n";
  }
  return text + (with_if ? "  - id: mark\n    after: large.true\n" : "  - id: mark\n") +
         "    type: set\n    with: { fields: { total: \"{{ $json.body.amount }}\" }, keep: none "
         "}\n";
}

double median(std::vector<double> times) {
  const auto middle = times.begin() + static_cast<std::ptrdiff_t>(times.size() / 2);
  std::nth_element(times.begin(), middle, times.end());
  return *middle;
}

template <typename Work>
double milliseconds_of(const Work& work) {
  const auto begun = std::chrono::steady_clock::now();
  work();
  return std::chrono::duration<double, std::milli>(std::chrono::steady_clock::now() - begun)
      .count();
}

/// What one durable write costs on a disk: no acknowledged delivery can be faster.
class BareSync {
 public:
  explicit BareSync(const fs::path& folder) {
    const std::string file = (folder / "sync").string();
    descriptor_ = open(file.c_str(), O_CREAT | O_RDWR | O_CLOEXEC, 0600);
    if (descriptor_ < 0) throw std::runtime_error("a file cannot be made in " + folder.string());
    for (int i = 0; i < kPages; ++i) write_next();  // the log of a database is written over as well
    fdatasync(descriptor_);
  }
  ~BareSync() { close(descriptor_); }
  BareSync(const BareSync&) = delete;
  BareSync& operator=(const BareSync&) = delete;

  double milliseconds() {
    return milliseconds_of([this] {
      write_next();
      fdatasync(descriptor_);
    });
  }

 private:
  static constexpr int kPages = 1000;
  void write_next() {
    const auto place = static_cast<off_t>(page_.size()) * (next_++ % kPages);
    if (pwrite(descriptor_, page_.data(), page_.size(), place) < 0) {
      throw std::runtime_error("the disk cannot be written");
    }
  }

  const std::string page_ = std::string(4096, 'x');
  int descriptor_ = -1;
  int next_ = 0;
};

// One caller, who waits for one durable step, in turns with bare writes to the same disk.
void durable_step(const Engine& engine, const fs::path& folder) {
  const std::string body = R"({"id":"A-17","amount":42,"items":[1,2,3]})";
  const std::string request =
      "POST /webhook/last HTTP/1.1\r\nHost: x\r\nContent-Type: application/json\r\n"
      "Content-Length: " +
      std::to_string(body.size()) + "\r\n\r\n" + body;
  Poco::Net::StreamSocket socket{
      Poco::Net::SocketAddress(engine.url.substr(std::string("http://").size()))};
  socket.setNoDelay(true);
  BareSync bare(folder);
  std::vector<double> steps;
  std::vector<double> syncs;
  const auto step_ms = [&] {
    std::array<char, 1024> answer{};
    const double taken = milliseconds_of([&] {
      socket.sendBytes(request.data(), static_cast<int>(request.size()));
      socket.receiveBytes(answer.data(), static_cast<int>(answer.size()));
    });
    if (std::string(answer.data()).find(" 200 ") == std::string::npos) {
      throw std::runtime_error("the webhook was not answered");
    }
    return taken;
  };
  // In turns, because a disk changes its mind; not one by one, because each write helps the next.
  for (int turn = 0; turn < 20; ++turn) {
    for (int i = 0; i < 100; ++i) steps.push_back(step_ms());
    for (int i = 0; i < 100; ++i) syncs.push_back(bare.milliseconds());
  }
  const double step = median(std::move(steps));
  const double sync = median(std::move(syncs));
  print("disk_sync_p50", sync, "ms");
  print("durable_step_p50", step, "ms");
  print_at_most("durable_step_without_the_disk_p50", step - sync, "ms", 0.5);
}

void throughput(int seconds) {
  const Folder folder;
  const std::string script = (folder.path / "post.lua").string();
  write_file(script,
             "wrk.method = 'POST'\nwrk.body = '{\"id\":\"A-17\",\"amount\":42,\"items\":[1,2,3]}'\n"
             "wrk.headers['Content-Type'] = 'application/json'\n");
  write_file(folder.path / "flows/received.yaml", flow("received", "received", true));
  write_file(folder.path / "flows/last.yaml", flow("last", "last_node", false));

  double bare = 0;
  {
    auto* parameters = new Poco::Net::HTTPServerParams;
    parameters->setMaxThreads(512);
    parameters->setMaxQueued(512);
    parameters->setMaxKeepAliveRequests(0);
    Poco::ThreadPool pool(16, 512);
    const Poco::Net::ServerSocket socket(Poco::Net::SocketAddress("127.0.0.1", 0));
    Poco::Net::HTTPServer server(new Factory, pool, socket, parameters);
    server.start();
    const Load load = run_wrk("http://127.0.0.1:" + std::to_string(socket.address().port()) + "/x",
                              32, script, seconds);
    server.stopAll(true);
    bare = load.per_second;
    print("bare_poco", bare, "per_second");
  }
  const Engine engine(folder.path);
  durable_step(engine, folder.path);
  const auto measure = [&](const std::string& name, const std::string& path, double goal) {
    const Load load = run_wrk(engine.url + path, 32, script, seconds);
    print_at_least(name + "_of_bare", load.per_second / bare, "ratio", goal);
    print(name + "_p50", load.p50_ms, "ms");
    print_at_most(name + "_errors", static_cast<double>(load.errors), "answers", 0);
    return load;
  };
  const Load received = measure("received", "/webhook/received", 0.25);
  print_at_least("received", received.per_second, "per_second", 8000);
  print_at_most("received_p99", received.p99_ms, "ms", 20);
  print("last_node", measure("last_node", "/webhook/last", 0.2).per_second, "per_second");
  {
    std::vector<Poco::Net::StreamSocket> idle;
    const Poco::Net::SocketAddress address(engine.url.substr(std::string("http://").size()));
    for (int i = 0; i < 224; ++i) {
      idle.emplace_back(address);
      // wrk counts on low descriptors of its own.
      fcntl(idle.back().impl()->sockfd(), F_SETFD, FD_CLOEXEC);
      // Held open by somebody who was served before.
      const std::string request = "GET /healthz HTTP/1.1\r\nHost: x\r\n\r\n";
      idle.back().sendBytes(request.data(), static_cast<int>(request.size()));
      std::array<char, 1024> answer{};
      idle.back().receiveBytes(answer.data(), static_cast<int>(answer.size()));
    }
    const Load open = run_wrk(engine.url + "/webhook/received", 32, script, seconds);
    // What two runs of the same differ by is no difference.
    print_at_least("received_256_open_of_32", open.per_second / received.per_second, "ratio", 0.9);
  }
  print("memory_after_load", engine.memory_mib(), "MiB");
}

void idle() {
  const Folder folder;
  for (int i = 0; i < 50; ++i) {
    const std::string name = "hook" + std::to_string(i);
    write_file(folder.path / ("flows/" + name + ".yaml"), flow(name, "received", true));
    write_file(folder.path / ("flows/tick" + std::to_string(i) + ".yaml"),
               "name: tick" + std::to_string(i) +
                   "\nnodes:\n  - id: tick\n    type: schedule\n    with: { every: 1h }\n"
                   "  - id: nothing\n    type: no_op\n");
  }
  const Engine engine(folder.path);
  print("idle_ready", engine.ready_ms, "ms");
  const double before = engine.cpu_seconds();
  std::this_thread::sleep_for(std::chrono::seconds(10));
  print_at_most("idle_memory", engine.memory_mib(), "MiB", 30);
  print_at_most("idle_cpu", (engine.cpu_seconds() - before) / 10 * 100, "percent", 0.5);
}

std::string soaked(const std::string& name, const std::string& with, const std::string& nodes) {
  return "name: " + name +
         "\nsettings: { keep: { max: 1000 } }\nnodes:\n  - id: start\n    type: " + with + "\n" +
         nodes;
}

std::string soaked_hook(const std::string& name, const std::string& nodes) {
  return soaked(name, "webhook\n    with: { path: " + name + " }", nodes);
}

// Everything that a server does, in turns: scripts, waits, calls of a service, failures with their
// error workflow, large bodies, a schedule, reading of metrics, and requests for nothing.
void write_soaked_flows(const fs::path& flows) {
  write_file(flows / "received.yaml", flow("received", "received", true));
  write_file(flows / "last.yaml", flow("last", "last_node", false));
  write_file(flows / "script.yaml",
             soaked_hook("script",
                         "  - id: run\n    type: code\n    with: { js: \"return [{ n: "
                         "$input.first().json.body.amount * 2 }]\" }\n"));
  write_file(flows / "wait.yaml", soaked_hook("wait",
                                              "  - id: later\n    type: wait\n    with: { "
                                              "for: 2s }\n  - id: end\n    type: no_op\n"));
  write_file(flows / "call.yaml",
             soaked_hook("call",
                         "  - id: ask\n    type: http_request\n    with: { url: \"http://{{ "
                         "$json.headers.host }}/healthz\" }\n"));
  write_file(flows / "errors.yaml",
             soaked("errors", "error_trigger", "  - id: end\n    type: no_op\n"));
  std::string fail =
      soaked_hook("fail", "  - id: stop\n    type: stop_error\n    with: { message: No }\n");
  fail.insert(fail.find("keep:"), "error_workflow: errors, ");
  write_file(flows / "fail.yaml", fail);
  write_file(flows / "tick.yaml",
             soaked("tick", "schedule\n    with: { every: 1s }", "  - id: end\n    type: no_op\n"));
}

// Sixteen callers who pause after each answer: some 250 requests a second.
constexpr const char* kSoakScript = R"(
local paths = {'/webhook/received', '/webhook/last', '/webhook/script', '/webhook/wait',
               '/webhook/call', '/webhook/fail', '/webhook/received', '/webhook/none'}
local large = ',"text":"' .. string.rep('abcdefgh', 8192) .. '"'
local n = 0
function delay() return 60 end
function request()
  n = n + 1
  if n % 50 == 0 then return wrk.format('GET', '/metrics') end
  local more = n % 200 == 0 and large or ''
  return wrk.format('POST', paths[n % #paths + 1], {['Content-Type'] = 'application/json'},
                    '{"amount":' .. n .. more .. '}')
end
)";

// Mixed load for a long time; what memory does in the last third against the second.
void soak(int seconds) {
  const Folder folder;
  const std::string script = (folder.path / "mixed.lua").string();
  write_file(script, kSoakScript);
  write_soaked_flows(folder.path / "flows");
  const Engine engine(folder.path, "--allow-private");
  Load load;
  std::thread callers([&] { load = run_wrk(engine.url, 16, script, seconds); });
  std::array<double, 3> sums{};
  std::array<int, 3> counts{};
  for (int second = 0; second < seconds; ++second) {
    std::this_thread::sleep_for(std::chrono::seconds(1));
    const auto third = static_cast<std::size_t>(second * 3 / seconds);
    sums[third] += engine.memory_mib();
    ++counts[third];
  }
  callers.join();
  for (std::size_t i = 0; i < sums.size(); ++i) sums[i] /= std::max(1, counts[i]);
  print("soak_requests", load.per_second, "per_second");
  print("soak_p99", load.p99_ms, "ms");
  print("soak_cpu", engine.cpu_seconds() / seconds * 100, "percent");
  print("soak_database",
        static_cast<double>(fs::file_size(folder.path / "engine.db")) / (1U << 20U), "MiB");
  print("soak_memory_first_third", sums[0], "MiB");
  print("soak_memory_second_third", sums[1], "MiB");
  print("soak_memory_last_third", sums[2], "MiB");
  print_at_most("soak_memory_growth", sums[2] / sums[1], "ratio", 1.05);
}

}  // namespace

int main(int count, char** arguments) {
  try {
    if (count > 2 && std::string(arguments[1]) == "soak") {
      soak(std::max(3, std::atoi(arguments[2])));
      return 0;
    }
    const int seconds = count > 1 ? std::atoi(arguments[1]) : 10;
    throughput(seconds);
    idle();
    return 0;
  } catch (const std::exception& error) {
    std::cerr << error.what() << '\n';
    return 1;
  }
}
