// The C edge, wrapped: bytes, and errors on their way through. For the other headers of the SDK.
#pragma once

#include <exception>
#include <new>
#include <string>
#include <string_view>

#include "../engine_plugin.h"
#include "error.h"
#include "json.h"

namespace engine::sdk::detail {

inline engine_borrowed borrow(std::string_view text) {
  return {text.data(), text.size()};
}
inline std::string_view view_of(engine_borrowed text) {
  return text.data == nullptr ? std::string_view() : std::string_view(text.data, text.size);
}

/// What the engine gave; released at the end.
struct Owned {
  Owned() = default;
  ~Owned() {
    if (owned.release != nullptr) owned.release(owned.keeper);
  }
  Owned(const Owned&) = delete;
  Owned& operator=(const Owned&) = delete;
  std::string_view text() const {
    return owned.data == nullptr ? std::string_view() : std::string_view(owned.data, owned.size);
  }
  engine_owned owned{};
};

inline void give_away(std::string text, engine_owned* target) {
  if (target == nullptr || text.empty()) return;
  auto* keeper = new std::string(std::move(text));
  *target = {keeper->data(), keeper->size(), keeper,
             [](void* kept) { delete static_cast<std::string*>(kept); }};
}

inline std::string document(const Error& error) {
  Json json = Json::object(
      {{"cause", to_string(error.cause())}, {"code", error.code()}, {"message", error.what()}});
  if (error.item) json.set("item", *error.item);
  if (!error.parameter.empty()) json.set("parameter", error.parameter);
  if (error.http_status != 0) json.set("http_status", error.http_status);
  if (error.retry_after_ms) json.set("retry_after_ms", *error.retry_after_ms);
  return json.print();
}

inline Error read_document(std::string_view text) {
  try {
    const Json json = Json::parse(text);
    Error error(parse_error_cause(json["cause"].as_string()), std::string(json["code"].as_string()),
                std::string(json["message"].as_string()));
    if (json["item"].given()) error.item = static_cast<std::size_t>(json["item"].as_integer());
    error.parameter = json["parameter"].as_string();
    error.http_status = static_cast<int>(json["http_status"].as_integer());
    if (json["retry_after_ms"].given()) error.retry_after_ms = json["retry_after_ms"].as_integer();
    return error;
  } catch (const Error&) {
    return {ErrorCause::bug, "engine_failed", "The engine failed without saying why."};
  }
}

/// Throws what a function of the engine failed with.
inline void require(std::int32_t status, const Owned& result) {
  if (status != ENGINE_OK) throw read_document(result.text());
}

/// To be called inside a catch block.
inline Error current_error() {
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

/// Runs what may throw and gives a status instead.
template <typename Work>
std::int32_t guarded(engine_owned* owned_result, const Work& work) noexcept {
  try {
    work();
    return ENGINE_OK;
  } catch (...) {
    try {
      give_away(document(current_error()), owned_result);
    } catch (...) {
      if (owned_result != nullptr) *owned_result = {};
    }
    return ENGINE_FAILED;
  }
}

}  // namespace engine::sdk::detail
