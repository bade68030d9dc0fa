#include "core/expression/script_messages.h"

#include <charconv>

#include "core/expression/packing.h"

namespace engine::expression {
namespace {

constexpr std::string_view kResult = "result";
constexpr std::string_view kError = "error";
constexpr std::string_view kNothing = "";
constexpr std::string_view kSomething = "+";

template <typename Number>
Number number_of(std::string_view text) {
  Number number = 0;
  std::from_chars(text.data(), text.data() + text.size(), number);
  return number;
}

std::string_view flag(bool set) {
  return set ? kSomething : kNothing;
}

[[noreturn]] void not_understood() {
  throw Error(ErrorCause::upstream, "script_crashed",
              "The process that runs scripts sent what the engine does not understand.");
}

}  // namespace

std::string to_message(const ScriptRequest& request) {
  const ScriptRun& run = request.run;
  return pack({request.place, run.source, flag(run.each), std::to_string(run.now_ms), run.timezone,
               std::to_string(run.count), flag(run.rows.has_value()), run.rows.value_or(""),
               flag(run.whole_rows), std::to_string(run.limit.count())});
}

ScriptRequest read_request(std::string_view message) {
  const auto texts = unpack(message, 10);
  if (texts.empty()) not_understood();
  ScriptRequest request{std::string(texts[0]), {}};
  ScriptRun& run = request.run;
  run.source = texts[1];
  run.each = !texts[2].empty();
  run.now_ms = number_of<std::int64_t>(texts[3]);
  run.timezone = texts[4];
  run.count = number_of<std::size_t>(texts[5]);
  if (!texts[6].empty()) run.rows = std::string(texts[7]);
  run.whole_rows = !texts[8].empty();
  run.limit = std::chrono::milliseconds(number_of<std::int64_t>(texts[9]));
  return request;
}

std::string to_message(const Question& question) {
  return pack({std::to_string(static_cast<int>(question.kind)), question.name,
               std::to_string(question.first), std::to_string(question.second)});
}

Question read_question(std::string_view message) {
  const auto texts = unpack(message, 4);
  if (texts.empty()) not_understood();
  const int kind = number_of<int>(texts[0]);
  if (kind < 0 || kind >= Question::kKinds) not_understood();
  return {static_cast<Question::Kind>(kind), std::string(texts[1]),
          number_of<std::size_t>(texts[2]), number_of<std::size_t>(texts[3])};
}

std::string to_message(const std::optional<std::string>& answer) {
  return answer ? pack({*answer}) : std::string();
}

std::optional<std::string> read_answer(std::string_view message) {
  const auto texts = unpack(message, 1);
  return texts.empty() ? std::nullopt : std::optional(std::string(texts[0]));
}

std::string result_message(std::string_view text) {
  return pack({kResult, text});
}

std::string to_message(const Error& error) {
  const bool item = error.where.item.has_value();
  return pack({kError, to_string(error.cause()), error.code(), error.message(), flag(item),
               std::to_string(error.where.item.value_or(0))});
}

std::string read_result_message(std::string_view message) {
  const auto texts = unpack(message, 2);
  if (texts.empty()) not_understood();
  if (texts[0] == kResult) return std::string(texts[1]);
  if (texts[0] != kError || texts.size() < 6) not_understood();
  const ErrorCause cause = parse_error_cause(texts[1]);
  const bool own = cause == ErrorCause::user || cause == ErrorCause::timeout ||
                   cause == ErrorCause::upstream || cause == ErrorCause::bug;
  if (!own) not_understood();
  Error error(cause, std::string(texts[2]), std::string(texts[3]));
  if (!texts[4].empty()) error.where.item = number_of<std::size_t>(texts[5]);
  throw error;
}

std::string log_message(std::string_view level, std::string_view text) {
  return pack({level, text});
}

std::pair<std::string_view, std::string_view> read_log(std::string_view message) {
  const auto texts = unpack(message, 2);
  if (texts.empty()) not_understood();
  return {texts[0], texts[1]};
}

}  // namespace engine::expression
