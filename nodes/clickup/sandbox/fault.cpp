#include "nodes/clickup/sandbox/fault.h"

#include "core/base/error.h"
#include "core/value/number.h"

namespace engine::clickup::sandbox {
namespace {

[[noreturn]] void bad_fault(std::string_view text) {
  throw Error(ErrorCause::user, "bad_fault",
              "'" + std::string(text) +
                  "' is not a fault. Write METHOD PATH:WHAT:PROBABILITY, where WHAT is a status "
                  "(500), a delay (2s), truncate or garbage, e.g. 'POST /v2/list/*/task:500:0.1'.");
}

bool glob(std::string_view pattern, std::string_view text) {
  std::size_t p = 0;
  std::size_t t = 0;
  std::size_t star = std::string_view::npos;
  std::size_t resume = 0;
  while (t < text.size()) {
    if (p < pattern.size() && pattern[p] == '*') {
      star = p++;
      resume = t;
    } else if (p < pattern.size() && pattern[p] == text[t]) {
      ++p;
      ++t;
    } else if (star != std::string_view::npos) {
      p = star + 1;
      t = ++resume;
    } else {
      return false;
    }
  }
  while (p < pattern.size() && pattern[p] == '*') ++p;
  return p == pattern.size();
}

}  // namespace

bool Fault::matches(std::string_view request_method, std::string_view request_path) const {
  return (method == "*" || method == request_method) && glob(path, request_path);
}

Fault parse_fault(std::string_view text) {
  const std::size_t space = text.find(' ');
  const std::size_t last = text.rfind(':');
  const std::size_t middle =
      last == 0 || last == std::string_view::npos ? last : text.rfind(':', last - 1);
  if (space == std::string_view::npos || middle == std::string_view::npos || middle < space ||
      middle == last) {
    bad_fault(text);
  }
  Fault fault;
  fault.method = text.substr(0, space);
  fault.path = text.substr(space + 1, middle - space - 1);
  if (fault.path.rfind("/api/", 0) == 0) fault.path.erase(0, 4);
  const std::string_view what = text.substr(middle + 1, last - middle - 1);
  const auto probability = parse_number(text.substr(last + 1));
  if (!probability || *probability < 0 || *probability > 1 || fault.path.empty()) bad_fault(text);
  fault.probability = *probability;
  if (what == "truncate") {
    fault.kind = Fault::Kind::truncate;
  } else if (what == "garbage") {
    fault.kind = Fault::Kind::garbage;
  } else if (const auto status = parse_integer(what)) {
    if (*status < 100 || *status > 599) bad_fault(text);
    fault.status = static_cast<int>(*status);
  } else if (const auto latency = parse_duration(what)) {
    fault.kind = Fault::Kind::latency;
    fault.latency = *latency;
  } else {
    bad_fault(text);
  }
  return fault;
}

}  // namespace engine::clickup::sandbox
