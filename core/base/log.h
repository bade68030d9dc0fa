// Logging to one stream, as text or as JSON lines.
#pragma once

#include <cstdio>
#include <initializer_list>
#include <mutex>
#include <string>
#include <string_view>
#include <utility>

#include "core/base/time.h"

namespace engine {

enum class LogLevel { debug, info, warn, error, off };
enum class LogFormat { text, json };

/// A field of a log line, e.g. {"execution", id}.
using LogField = std::pair<std::string_view, std::string_view>;

/// Thread-safe; a line is written whole. Callers keep secrets out.
class Logger {
 public:
  Logger(std::FILE* stream, LogLevel level, LogFormat format, const Clock& clock);

  bool enabled(LogLevel level) const { return level >= level_; }
  void write(LogLevel level, std::string_view message, std::initializer_list<LogField> fields = {});

  void debug(std::string_view m, std::initializer_list<LogField> f = {}) {
    write(LogLevel::debug, m, f);
  }
  void info(std::string_view m, std::initializer_list<LogField> f = {}) {
    write(LogLevel::info, m, f);
  }
  void warn(std::string_view m, std::initializer_list<LogField> f = {}) {
    write(LogLevel::warn, m, f);
  }
  void error(std::string_view m, std::initializer_list<LogField> f = {}) {
    write(LogLevel::error, m, f);
  }

 private:
  std::FILE* stream_;
  LogLevel level_;
  LogFormat format_;
  const Clock& clock_;
  std::mutex mutex_;
};

std::string_view to_string(LogLevel level);

}  // namespace engine
