#include "core/process/spawn.h"

#include <fcntl.h>
#include <spawn.h>
#include <sys/resource.h>
#include <sys/socket.h>
#include <unistd.h>

#include <array>
#include <cerrno>
#include <csignal>
#include <cstring>
#include <utility>

#include "core/base/error.h"

namespace engine::process {
namespace {

[[noreturn]] void fail(const std::string& program, int reason) {
  throw Error(ErrorCause::storage, "process_not_started",
              "A process of its own could not be started for this (" + program +
                  "): " + std::strerror(reason) + ".");
}

class Descriptor {
 public:
  Descriptor() = default;
  explicit Descriptor(int fd) : fd_(fd) {}
  Descriptor(Descriptor&& other) noexcept : fd_(std::exchange(other.fd_, -1)) {}
  Descriptor& operator=(Descriptor&&) = delete;
  ~Descriptor() {
    if (fd_ >= 0) close(fd_);
  }
  int fd() const { return fd_; }
  int release() { return std::exchange(fd_, -1); }

 private:
  int fd_ = -1;
};

// The child's numbers are given out one after the other, so none of them may be in use.
Descriptor out_of_the_way(Descriptor low) {
  constexpr int kFirst = kParentSocket + 1;
  return Descriptor(fcntl(low.fd(), F_DUPFD_CLOEXEC, kFirst));
}

class Actions {
 public:
  Actions(int socket, int errors) {
    posix_spawn_file_actions_init(&actions_);
    posix_spawn_file_actions_addopen(&actions_, STDIN_FILENO, "/dev/null", O_RDONLY, 0);
    posix_spawn_file_actions_adddup2(&actions_, errors, STDOUT_FILENO);
    posix_spawn_file_actions_adddup2(&actions_, errors, STDERR_FILENO);
    posix_spawn_file_actions_adddup2(&actions_, socket, kParentSocket);
    posix_spawn_file_actions_addclosefrom_np(&actions_, kParentSocket + 1);
  }
  ~Actions() { posix_spawn_file_actions_destroy(&actions_); }
  Actions(const Actions&) = delete;
  Actions& operator=(const Actions&) = delete;
  const posix_spawn_file_actions_t* get() const { return &actions_; }

 private:
  posix_spawn_file_actions_t actions_{};
};

// A process group of its own: Ctrl-C is for the engine. Signals as in a new program.
class Attributes {
 public:
  Attributes() {
    posix_spawnattr_init(&attributes_);
    sigset_t none;
    sigset_t all;
    sigemptyset(&none);
    sigfillset(&all);
    posix_spawnattr_setsigmask(&attributes_, &none);
    posix_spawnattr_setsigdefault(&attributes_, &all);
    posix_spawnattr_setpgroup(&attributes_, 0);
    posix_spawnattr_setflags(
        &attributes_, POSIX_SPAWN_SETSIGMASK | POSIX_SPAWN_SETSIGDEF | POSIX_SPAWN_SETPGROUP);
  }
  ~Attributes() { posix_spawnattr_destroy(&attributes_); }
  Attributes(const Attributes&) = delete;
  Attributes& operator=(const Attributes&) = delete;
  const posix_spawnattr_t* get() const { return &attributes_; }

 private:
  posix_spawnattr_t attributes_{};
};

std::vector<char*> pointers(const std::vector<std::string>& texts) {
  std::vector<char*> result;
  for (const std::string& text : texts) result.push_back(const_cast<char*>(text.c_str()));
  result.push_back(nullptr);
  return result;
}

}  // namespace

Spawned spawn(const ChildOptions& options) {
  std::array<int, 2> sockets{};
  if (socketpair(AF_UNIX, SOCK_STREAM | SOCK_CLOEXEC, 0, sockets.data()) != 0) {
    fail(options.program, errno);
  }
  Descriptor ours(sockets[0]);
  const Descriptor theirs = out_of_the_way(Descriptor(sockets[1]));
  std::array<int, 2> pipe{};
  // Neither side ever waits: a child that writes a lot loses some of it.
  if (pipe2(pipe.data(), O_CLOEXEC | O_NONBLOCK) != 0) fail(options.program, errno);
  Descriptor errors(pipe[0]);
  const Descriptor error_end = out_of_the_way(Descriptor(pipe[1]));
  if (theirs.fd() < 0 || error_end.fd() < 0) fail(options.program, EMFILE);

  std::vector<std::string> arguments{"engine"};
  arguments.insert(arguments.end(), options.arguments.begin(), options.arguments.end());
  const Actions actions(theirs.fd(), error_end.fd());
  const Attributes attributes;
  pid_t pid = -1;
  const int failed = posix_spawn(&pid, options.program.c_str(), actions.get(), attributes.get(),
                                 pointers(arguments).data(), pointers(options.environment).data());
  if (failed != 0) fail(options.program, failed);
  if (options.hard_memory_bytes > 0) {
    const rlimit limit{options.hard_memory_bytes, options.hard_memory_bytes};
    prlimit(pid, RLIMIT_DATA, &limit, nullptr);
  }
  return {pid, ours.release(), errors.release()};
}

}  // namespace engine::process
