// A child process for the tests of core/process: does what its requests say.
#include <arpa/inet.h>
#include <fcntl.h>
#include <netinet/in.h>
#include <signal.h>
#include <sys/prctl.h>
#include <sys/socket.h>
#include <sys/un.h>
#include <unistd.h>

#include <cerrno>
#include <cstdlib>
#include <cstring>
#include <filesystem>
#include <string>
#include <thread>
#include <vector>

#include "core/process/parent.h"
#include "core/process/sandbox.h"
#include "tests/support/no_filters.h"

extern char** environ;

namespace {

std::string noted(const char* what, int result) {
  return std::string(what) + "=" + (result < 0 ? std::strerror(errno) : "possible") + ";";
}

int connected() {
  const int descriptor = socket(AF_INET, SOCK_STREAM, 0);
  sockaddr_in address{};
  address.sin_family = AF_INET;
  address.sin_port = htons(9);
  address.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
  return connect(descriptor, reinterpret_cast<const sockaddr*>(&address), sizeof address);
}

int connected_here() {
  const int descriptor = socket(AF_UNIX, SOCK_STREAM, 0);
  sockaddr_un address{};
  address.sun_family = AF_UNIX;
  std::strcpy(address.sun_path, "/run/nobody");
  return connect(descriptor, reinterpret_cast<const sockaddr*>(&address), sizeof address);
}

std::string files_and_network() {
  std::string answer = noted("open", open("/etc/passwd", O_RDONLY));
  answer += noted("create", open("/tmp/engine-shut-in", O_WRONLY | O_CREAT, 0600));
  answer += noted("connect", connected());
  return answer + noted("unix", connected_here());
}

std::string computing() {
  int sum = 0;
  std::thread([&] { sum = 21; }).join();
  std::vector<char> memory(std::size_t{8} << 20U, 'x');
  return "thread and memory=" + std::to_string(sum * 2) + memory[1000];
}

// What the world says to one who has shut it out.
std::string shut_in() {
  std::string answer = engine::process::Sandbox().shut_out_the_world();
  answer += files_and_network();
  answer += noted("fork", fork());
  answer += noted("kill", kill(getppid(), 0));
  answer += noted("exec", execl("/bin/true", "true", nullptr));
  return answer + computing();
}

std::string shut_in_without_filters() {
  if (!engine::test::be_without_filters()) return "the test cannot be made";
  const engine::process::Sandbox sandbox;
  std::string answer = sandbox.shut_out_the_world() + " ";
  answer += files_and_network();
  return answer + computing();
}

std::string open_files() {
  std::string names;
  for (int fd = 0; fd < 1024; ++fd) {
    if (fcntl(fd, F_GETFD) >= 0) names += std::to_string(fd) + " ";
  }
  return names;
}

std::string surroundings() {
  std::string text = open_files() + "group=" + (getpgrp() == getpid() ? "own" : "shared");
  int signal = 0;
  prctl(PR_GET_PDEATHSIG, &signal);
  text += " death=" + std::to_string(signal) + " environment=";
  for (char** entry = environ; *entry != nullptr; ++entry) text += std::string(*entry) + " ";
  return text;
}

[[noreturn]] void allocate() {
  for (std::vector<char*> blocks;;) {
    constexpr std::size_t kBlock = std::size_t{1} << 20U;
    blocks.push_back(static_cast<char*>(std::malloc(kBlock)));
    if (blocks.back() == nullptr) _exit(9);
    std::memset(blocks.back(), 'x', kBlock);
  }
}

[[noreturn]] void loop() {
  volatile bool on = true;
  while (on) {
  }
  _exit(0);
}

void misbehave(const std::string& request) {
  if (request == "crash") {
    signal(SIGSEGV, SIG_DFL);
    raise(SIGSEGV);
  }
  if (request == "exit") _exit(3);
  if (request == "loop") loop();
  if (request == "hang") pause();
  if (request == "allocate") allocate();
  if (request == "close") {
    close(3);
    pause();
  }
  if (request == "mute") {
    close(1);
    close(2);
    pause();
  }
  if (request == "garbage") {
    const char bytes[] = "this is no message at all";
    if (send(3, bytes, sizeof bytes, 0) > 0) pause();
  }
}

void serve(engine::process::Parent& parent, const std::string& request) {
  misbehave(request);
  if (request == "ask") return parent.result("got " + parent.call("a question"));
  if (request == "chat") {
    for (;;) parent.note(std::string(1000, 'n'));
  }
  if (request == "notes") {
    for (int i = 0; i < 3; ++i) parent.note("note " + std::to_string(i));
  }
  if (request == "huge") return parent.result(std::string(std::size_t{3} << 20U, 'h'));
  if (request == "complain") {
    for (int i = 0; i < 100'000; ++i) {
      [[maybe_unused]] const ssize_t written = write(2, "many words\n", 11);
    }
    const char last[] = "the last words\n";
    std::this_thread::sleep_for(std::chrono::milliseconds(1));
    while (write(2, last, sizeof last - 1) < 0) std::this_thread::yield();
    _exit(4);
  }
  if (request == "surroundings") return parent.result(surroundings());
  if (request == "shut in") return parent.result(shut_in());
  if (request == "shut in without filters") return parent.result(shut_in_without_filters());
  if (request == "pid") return parent.result(std::to_string(getpid()));
  parent.result(request);
}

}  // namespace

int main() {
  engine::process::Parent parent;
  while (const auto request = parent.next_request()) serve(parent, *request);
  return 0;
}
