#include "core/http/connection_pool.h"

#include <poll.h>

#include <algorithm>

namespace engine::http {
namespace {

constexpr std::size_t kMostIdle = 128;
constexpr std::chrono::seconds kLongestIdle{60};

// A server that says anything on an idle connection has closed it, or is not to be trusted.
bool is_quiet(const Connection& connection) {
  pollfd fd{connection.stream->fd(), POLLIN, 0};
  return !connection.reader.buffered() && ::poll(&fd, 1, 0) == 0;
}

}  // namespace

std::unique_ptr<Connection> ConnectionPool::take(const std::string& place) {
  for (;;) {
    std::unique_ptr<Connection> connection = take_any(place);
    if (!connection || is_quiet(*connection)) return connection;
  }
}

std::unique_ptr<Connection> ConnectionPool::take_any(const std::string& place) {
  std::list<Idle> old;  // closed after the lock is released
  const std::lock_guard lock(mutex_);
  const auto now = std::chrono::steady_clock::now();
  const auto first_old = std::find_if(idle_.begin(), idle_.end(), [&](const Idle& entry) {
    return now - entry.since > kLongestIdle;
  });
  old.splice(old.end(), idle_, first_old, idle_.end());
  const auto found = std::find_if(idle_.begin(), idle_.end(),
                                  [&](const Idle& entry) { return entry.place == place; });
  if (found == idle_.end()) return nullptr;
  std::unique_ptr<Connection> connection = std::move(found->connection);
  idle_.erase(found);
  return connection;
}

void ConnectionPool::put(std::string place, std::unique_ptr<Connection> connection) {
  std::list<Idle> evicted;
  const std::lock_guard lock(mutex_);
  idle_.push_front({std::move(place), std::move(connection), std::chrono::steady_clock::now()});
  if (idle_.size() > kMostIdle) evicted.splice(evicted.end(), idle_, std::prev(idle_.end()));
}

}  // namespace engine::http
