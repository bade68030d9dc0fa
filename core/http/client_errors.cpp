#include "core/http/client_errors.h"

namespace engine::http {
namespace {

Error upstream(const char* code, const std::string& message) {
  return Error(ErrorCause::upstream, code, message);
}

Error timed_out(Phase phase, const std::string& what) {
  const std::string message =
      phase == Phase::connecting
          ? what + ": no connection in time. Check host and network, or give it more time."
          : what + ": no complete answer in time. Give it more time, or ask for less.";
  return Error(ErrorCause::timeout, "request_timeout", message);
}

}  // namespace

Error client_error(const WireError& fault, Phase phase, const std::string& what, const Url& url) {
  switch (fault.fault()) {
    case WireFault::deadline: return timed_out(phase, what);
    case WireFault::untrusted:
      return upstream("tls_failed",
                      what + ": no secure connection: " + fault.what() +
                          ". Check the address; for a private authority set $SSL_CERT_FILE to its "
                          "certificate.");
    case WireFault::too_large:
      return upstream(
          "answer_too_large",
          what + ": the answer is larger than allowed. Raise the limit, or ask for less.");
    case WireFault::malformed:
      return upstream("bad_answer",
                      what + ": the answer is not proper HTTP (" + fault.what() + ").");
    case WireFault::closed:
    case WireFault::lost:
    case WireFault::woken: break;
  }
  if (phase == Phase::connecting) {
    return upstream("connection_failed", what + ": cannot connect to " + url.authority() + " (" +
                                             fault.what() + "). Check host, port and network.");
  }
  return upstream("connection_lost",
                  what + ": the connection was lost before the answer was complete (" +
                      fault.what() + "). It may or may not have been carried out.");
}

}  // namespace engine::http
