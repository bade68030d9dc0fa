#include "core/base/error.h"

#include <array>
#include <utility>

namespace engine {
namespace {

constexpr std::array<std::pair<ErrorCause, std::string_view>, 9> kCauses{{
    {ErrorCause::user, "user"},
    {ErrorCause::credential, "credential"},
    {ErrorCause::upstream, "upstream"},
    {ErrorCause::rate_limited, "rate_limited"},
    {ErrorCause::timeout, "timeout"},
    {ErrorCause::cancelled, "cancelled"},
    {ErrorCause::storage, "storage"},
    {ErrorCause::crashed, "crashed"},
    {ErrorCause::bug, "bug"},
}};

}  // namespace

std::string_view to_string(ErrorCause cause) {
  for (const auto& [value, name] : kCauses) {
    if (value == cause) return name;
  }
  return "bug";
}

ErrorCause parse_error_cause(std::string_view name) {
  for (const auto& [value, text] : kCauses) {
    if (text == name) return value;
  }
  throw Error(ErrorCause::bug, "unknown_cause", "Unknown error cause '" + std::string(name) + "'.");
}

std::string to_string(const Position& position) {
  if (!position.known()) return position.file;
  return position.file + ":" + std::to_string(position.line) + ":" +
         std::to_string(position.column);
}

Error::Error(ErrorCause cause, std::string code, const std::string& message)
    : std::runtime_error(message), cause_(cause), code_(std::move(code)) {}

std::string describe(const Error& error) {
  const ErrorWhere& where = error.where;
  std::string text = to_string(where.position);
  if (!text.empty()) text += ": ";
  std::string place;
  const auto add = [&place](const std::string& part) {
    if (!place.empty()) place += ", ";
    place += part;
  };
  if (!where.node.empty()) add("node '" + where.node + "'");
  // People count from 1, like the item numbers that a live run shows.
  if (where.item) add("item " + std::to_string(*where.item + 1));
  if (!where.parameter.empty()) add("parameter '" + where.parameter + "'");
  if (!place.empty()) text += place + ": ";
  return text + error.message();
}

}  // namespace engine
