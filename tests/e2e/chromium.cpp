#include "tests/e2e/chromium.h"

#include <fcntl.h>
#include <poll.h>
#include <signal.h>
#include <sys/wait.h>
#include <unistd.h>

#include <array>
#include <stdexcept>

#include "core/value/json.h"
#include "core/value/path.h"

namespace engine::e2e {
namespace {

constexpr int kPatienceMs = 120'000;

std::array<int, 2> pipe_of_two() {
  std::array<int, 2> ends{};
  if (pipe2(ends.data(), O_CLOEXEC) != 0) throw std::runtime_error("pipe2 failed");
  return ends;
}

}  // namespace

Chromium::Chromium(const std::filesystem::path& folder) {
  const std::string data = "--user-data-dir=" + (folder / "chromium").string();
  const auto commands = pipe_of_two();
  const auto answers = pipe_of_two();
  const int quiet = ::open("/dev/null", O_WRONLY | O_CLOEXEC);
  pid_ = fork();
  if (pid_ == 0) {
    // Out of the way of 3 and 4, where Chromium looks for its pipes.
    const int in = fcntl(commands[0], F_DUPFD, 10);
    const int out = fcntl(answers[1], F_DUPFD, 10);
    dup2(quiet, STDOUT_FILENO);
    dup2(quiet, STDERR_FILENO);
    dup2(in, 3);
    dup2(out, 4);
    execlp("chromium", "chromium", "--headless", "--no-sandbox", "--disable-gpu",
           "--disable-dev-shm-usage", "--no-first-run", "--disable-background-networking",
           "--remote-debugging-pipe", data.c_str(), "about:blank", nullptr);
    _exit(127);
  }
  close(quiet);
  close(commands[0]);
  close(answers[1]);
  to_ = commands[1];
  from_ = answers[0];
  const Value target =
      call("Target.createTarget", Value::object({{"url", "about:blank"}}))["targetId"];
  session_ = to_text(call("Target.attachToTarget",
                          Value::object({{"targetId", target}, {"flatten", true}}))["sessionId"]);
  call("Page.enable", Value::object());
}

Chromium::~Chromium() {
  close(to_);  // Chromium ends with its pipe
  close(from_);
  kill(pid_, SIGKILL);
  waitpid(pid_, nullptr, 0);
}

Value Chromium::read_message() {
  std::size_t end = buffer_.find('\0');
  while (end == std::string::npos) {
    pollfd stream{from_, POLLIN, 0};
    std::array<char, 65536> bytes{};
    if (poll(&stream, 1, kPatienceMs) <= 0) throw std::runtime_error("Chromium took too long.");
    const ssize_t size = read(from_, bytes.data(), bytes.size());
    if (size <= 0) {
      throw std::runtime_error("Chromium has ended. Is it installed? `./dev test` installs it.");
    }
    buffer_.append(bytes.data(), static_cast<std::size_t>(size));
    end = buffer_.find('\0');
  }
  Value message = parse_json(std::string_view(buffer_).substr(0, end));
  buffer_.erase(0, end + 1);
  if (message["method"].as_string() == "Page.loadEventFired") loaded_ = true;
  return message;
}

Value Chromium::call(const std::string& method, const Value& parameters) {
  Value message =
      Value::object({{"id", Value(++last_id_)}, {"method", Value(method)}, {"params", parameters}});
  if (!session_.empty()) message = with_path(message, {"sessionId"}, Value(session_));
  const std::string text = print_json(message) + '\0';
  signal(SIGPIPE, SIG_IGN);  // reading tells that the browser has ended
  [[maybe_unused]] const ssize_t written = write(to_, text.data(), text.size());
  while (true) {
    const Value answer = read_message();
    if (answer["id"].as_integer() != last_id_) continue;
    if (answer["error"].given()) throw std::runtime_error(method + ": " + print_json(answer));
    return answer["result"];
  }
}

void Chromium::wait_for_load() {
  while (!loaded_) read_message();
}

void Chromium::open(const std::string& url) {
  loaded_ = false;
  const Value result = call("Page.navigate", Value::object({{"url", url}}));
  if (result["errorText"].given()) throw std::runtime_error(url + ": " + print_json(result));
  wait_for_load();
}

void Chromium::press(const std::string& selector) {
  loaded_ = false;
  evaluate("document.querySelector(" + print_json(Value(selector)) + ").click()");
  wait_for_load();
}

std::string Chromium::evaluate(const std::string& expression) {
  const Value result = call(
      "Runtime.evaluate",
      Value::object({{"expression", expression}, {"returnByValue", true}, {"userGesture", true}}));
  if (result["exceptionDetails"].given()) {
    throw std::runtime_error(expression + ": " + print_json(result));
  }
  return to_text(result["result"]["value"]);
}

}  // namespace engine::e2e
