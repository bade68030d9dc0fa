#include "core/cli/secret_input.h"

#include <termios.h>
#include <unistd.h>

#include <iostream>

#include "core/base/error.h"

namespace engine::cli {
namespace {

/// Turns the terminal's echo off for a scope.
class Silence {
 public:
  Silence() {
    tcgetattr(STDIN_FILENO, &before_);
    termios silent = before_;
    silent.c_lflag &= ~static_cast<tcflag_t>(ECHO);
    tcsetattr(STDIN_FILENO, TCSAFLUSH, &silent);
  }
  ~Silence() { tcsetattr(STDIN_FILENO, TCSAFLUSH, &before_); }
  Silence(const Silence&) = delete;
  Silence& operator=(const Silence&) = delete;

 private:
  termios before_{};
};

}  // namespace

std::string read_secret(const std::string& what) {
  std::string line;
  bool read = false;
  if (isatty(STDIN_FILENO) != 0) {
    std::cerr << what << ": " << std::flush;
    const Silence silence;
    read = static_cast<bool>(std::getline(std::cin, line));
    std::cerr << '\n';
  } else {
    read = static_cast<bool>(std::getline(std::cin, line));
  }
  if (!line.empty() && line.back() == '\r') line.pop_back();
  if (!read || line.empty()) {
    throw Error(ErrorCause::user, "no_secret", "Nothing was given for '" + what + "'.");
  }
  return line;
}

}  // namespace engine::cli
