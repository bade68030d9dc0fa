#include "core/base/log.h"

#include <array>

namespace engine {
namespace {

void append_json_string(std::string& line, std::string_view text) {
  line += '"';
  for (const char c : text) {
    if (c == '"' || c == '\\') {
      line += '\\';
      line += c;
    } else if (static_cast<unsigned char>(c) < 0x20) {
      std::array<char, 8> escaped{};
      std::snprintf(escaped.data(), escaped.size(), "\\u%04x", static_cast<unsigned>(c));
      line += escaped.data();
    } else {
      line += c;
    }
  }
  line += '"';
}

// A line break inside a value would let hostile data forge a line of its own.
void append_text(std::string& line, std::string_view text) {
  for (const char c : text) {
    line += static_cast<unsigned char>(c) < 0x20 || c == 0x7f ? ' ' : c;
  }
}

}  // namespace

std::string_view to_string(LogLevel level) {
  constexpr std::array<std::string_view, 5> kNames{"debug", "info", "warn", "error", "off"};
  return kNames[static_cast<std::size_t>(level)];
}

Logger::Logger(std::FILE* stream, LogLevel level, LogFormat format, const Clock& clock)
    : stream_(stream), level_(level), format_(format), clock_(clock) {}

void Logger::write(LogLevel level, std::string_view message,
                   std::initializer_list<LogField> fields) {
  if (!enabled(level)) return;
  std::string line;
  if (format_ == LogFormat::json) {
    line = R"({"time":")" + format_time(clock_.now()) + R"(","level":")";
    line += to_string(level);
    line += R"(","message":)";
    append_json_string(line, message);
    for (const auto& [key, value] : fields) {
      line += ',';
      append_json_string(line, key);
      line += ':';
      append_json_string(line, value);
    }
    line += '}';
  } else {
    line = format_time(clock_.now()) + ' ';
    line += to_string(level);
    line += ' ';
    append_text(line, message);
    for (const auto& [key, value] : fields) {
      line += ' ';
      line += key;
      line += '=';
      append_text(line, value);
    }
  }
  line += '\n';
  const std::lock_guard lock(mutex_);
  std::fwrite(line.data(), 1, line.size(), stream_);
  std::fflush(stream_);
}

}  // namespace engine
