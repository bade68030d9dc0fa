// `engine serve` as a process, and a caller of it.
#pragma once

#include <functional>
#include <memory>
#include <string>
#include <utility>
#include <vector>

#include "core/http/message.h"
#include "core/value/value.h"
#include "tests/e2e/place.h"

namespace engine::e2e {

using Headers = std::vector<std::pair<std::string, std::string>>;

class Served {
 public:
  /// Serves a file or folder of the place, on a free port unless the options name one.
  explicit Served(const Place& place, const std::string& what = ".",
                  const std::vector<std::string>& options = {});

  const std::string& url() const { return url_; }
  Process& process() { return *process_; }

  http::Response call(const std::string& method, const std::string& path,
                      const std::string& body = "", const Headers& headers = {}) const;
  http::Response post(const std::string& path, const std::string& json) const {
    return call("POST", path, json, {{"Content-Type", "application/json"}});
  }

  void kill();
  /// SIGTERM, and its end.
  Outcome stop();

 private:
  std::unique_ptr<Process> process_;
  std::string url_;
};

/// Executions of the place's database that have ended in this way: waits until there are `count` of
/// them; fails the test when that takes too long.
void wait_for_executions(const Place& place, const std::string& status, std::size_t count);

/// Calls `done` until it gives true; fails the test after half a minute.
void wait_until(const std::function<bool()>& done);

}  // namespace engine::e2e
