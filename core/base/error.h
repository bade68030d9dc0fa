// Errors: one exception type that says what happened, where, and what to do.
#pragma once

#include <chrono>
#include <optional>
#include <stdexcept>
#include <string>
#include <string_view>

namespace engine {

/// Who has to act. Stable: stored with executions and printed to users.
enum class ErrorCause {
  user,          ///< the workflow, its parameters or its input are wrong
  credential,    ///< a credential is missing, refused or unreadable
  upstream,      ///< a service answered with a failure or not at all
  rate_limited,  ///< a service asked to slow down and patience ran out
  timeout,       ///< a limit of time was reached
  cancelled,     ///< somebody stopped it
  storage,       ///< the database or a file could not be read or written
  crashed,       ///< the process ended while this was running
  bug,           ///< ours
};

std::string_view to_string(ErrorCause cause);

/// Throws Error{bug} for an unknown name.
ErrorCause parse_error_cause(std::string_view name);

/// A place in a text file. `line` and `column` count from 1; 0 means unknown.
struct Position {
  std::string file;
  int line = 0;
  int column = 0;

  bool known() const { return line > 0; }
  bool operator==(const Position&) const = default;
};

/// "flow.yaml:3:7", "flow.yaml" or "".
std::string to_string(const Position& position);

/// Where an error happened. Empty parts are unknown.
struct ErrorWhere {
  std::string workflow;
  std::string node;
  std::optional<std::size_t> item;  ///< counts from 0
  std::string parameter;            ///< "fields.name"
  Position position;
};

/// The one exception of the engine. `code` is a stable snake_case word, `message` a full sentence
/// that says what to do. Holds no secrets: whoever throws keeps them out.
class Error : public std::runtime_error {
 public:
  Error(ErrorCause cause, std::string code, const std::string& message);

  ErrorCause cause() const { return cause_; }
  const std::string& code() const { return code_; }
  std::string message() const { return what(); }

  ErrorWhere where;
  int http_status = 0;                                   ///< of the answer that failed, else 0
  std::optional<std::chrono::milliseconds> retry_after;  ///< what the service asked for

 private:
  ErrorCause cause_;
  std::string code_;
};

/// What a person reads: "flow.yaml:3:7: node 'x', item 2, parameter 'fields.a': message".
std::string describe(const Error& error);

}  // namespace engine
