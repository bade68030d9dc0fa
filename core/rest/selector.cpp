#include "core/rest/selector.h"

namespace engine::rest {
namespace {

void open(const Value& value, std::vector<Value>& out) {
  if (!value.given()) return;
  if (!value.is_array()) {
    out.push_back(value);
    return;
  }
  out.reserve(out.size() + value.size());
  for (const View element : value.elements()) {
    if (element.given()) out.push_back(value.share(element));
  }
}

}  // namespace

std::optional<Selector> parse_selector(std::string_view text) {
  Selector selector;
  if (text == ".") return selector;
  while (true) {
    const auto mark = text.find("[]");
    const auto path = parse_path(text.substr(0, mark));
    if (!path || path->empty()) return std::nullopt;
    selector.steps.push_back(*path);
    if (mark == std::string_view::npos) return selector;
    text.remove_prefix(mark + 2);
    if (text.empty()) return selector;
    if (text.front() != '.') return std::nullopt;
    text.remove_prefix(1);
  }
}

std::vector<Value> select(const Value& value, const Selector& selector) {
  std::vector<Value> found;
  open(value, found);
  for (const Path& step : selector.steps) {
    std::vector<Value> next;
    for (const Value& part : found) open(part.share(at_path(part, step)), next);
    found = std::move(next);
  }
  return found;
}

}  // namespace engine::rest
