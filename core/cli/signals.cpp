#include "core/cli/signals.h"

#include <signal.h>
#include <unistd.h>

#include <atomic>
#include <thread>

#include "core/cli/session.h"

namespace engine::cli {
namespace {

// A signal handler can reach nothing else. Written before the handler is installed.
std::atomic<int> signal_pipe{-1};
std::atomic<int> signals_seen{0};

extern "C" void on_signal(int /*signal*/) {
  if (signals_seen.fetch_add(1) > 0) _exit(kInterrupted);
  const char byte = 's';
  [[maybe_unused]] const ssize_t written = write(signal_pipe.load(), &byte, 1);
}

}  // namespace

struct SignalWatch::State {
  int pipe[2] = {-1, -1};
  struct sigaction interrupt {};
  struct sigaction terminate {};
  std::thread thread;
};

SignalWatch::SignalWatch(std::function<void()> first) : state_(std::make_unique<State>()) {
  if (pipe(state_->pipe) != 0) return;  // signals then end the process, as without a watch
  signal_pipe = state_->pipe[1];
  signals_seen = 0;
  state_->thread = std::thread([fd = state_->pipe[0], first = std::move(first)] {
    char byte = 0;
    if (read(fd, &byte, 1) == 1 && byte == 's') first();
  });
  struct sigaction action {};
  action.sa_handler = on_signal;
  action.sa_flags = SA_RESTART;
  sigemptyset(&action.sa_mask);
  sigaction(SIGINT, &action, &state_->interrupt);
  sigaction(SIGTERM, &action, &state_->terminate);
}

SignalWatch::~SignalWatch() {
  if (!state_->thread.joinable()) return;
  sigaction(SIGINT, &state_->interrupt, nullptr);
  sigaction(SIGTERM, &state_->terminate, nullptr);
  const char byte = 'q';
  [[maybe_unused]] const ssize_t written = write(state_->pipe[1], &byte, 1);
  state_->thread.join();
  close(state_->pipe[0]);
  close(state_->pipe[1]);
}

}  // namespace engine::cli
