#include "core/plugin/openapi/document.h"

#include <algorithm>

#include "core/http/message.h"
#include "core/value/number.h"

namespace engine::plugin::openapi {
namespace {

std::string unescaped(std::string_view step) {
  std::string text = http::percent_decode(step);
  for (const auto& [from, to] : {std::pair("~1", "/"), std::pair("~0", "~")}) {
    for (std::size_t at = text.find(from); at != std::string::npos; at = text.find(from, at + 1)) {
      text.replace(at, 2, to);
    }
  }
  return text;
}

}  // namespace

void Notes::add(const std::string& sentence) {
  if (!known_.insert(sentence.substr(0, 500)).second) return;
  if (lines_.size() < kMost) {
    lines_.push_back(sentence.substr(0, 500));
  } else {
    ++dropped_;
    known_.erase(sentence.substr(0, 500));
  }
}

std::vector<std::string> Notes::lines() const {
  std::vector<std::string> lines = lines_;
  for (const auto& [keyword, count] : keywords_) {
    lines.push_back("Only the service checks '" + keyword + "' (" + std::to_string(count) +
                    (count == 1 ? " place)." : " places)."));
  }
  if (dropped_ > 0) lines.push_back("And " + std::to_string(dropped_) + " more of the same kind.");
  return lines;
}

void Members::set(std::string key, Value value) {
  if (value.missing()) return;
  for (auto& member : members_) {
    if (member.first != key) continue;
    member.second = std::move(value);
    return;
  }
  members_.emplace_back(std::move(key), std::move(value));
}

bool Members::has(std::string_view key) const {
  return std::any_of(members_.begin(), members_.end(),
                     [&](const auto& member) { return member.first == key; });
}

Value Members::value() const {
  ValueBuilder builder;
  builder.begin_object();
  for (const auto& [key, value] : members_) {
    builder.key(key);
    builder.value(value);
  }
  builder.end_object();
  return builder.finish();
}

Value Document::pointed(std::string_view pointer) const {
  Value at = root_;
  while (!pointer.empty() && at.given()) {
    pointer.remove_prefix(1);  // the slash
    const std::size_t slash = std::min(pointer.find('/'), pointer.size());
    const std::string step = unescaped(pointer.substr(0, slash));
    pointer.remove_prefix(slash);
    const auto index = at.is_array() ? parse_integer(step) : std::nullopt;
    at = index && *index >= 0 ? at[static_cast<std::size_t>(*index)] : at[step];
  }
  return at;
}

Value Document::resolve(Value node) const {
  for (int steps = 0; steps < 20; ++steps) {
    const Value reference = node["$ref"];
    if (!reference.is_string()) return node;
    const std::string target(reference.as_string());
    if (target.rfind("#/", 0) != 0) {
      notes_.add("'" + target + "' is outside of the document and was not read.");
      return {};
    }
    node = pointed(std::string_view(target).substr(1));
    if (node.missing()) {
      notes_.add("'" + target + "' is not in the document.");
      return {};
    }
  }
  notes_.add("References lead in a circle at '" + std::string(node["$ref"].as_string()) + "'.");
  return {};
}

std::string text_of(const Value& node, const char* member, std::size_t most) {
  std::string text(node[member].as_string());
  std::erase(text, '\r');
  const std::size_t first = text.find_first_not_of(" \n\t");
  if (first == std::string::npos) return "";
  text = text.substr(first, text.find_last_not_of(" \n\t") - first + 1);
  if (text.size() <= most) return text;
  // Not inside of a character of several bytes.
  std::size_t end = most;
  while (end > 0 && (static_cast<unsigned char>(text[end]) & 0xC0U) == 0x80U) --end;
  return text.substr(0, end) + "…";
}

}  // namespace engine::plugin::openapi
