#include "core/process/parent.h"

#include <fcntl.h>
#include <sys/prctl.h>
#include <sys/resource.h>
#include <unistd.h>

#include <cerrno>
#include <csignal>

#include "core/process/spawn.h"

namespace engine::process {
namespace {

constexpr int kBroken = 70;  // EX_SOFTWARE

void prefer_to_be_killed() {
  const int file = open("/proc/self/oom_score_adj", O_WRONLY | O_CLOEXEC);
  if (file < 0) return;
  [[maybe_unused]] const ssize_t written = write(file, "1000", 4);
  close(file);
}

}  // namespace

// The engine cannot have died before without being noticed: its end of the socket is closed then.
Parent::Parent(std::size_t largest_message) : reader_(kParentSocket, largest_message) {
  prctl(PR_SET_PDEATHSIG, SIGKILL);
  const rlimit none{0, 0};
  setrlimit(RLIMIT_CORE, &none);
  prefer_to_be_killed();
}

FrameReader::Got Parent::receive(Frame& frame) {
  alertness_.begin();
  FrameReader::Got got = reader_.read(frame, false);
  while (got == FrameReader::Got::nothing && alertness_.stays_awake()) {
    got = reader_.read(frame, false);
  }
  alertness_.end(got == FrameReader::Got::frame);
  return got == FrameReader::Got::nothing ? reader_.read(frame, true) : got;
}

std::optional<std::string> Parent::next_request() {
  Frame frame;
  try {
    if (receive(frame) == FrameReader::Got::closed) return std::nullopt;
  } catch (const ProtocolBroken&) {
    _exit(kBroken);
  }
  if (frame.kind != FrameKind::request) _exit(kBroken);
  return std::move(frame.body);
}

std::string Parent::call(std::string_view question) {
  send(FrameKind::call, question);
  Frame frame;
  try {
    if (receive(frame) == FrameReader::Got::frame && frame.kind == FrameKind::reply) {
      return std::move(frame.body);
    }
  } catch (const ProtocolBroken&) {
  }
  _exit(kBroken);
}

void Parent::note(std::string_view text) {
  send(FrameKind::note, text);
}

void Parent::result(std::string_view body) {
  send(FrameKind::result, body);
}

void Parent::send(FrameKind kind, std::string_view body) {
  if (body.size() > UINT32_MAX) _exit(kBroken);
  FrameWriter writer(kind, body);
  while (!writer.done()) {
    if (!writer.write_some(kParentSocket, 0) && errno != EINTR) _exit(kBroken);
  }
}

}  // namespace engine::process
