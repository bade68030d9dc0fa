#include "tests/e2e/clickup.h"

#include <signal.h>

#include <stdexcept>

#include "core/http/pooled_client.h"
#include "core/value/json.h"

namespace engine::e2e {
namespace {

std::vector<std::string> arguments(const std::vector<std::string>& options) {
  std::vector<std::string> all{"sandbox", "clickup", "--port", "0"};
  all.insert(all.end(), options.begin(), options.end());
  return all;
}

// "ClickUp sandbox on http://127.0.0.1:4321/api (token pk_sandbox)"
std::string url_in(const std::string& line) {
  const std::size_t begin = line.find("http://");
  if (begin == std::string::npos) throw std::runtime_error("No address in: " + line);
  return line.substr(begin, line.find(' ', begin) - begin);
}

}  // namespace

ClickUp::ClickUp(const Place& place, const std::vector<std::string>& options)
    : process_(place.command(arguments(options))), api_url_(url_in(process_.read_line())) {}

void ClickUp::add_credential(const Place& place, const std::string& name,
                             const std::string& token) const {
  const Outcome added =
      place.engine({"credentials", "add", name, "--type", "clickup", "--field", "auth=token",
                    "--field", "token=-", "--field", "api_url=" + api_url_},
                   token + "\n");
  if (added.code != 0) throw std::runtime_error(added.all());
}

Value ClickUp::ask(const std::string& method, const std::string& path, const std::string& json,
                   const std::string& token) const {
  const SystemClock clock;
  SystemRandom random;
  http::PooledClient client(clock, random, {});
  http::Request request;
  request.method = method;
  request.url = api_url_ + path;
  request.headers.add("Authorization", token);
  if (!json.empty()) request.body = http::Body::text(json, "application/json");
  const http::Response response = client.send(request, Cancellation());
  if (!response.ok()) throw std::runtime_error(method + " " + path + ": " + response.body);
  return response.body.empty() ? Value() : parse_json(response.body, "the sandbox's answer");
}

Outcome ClickUp::stop() {
  process_.send_signal(SIGTERM);
  return process_.wait();
}

}  // namespace engine::e2e
