// A web service on loopback that remembers what it was asked, and can keep a caller waiting.
#pragma once

#include <condition_variable>
#include <map>
#include <mutex>
#include <set>
#include <string>

#include "core/http/server.h"

namespace engine::e2e {

/// Answers {"path": PATH} with status 200. Thread-safe.
class Upstream {
 public:
  Upstream();
  /// Lets everybody go who waits.
  ~Upstream();
  Upstream(const Upstream&) = delete;
  Upstream& operator=(const Upstream&) = delete;

  std::string url(const std::string& path) const;
  /// Requests for `path` get no answer until release().
  void hold(const std::string& path);
  void release();
  /// Waits until `path` was asked for `times` times; false when that takes too long.
  bool wait_for(const std::string& path, int times = 1);
  int asked(const std::string& path) const;

 private:
  http::ServerResponse answer(const http::ServerRequest& request);

  mutable std::mutex mutex_;
  std::condition_variable changed_;
  std::map<std::string, int> asked_;
  std::set<std::string> held_;
  http::Server server_;
};

}  // namespace engine::e2e
