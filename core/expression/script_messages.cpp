#include "core/expression/script_messages.h"

#include <cstdint>

#include "core/process/wire.h"

namespace engine::expression {
namespace {

using process::WireReader;
using process::WireWriter;

constexpr std::uint8_t kResult = 0;
constexpr std::uint8_t kError = 1;

[[noreturn]] void not_understood() {
  throw Error(ErrorCause::upstream, "script_crashed",
              "The process that runs scripts sent what the engine does not understand.");
}

// What `read` reads from the message.
template <typename Read>
auto understood(std::string_view message, const Read& read) {
  try {
    WireReader in(message);
    return read(in);
  } catch (const process::WireBroken&) {
    not_understood();
  }
}

}  // namespace

std::string to_message(const ScriptRequest& request) {
  const ScriptRun& run = request.run;
  WireWriter out;
  out.text(request.place);
  out.text(run.source);
  out.byte(run.each ? 1 : 0);
  out.number(static_cast<std::uint64_t>(run.now_ms));
  out.text(run.timezone);
  out.number(run.count);
  out.byte(run.rows ? 1 : 0);
  out.text(run.rows ? std::string_view(*run.rows) : std::string_view());
  out.byte(run.whole_rows ? 1 : 0);
  out.number(static_cast<std::uint64_t>(run.limit.count()));
  return out.take();
}

ScriptRequest read_request(std::string_view message) {
  return understood(message, [](WireReader& in) {
    ScriptRequest request{std::string(in.text()), {}};
    ScriptRun& run = request.run;
    run.source = in.text();
    run.each = in.byte() != 0;
    run.now_ms = static_cast<std::int64_t>(in.number());
    run.timezone = in.text();
    run.count = static_cast<std::size_t>(in.number());
    const bool has_rows = in.byte() != 0;
    const std::string_view rows = in.text();
    if (has_rows) run.rows = std::string(rows);
    run.whole_rows = in.byte() != 0;
    run.limit = std::chrono::milliseconds(static_cast<std::int64_t>(in.number()));
    return request;
  });
}

std::string to_message(const Question& question) {
  WireWriter out;
  out.byte(static_cast<std::uint8_t>(question.kind));
  out.text(question.name);
  out.number(question.first);
  out.number(question.second);
  return out.take();
}

Question read_question(std::string_view message) {
  return understood(message, [](WireReader& in) {
    const std::uint8_t kind = in.byte();
    if (kind >= Question::kKinds) not_understood();
    Question question;
    question.kind = static_cast<Question::Kind>(kind);
    question.name = in.text();
    question.first = static_cast<std::size_t>(in.number());
    question.second = static_cast<std::size_t>(in.number());
    return question;
  });
}

std::string to_message(const std::optional<std::string>& answer) {
  WireWriter out;
  out.byte(answer ? 1 : 0);
  out.text(answer ? std::string_view(*answer) : std::string_view());
  return out.take();
}

std::optional<std::string> read_answer(std::string_view message) {
  return understood(message, [](WireReader& in) -> std::optional<std::string> {
    if (in.byte() == 0) return std::nullopt;
    return std::string(in.text());
  });
}

std::string result_message(std::string_view text) {
  WireWriter out;
  out.byte(kResult);
  out.text(text);
  return out.take();
}

std::string to_message(const Error& error) {
  WireWriter out;
  out.byte(kError);
  out.text(to_string(error.cause()));
  out.text(error.code());
  out.text(error.message());
  out.byte(error.where.item ? 1 : 0);
  out.number(error.where.item.value_or(0));
  return out.take();
}

std::string read_result_message(std::string_view message) {
  return understood(message, [](WireReader& in) {
    const std::uint8_t kind = in.byte();
    if (kind == kResult) return std::string(in.text());
    if (kind != kError) not_understood();
    const ErrorCause cause = parse_error_cause(in.text());
    const bool own = cause == ErrorCause::user || cause == ErrorCause::timeout ||
                     cause == ErrorCause::upstream || cause == ErrorCause::bug;
    if (!own) not_understood();
    const std::string code(in.text());
    Error error(cause, code, std::string(in.text()));
    const bool has_item = in.byte() != 0;
    const auto item = static_cast<std::size_t>(in.number());
    if (has_item) error.where.item = item;
    throw error;
  });
}

std::string log_message(std::string_view level, std::string_view text) {
  WireWriter out;
  out.text(level);
  out.text(text);
  return out.take();
}

std::pair<std::string_view, std::string_view> read_log(std::string_view message) {
  return understood(message, [](WireReader& in) {
    const std::string_view level = in.text();
    return std::pair(level, in.text());
  });
}

}  // namespace engine::expression
