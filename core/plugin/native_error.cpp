#include "core/plugin/native_error.h"

#include <algorithm>
#include <array>
#include <new>

#include "core/base/utf8.h"
#include "core/value/json.h"

namespace engine::plugin {
namespace {

constexpr std::size_t kLongestMessage = 10'000;

// What a plugin may blame: that the process crashed is only known to who saw it.
std::optional<ErrorCause> cause_of(std::string_view name) {
  for (const ErrorCause cause :
       {ErrorCause::user, ErrorCause::credential, ErrorCause::upstream, ErrorCause::rate_limited,
        ErrorCause::timeout, ErrorCause::cancelled, ErrorCause::storage, ErrorCause::bug}) {
    if (to_string(cause) == name) return cause;
  }
  return std::nullopt;
}

bool good_code(std::string_view code) {
  return !code.empty() && code.size() <= 100 && std::all_of(code.begin(), code.end(), [](char c) {
    return (c >= 'a' && c <= 'z') || (c >= '0' && c <= '9') || c == '_';
  });
}

std::string shortened(std::string_view message) {
  std::string text(message.substr(0, kLongestMessage));
  // A character may have been cut in two.
  text.resize(first_bad_utf8(text));
  return text;
}

}  // namespace

std::string error_document(const Error& error) {
  ValueBuilder builder;
  builder.begin_object();
  builder.key("cause");
  builder.string(to_string(error.cause()));
  builder.key("code");
  builder.string(error.code());
  builder.key("message");
  // A message may quote bytes that are no text.
  builder.string(shortened(error.what()));
  if (error.where.item) {
    builder.key("item");
    builder.integer(static_cast<std::int64_t>(*error.where.item));
  }
  if (!error.where.parameter.empty()) {
    builder.key("parameter");
    builder.string(error.where.parameter);
  }
  if (error.http_status != 0) {
    builder.key("http_status");
    builder.integer(error.http_status);
  }
  if (error.retry_after) {
    builder.key("retry_after_ms");
    builder.integer(error.retry_after->count());
  }
  builder.end_object();
  return print_json(builder.finish());
}

Error read_error_document(std::string_view document, const std::string& who) {
  Value read;
  try {
    if (document.size() <= 1U << 20U) read = parse_json(document);
  } catch (const Error&) {
    read = Value();
  }
  const auto cause = cause_of(read["cause"].as_string());
  const std::string_view code = read.view()["code"].as_string();
  const std::string_view message = read.view()["message"].as_string();
  if (!cause || !good_code(code) || message.empty()) {
    return {ErrorCause::upstream, "plugin_bad_error",
            who +
                " failed without saying why: its error document has no good cause, code and "
                "message. Report it to the author of the plugin."};
  }
  Error error(*cause, std::string(code), shortened(message));
  if (const auto item = read["item"].as_integer(); item && *item >= 0) {
    error.where.item = static_cast<std::size_t>(*item);
  }
  error.where.parameter = shortened(read.view()["parameter"].as_string());
  const auto status = read["http_status"].as_integer().value_or(0);
  if (status >= 100 && status <= 999) error.http_status = static_cast<int>(status);
  constexpr std::int64_t kLongestWait = std::int64_t{24} * 60 * 60 * 1000;
  if (const auto wait = read["retry_after_ms"].as_integer(); wait && *wait >= 0) {
    error.retry_after = std::chrono::milliseconds(std::min(*wait, kLongestWait));
  }
  return error;
}

Error current_error() {
  try {
    throw;
  } catch (const Error& error) {
    return error;
  } catch (const std::bad_alloc&) {
    return {ErrorCause::upstream, "out_of_memory", "There was not enough memory for this."};
  } catch (const std::exception& exception) {
    return {ErrorCause::bug, "unexpected_exception", exception.what()};
  } catch (...) {
    return {ErrorCause::bug, "unexpected_exception", "Something unknown was thrown."};
  }
}

}  // namespace engine::plugin
