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

void print(const std::string& name, double value, const std::string& unit) {
  std::printf("{\"bench\":\"serve\",\"name\":\"%s\",\"value\":%.3f,\"unit\":\"%s\"}\n",
              name.c_str(), value, unit.c_str());
  std::fflush(stdout);
}

double milliseconds(std::string text) {
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

// What one durable write costs on this disk: no acknowledged delivery can be faster.
double sync_ms(const fs::path& folder) {
  const std::string file = (folder / "sync").string();
  const int descriptor = open(file.c_str(), O_CREAT | O_RDWR | O_CLOEXEC, 0600);
  if (descriptor < 0) throw std::runtime_error("a file cannot be made in " + folder.string());
  const std::string page(4096, 'x');
  std::vector<double> times;
  for (int i = 0; i < 101; ++i) {
    const auto begun = std::chrono::steady_clock::now();
    const auto place = static_cast<off_t>(page.size()) * i;
    if (pwrite(descriptor, page.data(), page.size(), place) < 0) break;
    fdatasync(descriptor);
    times.push_back(
        std::chrono::duration<double, std::milli>(std::chrono::steady_clock::now() - begun)
            .count());
  }
  close(descriptor);
  std::nth_element(times.begin(), times.begin() + 50, times.end());
  return times[50];
}

void throughput(int seconds) {
  const Folder folder;
  print("disk_sync_p50", sync_ms(folder.path), "ms");
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
  const auto measure = [&](const std::string& name, const std::string& path, int connections) {
    const Load load = run_wrk(engine.url + path, connections, script, seconds);
    print(name, load.per_second, "per_second");
    print(name + "_of_bare", load.per_second / bare, "ratio");
    print(name + "_p50", load.p50_ms, "ms");
    print(name + "_p99", load.p99_ms, "ms");
    print(name + "_errors", static_cast<double>(load.errors), "answers");
  };
  measure("received", "/webhook/received", 32);
  measure("last_node", "/webhook/last", 32);
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
    measure("received_256_open", "/webhook/received", 32);
  }
  measure("one_caller", "/webhook/last", 1);
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
  print("idle_memory", engine.memory_mib(), "MiB");
  print("idle_cpu", (engine.cpu_seconds() - before) / 10 * 100, "percent");
}

// Mixed load for a long time; what memory does in the last third against the second.
void soak(int seconds) {
  const Folder folder;
  const std::string script = (folder.path / "mixed.lua").string();
  write_file(script,
             "local paths = {'/webhook/received', '/webhook/last', '/webhook/none'}\nlocal n = 0\n"
             "request = function()\n  n = n + 1\n"
             "  return wrk.format('POST', paths[n % 3 + 1], {['Content-Type'] = "
             "'application/json'}, '{\"amount\":' .. n .. '}')\nend\n");
  write_file(folder.path / "flows/received.yaml", flow("received", "received", true));
  write_file(folder.path / "flows/last.yaml", flow("last", "last_node", false));
  const Engine engine(folder.path);
  std::thread load([&] { run_wrk(engine.url, 32, script, seconds); });
  std::array<double, 3> sums{};
  std::array<int, 3> counts{};
  for (int second = 0; second < seconds; ++second) {
    std::this_thread::sleep_for(std::chrono::seconds(1));
    const auto third = static_cast<std::size_t>(second * 3 / seconds);
    sums[third] += engine.memory_mib();
    ++counts[third];
  }
  load.join();
  for (std::size_t i = 0; i < sums.size(); ++i) sums[i] /= std::max(1, counts[i]);
  print("soak_memory_second_third", sums[1], "MiB");
  print("soak_memory_last_third", sums[2], "MiB");
  print("soak_memory_growth", sums[2] / sums[1], "ratio");
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
