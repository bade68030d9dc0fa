#include "tests/e2e/served.h"

#include <doctest/doctest.h>
#include <signal.h>

#include <algorithm>
#include <thread>

#include "core/http/pooled_client.h"
#include "core/value/json.h"

namespace engine::e2e {
namespace {

http::Client& client() {
  static const SystemClock clock;
  static SystemRandom random;
  static http::PooledClient shared(clock, random, {});
  return shared;
}

std::vector<std::string> arguments(const std::string& what,
                                   const std::vector<std::string>& options) {
  std::vector<std::string> all{"serve", what};
  const bool has_port = std::find(options.begin(), options.end(), "--port") != options.end();
  if (!has_port) all.insert(all.end(), {"--port", "0"});
  all.insert(all.end(), options.begin(), options.end());
  return all;
}

}  // namespace

Served::Served(const Place& place, const std::string& what, const std::vector<std::string>& options)
    : process_(std::make_unique<Process>(place.command(arguments(what, options)))) {
  const std::string line = process_->read_line();
  url_ = line.substr(line.find("http://"));
}

http::Response Served::call(const std::string& method, const std::string& path,
                            const std::string& body, const Headers& headers) const {
  http::Request request;
  request.method = method;
  request.url = url_ + path;
  request.attempts = 1;
  request.max_redirects = 0;
  for (const auto& [name, value] : headers) request.headers.add(name, value);
  if (!body.empty()) request.body = http::Body::text(body, "");
  return client().send(request, Cancellation());
}

void Served::kill() {
  process_->send_signal(SIGKILL);
  process_->wait();
}

Outcome Served::stop() {
  process_->send_signal(SIGTERM);
  return process_->wait();
}

void wait_until(const std::function<bool()>& done) {
  for (int tries = 0; tries < 3000; ++tries) {
    if (done()) return;
    std::this_thread::sleep_for(std::chrono::milliseconds(10));
  }
  FAIL("it has not come to pass in half a minute");
}

void wait_for_executions(const Place& place, const std::string& status, std::size_t count) {
  wait_until([&] {
    const Outcome listed = place.engine(
        {"executions", "list", "--status", status, "--format", "json", "--limit", "100000"});
    return parse_json(listed.out).size() == count;
  });
}

}  // namespace engine::e2e
