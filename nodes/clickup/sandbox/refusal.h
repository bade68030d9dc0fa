// What the service says no with.
#pragma once

#include <stdexcept>
#include <string>
#include <string_view>
#include <utility>

namespace engine::clickup::sandbox {

/// Thrown by handlers; the sandbox turns it into the error body of the API's version: v2
/// `{"err", "ECODE"}`, v3 `{"status", "message", "trace_id", "timestamp"}`.
struct Refusal : std::runtime_error {
  Refusal(int http_status, const std::string& text, std::string ecode)
      : std::runtime_error(text), status(http_status), code(std::move(ecode)) {}

  int status;
  std::string code;
};

/// A request that is wrong in itself. Where the real code is not known the sandbox uses INPUT_005.
[[noreturn]] inline void refuse(const std::string& text, std::string code = "INPUT_005") {
  throw Refusal(400, text, std::move(code));
}

/// What an unknown or foreign id of anything but a task is answered with.
[[noreturn]] inline void refuse_unknown() {
  throw Refusal(401, "Team not authorized", "OAUTH_027");
}

/// What v3 answers an unknown id with.
[[noreturn]] inline void refuse_missing(std::string_view what) {
  throw Refusal(404, std::string(what) + " not found", "NOT_FOUND");
}

}  // namespace engine::clickup::sandbox
