#include "core/process/child.h"

#include <poll.h>
#include <sys/socket.h>
#include <sys/wait.h>
#include <unistd.h>

#include <array>
#include <cerrno>
#include <csignal>
#include <thread>

#include "core/process/spawn.h"

namespace engine::process {
namespace {

using Steady = std::chrono::steady_clock;

constexpr Milliseconds kLook{5};  // how late a limit is noticed
constexpr std::size_t kKeptErrors = 4096;
// One that has closed its socket is ending; how long that may take.
constexpr Milliseconds kEndTime{1000};

}  // namespace

// Whether the limits of one call still hold.
class Child::Watch {
 public:
  Watch(const Usage& usage, const Limits& limits)
      : usage_(usage), limits_(limits), began_(Steady::now()), next_look_(began_ + kLook) {
    if (limits_.processor) processor_ = usage_.processor();
  }

  int interval_ms() const {
    const bool limited = limits_.wall || limits_.processor || limits_.memory_bytes > 0;
    return limited ? static_cast<int>(kLook.count()) : -1;
  }

  // To be asked again and again: it looks from time to time.
  std::optional<ChildEnd::Kind> exceeded() {
    const auto now = Steady::now();
    if (now < next_look_) return std::nullopt;
    next_look_ = now + kLook;
    if (limits_.memory_bytes > 0 && usage_.memory_bytes() > limits_.memory_bytes) {
      return ChildEnd::Kind::memory;
    }
    if (limits_.wall && now - began_ - excused_ > *limits_.wall) {
      return ChildEnd::Kind::time;
    }
    if (limits_.processor && usage_.processor() - processor_ > *limits_.processor) {
      return ChildEnd::Kind::time;
    }
    return std::nullopt;
  }

  void excuse(Steady::duration time) { excused_ += time; }

 private:
  const Usage& usage_;
  const Limits& limits_;
  Steady::time_point began_;
  Steady::time_point next_look_;
  Steady::duration excused_{};
  std::chrono::nanoseconds processor_{};
};

Child::Child(const ChildOptions& options) {
  const Spawned spawned = spawn(options);
  pid_ = spawned.pid;
  socket_ = spawned.socket;
  errors_ = spawned.errors;
  usage_ = std::make_unique<Usage>(pid_);
  reader_ = std::make_unique<FrameReader>(socket_, options.largest_message);
}

Child::~Child() {
  reap(true);
  close(socket_);
  close(errors_);
}

void Child::kill() {
  const std::lock_guard lock(mutex_);
  killed_ = true;
  if (!reaped_) ::kill(-pid_, SIGKILL);  // also what it may have started
}

bool Child::whole() const {
  const std::lock_guard lock(mutex_);
  return !killed_ && !reaped_ && !in_call_;
}

bool Child::usable() const {
  if (!whole()) return false;
  char byte = 0;
  return recv(socket_, &byte, 1, MSG_PEEK | MSG_DONTWAIT) < 0 && errno == EAGAIN;
}

// Its status as of waitpid; 0 when it is known already.
int Child::reap(bool kill_now) {
  if (kill_now) kill();
  int status = 0;
  for (auto waited = Milliseconds(0);; ++waited) {
    {
      const std::lock_guard lock(mutex_);
      if (reaped_) return 0;
      if (waitpid(pid_, &status, WNOHANG) != 0) {
        reaped_ = true;
        return status;
      }
    }
    if (waited == kEndTime) kill();
    std::this_thread::sleep_for(Milliseconds(1));
  }
}

void Child::fail(ChildEnd::Kind kind, std::string detail) {
  reap(true);
  drain_errors();
  throw ChildEnded({kind, 0, 0, std::move(detail), error_text_});
}

void Child::fail_closed() {
  bool by_us = false;
  {
    const std::lock_guard lock(mutex_);
    by_us = killed_;
  }
  if (by_us) fail(ChildEnd::Kind::stopped);
  const int status = reap(false);
  drain_errors();
  ChildEnd end{ChildEnd::Kind::exited, WEXITSTATUS(status), 0, {}, error_text_};
  if (WIFSIGNALED(status)) end = {ChildEnd::Kind::signalled, 0, WTERMSIG(status), {}, error_text_};
  throw ChildEnded(std::move(end));
}

void Child::drain_errors() {
  std::array<char, 4096> buffer{};
  for (;;) {
    const ssize_t count = read(errors_, buffer.data(), buffer.size());
    if (count <= 0) return;
    error_text_.append(buffer.data(), static_cast<std::size_t>(count));
    if (error_text_.size() > kKeptErrors) error_text_.erase(0, error_text_.size() - kKeptErrors);
  }
}

void Child::wait(short events, Watch& watch) {
  std::array<pollfd, 2> files{{{socket_, events, 0}, {errors_ended_ ? -1 : errors_, POLLIN, 0}}};
  poll(files.data(), files.size(), watch.interval_ms());
  if ((files[1].revents & POLLIN) != 0) {
    drain_errors();
  } else if ((files[1].revents & POLLHUP) != 0) {
    errors_ended_ = true;  // closed at the other end: it would be ready for ever
  }
}

void Child::send(FrameKind kind, std::string_view body, Watch& watch) {
  if (body.size() > UINT32_MAX) {
    fail(ChildEnd::Kind::protocol, "what it is to work on is larger than 4 GiB");
  }
  FrameWriter writer(kind, body);
  while (!writer.done()) {
    if (writer.write_some(socket_, MSG_DONTWAIT)) continue;
    if (errno == EAGAIN || errno == EWOULDBLOCK) {
      wait(POLLOUT, watch);
      if (const auto exceeded = watch.exceeded()) fail(*exceeded);
    } else if (errno != EINTR) {
      fail_closed();
    }
  }
}

FrameReader::Got Child::look(Frame& frame) {
  try {
    const FrameReader::Got got = reader_->read(frame, false);
    if (got != FrameReader::Got::closed) return got;
  } catch (const ProtocolBroken& broken) {
    fail(ChildEnd::Kind::protocol, broken.what());
  }
  fail_closed();
}

Frame Child::receive(Watch& watch) {
  Frame frame;
  alertness_.begin();
  FrameReader::Got got = look(frame);
  while (got == FrameReader::Got::nothing && alertness_.stays_awake()) got = look(frame);
  alertness_.end(got == FrameReader::Got::frame);
  for (;;) {
    // Also of one that never lets us wait.
    if (const auto kind = watch.exceeded()) fail(*kind);
    if (got == FrameReader::Got::frame) return frame;
    wait(POLLIN, watch);
    got = look(frame);
  }
}

std::string Child::call(std::string_view request, const Callbacks& callbacks, const Limits& limits,
                        const Cancellation& cancellation) {
  const auto stop = cancellation.on_cancel([this] { kill(); });
  Watch watch(*usage_, limits);
  in_call_ = true;
  try {
    send(FrameKind::request, request, watch);
    for (;;) {
      Frame frame = receive(watch);
      const auto begin = Steady::now();
      if (frame.kind == FrameKind::result) {
        in_call_ = false;
        return std::move(frame.body);
      }
      if (frame.kind == FrameKind::note && callbacks.note) callbacks.note(frame.body);
      if (frame.kind == FrameKind::call && callbacks.answer) {
        const std::string answer = callbacks.answer(frame.body);
        watch.excuse(Steady::now() - begin);
        send(FrameKind::reply, answer, watch);
      } else if (frame.kind != FrameKind::note) {
        fail(ChildEnd::Kind::protocol, "it sent a message that has no place here");
      }
    }
  } catch (...) {
    kill();
    cancellation.check();
    throw;
  }
}

}  // namespace engine::process
