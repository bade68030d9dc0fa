#include "core/http/wire.h"

#include <poll.h>
#include <sys/eventfd.h>
#include <sys/socket.h>
#include <unistd.h>

#include <algorithm>
#include <array>
#include <cerrno>
#include <climits>
#include <cstdint>
#include <system_error>

namespace engine::http {
namespace {

// Rounded up, so that a wait never ends just before its deadline and spins.
int milliseconds_until(SteadyTime deadline) {
  const auto rest =
      std::chrono::ceil<std::chrono::milliseconds>(deadline - std::chrono::steady_clock::now());
  return static_cast<int>(std::clamp<std::int64_t>(rest.count(), 0, INT_MAX));
}

[[noreturn]] void throw_lost(int error) {
  throw WireError(WireFault::lost, std::generic_category().message(error));
}

}  // namespace

Wakeup::Wakeup() : fd_(::eventfd(0, EFD_CLOEXEC | EFD_NONBLOCK)) {
  if (fd_ < 0) throw std::system_error(errno, std::generic_category(), "eventfd");
}

Wakeup::~Wakeup() {
  ::close(fd_);
}

void Wakeup::wake() const {
  const std::uint64_t one = 1;
  // Fails only when the counter is full, and then it is awake already.
  [[maybe_unused]] const ssize_t written = ::write(fd_, &one, sizeof one);
}

void wait_ready(int fd, short events, const WireLimits& limits) {
  std::array<pollfd, 2> fds{{{limits.wake_fd, POLLIN, 0}, {fd, events, 0}}};
  SteadyTime deadline = limits.deadline;
  if (limits.most_idle.count() > 0) {
    deadline = std::min(deadline, std::chrono::steady_clock::now() + limits.most_idle);
  }
  for (;;) {
    const int timeout = fd < 0 ? 0 : milliseconds_until(deadline);
    const int count = ::poll(fds.data(), fds.size(), timeout);
    if (count < 0 && errno != EINTR) throw_lost(errno);
    if (count > 0 && fds[0].revents != 0) throw WireError(WireFault::woken, "stopped");
    if (std::chrono::steady_clock::now() >= deadline) {
      throw WireError(WireFault::deadline, "not done in time");
    }
    if (count > 0 || fd < 0) return;
  }
}

PlainStream::PlainStream(const Poco::Net::StreamSocket& connected) : socket_(connected) {
  socket_.setBlocking(false);
  socket_.setNoDelay(true);
}

std::size_t PlainStream::read(char* buffer, std::size_t size, const WireLimits& limits) {
  for (;;) {
    wait_ready(fd(), POLLIN, limits);
    const ssize_t count = ::recv(fd(), buffer, size, 0);
    if (count >= 0) return static_cast<std::size_t>(count);
    if (errno != EAGAIN && errno != EINTR) throw_lost(errno);
  }
}

void PlainStream::write(std::string_view bytes, const WireLimits& limits) {
  while (!bytes.empty()) {
    wait_ready(fd(), POLLOUT, limits);
    const ssize_t count = ::send(fd(), bytes.data(), bytes.size(), MSG_NOSIGNAL);
    if (count >= 0) {
      bytes.remove_prefix(static_cast<std::size_t>(count));
    } else if (errno != EAGAIN && errno != EINTR) {
      throw_lost(errno);
    }
  }
}

}  // namespace engine::http
