#include "tests/e2e/process.h"

#include <fcntl.h>
#include <poll.h>
#include <signal.h>
#include <sys/mman.h>
#include <sys/resource.h>
#include <sys/wait.h>
#include <unistd.h>

#include <array>
#include <cerrno>
#include <chrono>
#include <filesystem>
#include <fstream>
#include <stdexcept>
#include <system_error>

namespace engine::e2e {
namespace {

using Clock = std::chrono::steady_clock;

// Far more than anything takes on a busy machine with sanitizers.
constexpr std::chrono::seconds kOutputPatience{120};

[[noreturn]] void fail(const char* what) {
  throw std::system_error(errno, std::generic_category(), what);
}

std::array<int, 2> make_pipe() {
  std::array<int, 2> ends{};
  if (pipe2(ends.data(), O_CLOEXEC) != 0) fail("pipe2");
  return ends;
}

// A file in memory: unlike a pipe it never has to be fed while the child runs.
int input_file(const std::string& text) {
  const int fd = memfd_create("input", MFD_CLOEXEC);
  if (fd < 0) fail("memfd_create");
  if (write(fd, text.data(), text.size()) != static_cast<ssize_t>(text.size())) fail("write");
  if (lseek(fd, 0, SEEK_SET) != 0) fail("lseek");
  return fd;
}

std::vector<char*> pointers(std::vector<std::string>& texts) {
  std::vector<char*> result;
  for (std::string& text : texts) result.push_back(text.data());
  result.push_back(nullptr);
  return result;
}

// The child between fork and exec: other threads of the parent may have held locks, so nothing here
// may allocate.
struct Start {
  std::array<int, 3> streams{};
  const char* folder = nullptr;
  char* const* arguments = nullptr;
  char* const* environment = nullptr;
  std::optional<rlimit> largest_file;

  [[noreturn]] void operator()() const {
    for (int i = 0; i < 3; ++i) dup2(streams[static_cast<std::size_t>(i)], i);
    if (chdir(folder) != 0) _exit(126);
    if (largest_file) {
      ::signal(SIGXFSZ, SIG_IGN);  // writing then fails, as it does on a full disk
      setrlimit(RLIMIT_FSIZE, &*largest_file);
    }
    execve(arguments[0], arguments, environment);
    _exit(127);
  }
};

// False at the end of the stream.
bool read_some(int fd, std::string& into) {
  std::array<char, 65536> buffer{};
  const ssize_t size = read(fd, buffer.data(), buffer.size());
  if (size < 0 && errno == EINTR) return true;
  if (size <= 0) return false;
  into.append(buffer.data(), static_cast<std::size_t>(size));
  return true;
}

void close_end(int& fd) {
  if (fd >= 0) close(fd);
  fd = -1;
}

}  // namespace

Process::Process(const Command& command) {
  std::vector<std::string> arguments = command.arguments;
  std::vector<std::string> variables;
  for (const auto& [name, value] : command.environment) variables.push_back(name + "=" + value);
  const std::vector<char*> argument_pointers = pointers(arguments);
  const std::vector<char*> variable_pointers = pointers(variables);
  std::array<int, 2> typed{-1, -1};
  if (command.typed) typed = make_pipe();
  int input = command.typed ? typed[0] : input_file(command.input);
  in_ = typed[1];
  auto out = make_pipe();
  auto err = make_pipe();
  Start start;
  start.streams = {input, out[1], err[1]};
  start.folder = command.folder.c_str();
  start.arguments = argument_pointers.data();
  start.environment = variable_pointers.data();
  if (command.largest_file)
    start.largest_file = rlimit{*command.largest_file, *command.largest_file};
  pid_ = fork();
  if (pid_ == 0) start();
  close_end(input);
  close_end(out[1]);
  close_end(err[1]);
  out_ = out[0];
  err_ = err[0];
  if (pid_ < 0) fail("fork");
}

Process::~Process() {
  close_end(in_);
  close_end(out_);
  close_end(err_);
  if (pid_ < 0) return;
  kill(pid_, SIGKILL);
  waitpid(pid_, nullptr, 0);
}

// Reads both streams until `enough`, or until both have ended.
void Process::pump(const std::function<bool()>& enough, const char* what) {
  const auto deadline = Clock::now() + kOutputPatience;
  while (!enough() && (out_ >= 0 || err_ >= 0)) {
    const auto left =
        std::chrono::duration_cast<std::chrono::milliseconds>(deadline - Clock::now());
    std::array<pollfd, 2> streams{{{out_, POLLIN, 0}, {err_, POLLIN, 0}}};
    if (left.count() <= 0 || poll(streams.data(), 2, static_cast<int>(left.count())) == 0) {
      throw std::runtime_error(std::string("The program took too long ") + what +
                               ". It printed:\n" + outcome_.all());
    }
    if (streams[0].revents != 0 && !read_some(out_, outcome_.out)) close_end(out_);
    if (streams[1].revents != 0 && !read_some(err_, outcome_.err)) close_end(err_);
  }
}

std::string Process::read_line() {
  pump([this] { return outcome_.out.find('\n') != std::string::npos; }, "to print a line");
  const std::size_t end = outcome_.out.find('\n');
  if (end == std::string::npos) {
    throw std::runtime_error("The program ended before it printed a line. It printed:\n" +
                             outcome_.all());
  }
  std::string line = outcome_.out.substr(0, end);
  outcome_.out.erase(0, end + 1);
  return line;
}

std::string Process::read_error_line(const std::string& part) {
  std::string line;
  const auto found = [&] {
    std::size_t end = outcome_.err.find('\n', errors_read_);
    for (; end != std::string::npos; end = outcome_.err.find('\n', errors_read_)) {
      line = outcome_.err.substr(errors_read_, end - errors_read_);
      errors_read_ = end + 1;
      if (line.find(part) != std::string::npos) return true;
    }
    return false;
  };
  bool there = found();
  if (!there) pump([&] { return there = found(); }, "to print a line of errors");
  if (there) return line;
  throw std::runtime_error("The program ended before it printed '" + part + "'. It printed:\n" +
                           outcome_.all());
}

void Process::type(const std::string& text) const {
  if (write(in_, text.data(), text.size()) != static_cast<ssize_t>(text.size())) fail("write");
}

void Process::send_signal(int signal) const {
  if (pid_ > 0) kill(pid_, signal);
}

Outcome Process::wait() {
  pump([] { return false; }, "to end");
  int status = 0;
  while (waitpid(pid_, &status, 0) < 0) {
    if (errno != EINTR) fail("waitpid");
  }
  pid_ = -1;
  if (WIFEXITED(status)) outcome_.code = WEXITSTATUS(status);
  if (WIFSIGNALED(status)) outcome_.signal = WTERMSIG(status);
  return outcome_;
}

std::vector<pid_t> children_of(pid_t parent) {
  std::vector<pid_t> pids;
  std::error_code gone;
  const std::filesystem::path tasks = "/proc/" + std::to_string(parent) + "/task";
  for (const auto& task : std::filesystem::directory_iterator(tasks, gone)) {
    std::ifstream file(task.path() / "children");
    for (pid_t pid = 0; file >> pid;) pids.push_back(pid);
  }
  return pids;
}

}  // namespace engine::e2e
