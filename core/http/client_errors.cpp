#include "core/http/client_errors.h"

#include <algorithm>

#include "core/base/time.h"

namespace engine::http {
namespace {

Error upstream(const char* code, const std::string& message) {
  return Error(ErrorCause::upstream, code, message);
}

Error timed_out(Phase phase, const std::string& what, const Request& request) {
  const bool connecting = phase == Phase::connecting;
  const Milliseconds limit =
      connecting ? std::min(request.connect_timeout, request.timeout) : request.timeout;
  return Error(ErrorCause::timeout, "request_timeout",
               what + ": no " + (connecting ? "connection" : "complete answer") + " within " +
                   format_duration(limit) +
                   (connecting ? ". Check host and network, or give it more time."
                               : ". Give it more time, or ask for less."));
}

}  // namespace

Error client_error(const WireError& fault, Phase phase, const Request& request, const Url& url) {
  // A path may be a secret: many services give out addresses that nobody else should know.
  const std::string what = request.method + " " + url.origin();
  switch (fault.fault()) {
    case WireFault::deadline: return timed_out(phase, what, request);
    case WireFault::untrusted:
      return upstream("tls_failed",
                      what + ": no secure connection: " + fault.what() +
                          ". Check the address; for a private authority set $SSL_CERT_FILE to its "
                          "certificate.");
    case WireFault::too_large:
      return upstream("answer_too_large", what + ": " + fault.what() + ". Ask for less at once.");
    case WireFault::malformed:
      return upstream("bad_answer",
                      what + ": the answer is not proper HTTP (" + fault.what() + ").");
    case WireFault::closed:
    case WireFault::lost:
    case WireFault::woken: break;
  }
  const bool reads = request.method == "GET" || request.method == "HEAD";
  if (phase == Phase::connecting) {
    return upstream("connection_failed", what + ": cannot connect to " + url.authority() + " (" +
                                             fault.what() + "). Check host, port and network.");
  }
  return upstream("connection_lost",
                  what + ": the connection was lost before the answer was complete (" +
                      fault.what() + "). " +
                      (reads ? "Try again later."
                             : "It may or may not have been carried out: look before you repeat "
                               "it."));
}

}  // namespace engine::http
