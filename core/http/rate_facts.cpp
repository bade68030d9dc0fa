#include "core/http/rate_facts.h"

#include <Poco/DateTime.h>
#include <Poco/DateTimeFormat.h>
#include <Poco/DateTimeParser.h>

#include <algorithm>
#include <charconv>
#include <string>

namespace engine::http {
namespace {

std::optional<std::int64_t> number(const Headers& headers, std::string_view name) {
  const auto text = headers.find(name);
  if (!text || text->empty()) return std::nullopt;
  std::int64_t value = 0;
  const auto [end, error] = std::from_chars(text->data(), text->data() + text->size(), value);
  // Some services send fractions of seconds; what follows the whole number is not needed.
  const bool whole = end == text->data() + text->size() || *end == '.';
  constexpr std::int64_t kMost = 100'000'000'000;
  return error == std::errc() && whole && value >= 0 && value <= kMost ? std::optional(value)
                                                                       : std::nullopt;
}

std::optional<TimePoint> date(const Headers& headers, std::string_view name) {
  const auto text = headers.find(name);
  Poco::DateTime parsed;
  int zone = 0;
  // Poco is lenient and reads a date into almost anything; the fixed form has 29 characters.
  if (!text || text->size() != 29 || !text->ends_with(" GMT") ||
      !Poco::DateTimeParser::tryParse(Poco::DateTimeFormat::HTTP_FORMAT, std::string(*text), parsed,
                                      zone)) {
    return std::nullopt;
  }
  return from_ms(parsed.timestamp().epochMicroseconds() / 1000);
}

Milliseconds until(TimePoint time, TimePoint now) {
  return std::max(time - now, Milliseconds(0));
}

// The service's time. A difference of more than an hour is not a clock that is a little off.
TimePoint service_time(const Headers& headers, TimePoint now) {
  const auto told = date(headers, "Date");
  return told && std::chrono::abs(*told - now) <= std::chrono::hours(1) ? *told : now;
}

}  // namespace

RateFacts rate_facts(const Response& response, TimePoint now) {
  const Headers& headers = response.headers;
  const TimePoint there = service_time(headers, now);
  RateFacts facts;
  facts.refused = response.status == 429;
  facts.limit = number(headers, "X-RateLimit-Limit");
  facts.remaining = number(headers, "X-RateLimit-Remaining");
  if (const auto reset = number(headers, "X-RateLimit-Reset")) {
    constexpr std::int64_t kNoDate = 1'000'000'000;  // 2001, and too long to be a wait
    facts.reset =
        *reset < kNoDate ? Milliseconds(*reset * 1000) : until(from_ms(*reset * 1000), there);
  }
  if (const auto seconds = number(headers, "Retry-After")) {
    facts.retry_after = Milliseconds(*seconds * 1000);
  } else if (const auto when = date(headers, "Retry-After")) {
    facts.retry_after = until(*when, there);
  }
  return facts;
}

}  // namespace engine::http
