#include "core/cli/line_input.h"

#include <poll.h>
#include <unistd.h>

#include <array>
#include <chrono>

namespace engine::cli {

std::optional<std::string> read_line(Milliseconds time, const Cancellation& cancellation) {
  constexpr std::size_t kLongest = 64U << 10U;
  constexpr int kLookMs = 100;
  const auto end = std::chrono::steady_clock::now() + time;
  std::string text;
  while (std::chrono::steady_clock::now() < end) {
    cancellation.check();
    pollfd input{STDIN_FILENO, POLLIN, 0};
    if (poll(&input, 1, kLookMs) <= 0) continue;
    std::array<char, 4096> buffer{};
    const ssize_t size = read(STDIN_FILENO, buffer.data(), buffer.size());
    if (size < 0) continue;
    text.append(buffer.data(), static_cast<std::size_t>(size));
    const std::size_t line = text.find('\n');
    if (line == std::string::npos && size > 0 && text.size() < kLongest) continue;
    text.resize(std::min(line, text.size()));
    if (!text.empty() && text.back() == '\r') text.pop_back();
    return text.empty() ? std::nullopt : std::optional(text);
  }
  return std::nullopt;
}

}  // namespace engine::cli
