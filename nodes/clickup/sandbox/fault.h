// Faults on demand, so that automations can be tried against a service that misbehaves.
#pragma once

#include <string>
#include <string_view>
#include <vector>

#include "core/base/time.h"

namespace engine::clickup::sandbox {

/// "METHOD PATH:WHAT:PROBABILITY", e.g. "POST /v2/list/*/task:500:0.1", "* /v2/*:2s:1".
struct Fault {
  enum class Kind {
    status,    ///< "500": this status, nothing is done
    latency,   ///< "2s": the answer comes this much later
    truncate,  ///< "truncate": done, but the connection ends in the middle of the answer
    garbage,   ///< "garbage": done, but the answer is not JSON
  };
  std::string method;  ///< "*": any
  std::string path;    ///< without /api; `*` stands for any text
  Kind kind = Kind::status;
  int status = 500;
  Milliseconds latency{0};
  double probability = 1;

  bool matches(std::string_view request_method, std::string_view request_path) const;
};

/// Throws Error{user, "bad_fault"} that says how one is written.
Fault parse_fault(std::string_view text);

}  // namespace engine::clickup::sandbox
