// JavaScript that is built in; the texts are made by embed.cmake.
#pragma once

#include <array>
#include <string_view>

namespace engine::expression {

extern const std::string_view kPrelude;  // (host) => api

/// What is read when it is used first.
struct JavascriptPart {
  const char* name;
  std::string_view text;  ///< evaluates to the part
};
constexpr std::size_t kPartCount = 7;
extern const std::array<JavascriptPart, kPartCount> kParts;

}  // namespace engine::expression
