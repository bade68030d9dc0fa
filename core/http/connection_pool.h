// Connections that are open and idle, for the next request to the same place.
#pragma once

#include <list>
#include <memory>
#include <mutex>
#include <string>

#include "core/http/connector.h"

namespace engine::http {

/// Thread-safe. Idle connections are closed after a minute, the oldest first when there are many.
class ConnectionPool {
 public:
  /// The one used last, still open as far as can be seen; null when there is none.
  std::unique_ptr<Connection> take(const std::string& place);
  void put(std::string place, std::unique_ptr<Connection> connection);

 private:
  struct Idle {
    std::string place;
    std::unique_ptr<Connection> connection;
    SteadyTime since;
  };

  std::unique_ptr<Connection> take_any(const std::string& place);

  std::mutex mutex_;
  std::list<Idle> idle_;  ///< the newest first
};

}  // namespace engine::http
