// What a plugin throws when it cannot do its work. Never crosses the edge: see plugin.h.
#pragma once

#include <cstddef>
#include <cstdint>
#include <optional>
#include <stdexcept>
#include <string>
#include <string_view>

namespace engine::sdk {

/// Who has to act.
enum class ErrorCause {
  user,          ///< the workflow, its parameters or its input are wrong
  credential,    ///< a credential is missing or refused
  upstream,      ///< a service answered with a failure or not at all
  rate_limited,  ///< a service asked to slow down
  timeout,
  cancelled,
  storage,
  bug  ///< of the plugin
};

inline std::string_view to_string(ErrorCause cause) {
  switch (cause) {
    case ErrorCause::user: return "user";
    case ErrorCause::credential: return "credential";
    case ErrorCause::upstream: return "upstream";
    case ErrorCause::rate_limited: return "rate_limited";
    case ErrorCause::timeout: return "timeout";
    case ErrorCause::cancelled: return "cancelled";
    case ErrorCause::storage: return "storage";
    case ErrorCause::bug: break;
  }
  return "bug";
}

inline ErrorCause parse_error_cause(std::string_view name) {
  for (const ErrorCause cause :
       {ErrorCause::user, ErrorCause::credential, ErrorCause::upstream, ErrorCause::rate_limited,
        ErrorCause::timeout, ErrorCause::cancelled, ErrorCause::storage}) {
    if (to_string(cause) == name) return cause;
  }
  return ErrorCause::bug;
}

/// `code` is a stable snake_case word, the message a sentence that says what to do. No secrets.
class Error : public std::runtime_error {
 public:
  Error(ErrorCause cause, std::string code, const std::string& message)
      : std::runtime_error(message), cause_(cause), code_(std::move(code)) {}

  ErrorCause cause() const { return cause_; }
  const std::string& code() const { return code_; }

  std::optional<std::size_t> item;
  std::string parameter;
  int http_status = 0;
  std::optional<std::int64_t> retry_after_ms;

 private:
  ErrorCause cause_;
  std::string code_;
};

}  // namespace engine::sdk
