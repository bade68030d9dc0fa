#include "core/http/form.h"

#include "core/http/message.h"

namespace engine::http {
namespace {

// The text before the first `mark`, which is taken off with it.
std::string_view take_until(std::string_view& text, char mark) {
  const std::size_t at = text.find(mark);
  const std::string_view taken = text.substr(0, at);
  text = at == std::string_view::npos ? std::string_view() : text.substr(at + 1);
  return taken;
}

}  // namespace

std::vector<std::pair<std::string, std::string>> parse_form(std::string_view body) {
  std::vector<std::pair<std::string, std::string>> pairs;
  while (!body.empty()) {
    std::string_view value = take_until(body, '&');
    if (value.empty()) continue;
    const std::string_view name = take_until(value, '=');
    pairs.emplace_back(percent_decode(name, true), percent_decode(value, true));
  }
  return pairs;
}

}  // namespace engine::http
