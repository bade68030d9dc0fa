// Byte streams over sockets, within limits: every read and write ends by a deadline, and at once
// when it is woken. Blocking sockets can promise neither: their timeouts start again at each byte.
#pragma once

#include <Poco/Net/StreamSocket.h>

#include <chrono>
#include <cstddef>
#include <stdexcept>
#include <string>
#include <string_view>

namespace engine::http {

enum class WireFault {
  closed,     ///< the peer closed before the first byte of a message
  lost,       ///< reset, or closed in the middle
  deadline,   ///< not done in time
  woken,      ///< stopped by a Wakeup
  malformed,  ///< not HTTP
  too_large,  ///< a head or a body above its limit
  untrusted,  ///< TLS: certificate, host name or protocol refused
};

/// Internal to core/http: client and server turn it into an Error and a status.
class WireError : public std::runtime_error {
 public:
  WireError(WireFault fault, const std::string& text) : std::runtime_error(text), fault_(fault) {}
  WireFault fault() const { return fault_; }

 private:
  WireFault fault_;
};

/// Ends waits in other threads, once and for all. Thread-safe.
class Wakeup {
 public:
  Wakeup();
  ~Wakeup();
  Wakeup(const Wakeup&) = delete;
  Wakeup& operator=(const Wakeup&) = delete;
  void wake() const;
  int fd() const { return fd_; }

 private:
  int fd_;
};

using SteadyTime = std::chrono::steady_clock::time_point;

struct WireLimits {
  SteadyTime deadline;
  int wake_fd = -1;                        ///< of a Wakeup; -1: none
  std::chrono::milliseconds most_idle{0};  ///< of one wait for the other side; 0: any
};

/// Waits until `fd` is ready for `events` (of poll(2)); a negative `fd` only checks the limits.
/// Throws WireError{deadline, woken}.
void wait_ready(int fd, short events, const WireLimits& limits);

/// Not thread-safe.
class Stream {
 public:
  virtual ~Stream() = default;
  /// At least one byte; 0 when the peer has closed. Throws WireError{lost, deadline, woken}.
  virtual std::size_t read(char* buffer, std::size_t size, const WireLimits& limits) = 0;
  virtual void write(std::string_view bytes, const WireLimits& limits) = 0;
  virtual int fd() const = 0;
};

class PlainStream final : public Stream {
 public:
  explicit PlainStream(const Poco::Net::StreamSocket& connected);
  std::size_t read(char* buffer, std::size_t size, const WireLimits& limits) override;
  void write(std::string_view bytes, const WireLimits& limits) override;
  int fd() const override { return socket_.impl()->sockfd(); }

 private:
  Poco::Net::StreamSocket socket_;
};

}  // namespace engine::http
