// A program as its users meet it: arguments, input, environment, output, signals, exit code.
#pragma once

#include <sys/types.h>

#include <cstdint>
#include <functional>
#include <map>
#include <optional>
#include <string>
#include <vector>

namespace engine::e2e {

struct Command {
  std::vector<std::string> arguments;              ///< the first one is the program's path
  std::string input;                               ///< all of the standard input, unless
  bool typed = false;                              ///< Process::type gives it
  std::map<std::string, std::string> environment;  ///< all of it
  std::string folder;                              ///< where it runs
  std::optional<std::uint64_t> largest_file;  ///< bytes; beyond it writing fails as on a full disk
};

struct Outcome {
  int code = -1;   ///< -1 when a signal ended it
  int signal = 0;  ///< 0 when it ended by itself
  std::string out;
  std::string err;

  std::string all() const { return out + err; }
};

/// A child process. Every wait ends after two minutes with a std::runtime_error that shows what the
/// child had printed; the destructor kills what is left. Not thread-safe.
class Process {
 public:
  explicit Process(const Command& command);
  ~Process();
  Process(const Process&) = delete;
  Process& operator=(const Process&) = delete;

  /// The next line of its standard output, without the line feed.
  std::string read_line();
  /// The next line of its standard error that has `part` in it.
  std::string read_error_line(const std::string& part);
  /// Text on its standard input (Command::typed).
  void type(const std::string& text) const;
  void send_signal(int signal) const;
  pid_t pid() const { return pid_; }
  /// Its end, and everything printed that read_line() has not taken.
  Outcome wait();

 private:
  void pump(const std::function<bool()>& enough, const char* what);

  pid_t pid_ = -1;
  int in_ = -1;
  int out_ = -1;
  int err_ = -1;
  Outcome outcome_;
  std::size_t errors_read_ = 0;
};

/// Processes that this one has started and that are still there.
std::vector<pid_t> children_of(pid_t parent);

}  // namespace engine::e2e
