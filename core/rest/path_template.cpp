#include "core/rest/path_template.h"

#include <algorithm>

#include "core/base/error.h"
#include "core/http/message.h"
#include "core/value/json.h"

namespace engine::rest {
namespace {

Error refusal(std::string_view name, const std::string& why) {
  Error error(ErrorCause::user, "bad_path_parameter",
              "Parameter '" + std::string(name) + "' becomes a part of the address and " + why);
  error.where.parameter = std::string(name);
  return error;
}

[[noreturn]] void refuse(std::string_view name, const std::string& why) {
  throw refusal(name, why);
}

std::string segment_text(std::string_view name, const Value& value) {
  if (!value.given() || value.is_array() || value.is_object()) {
    refuse(name, "must be a text or a number.");
  }
  std::string text = to_text(value);
  if (text.empty()) refuse(name, "must not be empty.");
  if (text == "." || text == "..") refuse(name, "must not be '" + text + "'.");
  if (std::any_of(text.begin(), text.end(),
                  [](char c) { return static_cast<unsigned char>(c) < 0x20 || c == 0x7f; })) {
    refuse(name, "must not hold control characters.");
  }
  return text;
}

std::string path_text(std::string_view name, const Value& value) {
  std::string text = segment_text(name, value);
  if (text.find_first_of("?#\\") != std::string::npos) {
    refuse(name, "must be a path only: a query goes where queries go.");
  }
  if (text.front() == '/') text.erase(0, 1);
  std::string result;
  std::size_t at = 0;
  while (at <= text.size()) {
    const std::size_t slash = std::min(text.find('/', at), text.size());
    // Decoded first, so that parts that come encoded are not encoded twice.
    const Value part(http::percent_decode(std::string_view(text).substr(at, slash - at)));
    if (!result.empty()) result += '/';
    result += http::percent_encode(segment_text(name, part));
    at = slash + 1;
  }
  return result;
}

// Calls `plain` for text between names and `named` for the names.
template <typename Plain, typename Named>
void each_piece(std::string_view text, Plain plain, Named named) {
  while (!text.empty()) {
    const std::size_t open = text.find('{');
    const std::size_t close = open == std::string_view::npos ? open : text.find('}', open);
    if (close == std::string_view::npos) {
      plain(text);
      return;
    }
    plain(text.substr(0, open));
    named(text.substr(open + 1, close - open - 1));
    text.remove_prefix(close + 1);
  }
}

Value fill_text(const Value& value, const ValueOf& value_of) {
  const std::string_view text = value.as_string();
  if (text.find('{') == std::string_view::npos) return value;
  std::string joined;
  Value whole;
  each_piece(
      text, [&](std::string_view part) { joined += part; },
      [&](std::string_view name) {
        const Value found = value_of(name);
        if (name.size() + 2 == text.size()) whole = found.missing() ? Value(nullptr) : found;
        joined += to_text(found);
      });
  return whole.missing() ? Value(joined) : whole;
}

bool is_name(std::string_view text) {
  return !text.empty() && std::all_of(text.begin(), text.end(), [](char c) {
    return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9') || c == '_' ||
           c == '-' || c == '.';
  });
}

// Braces around anything but a known name are text: bodies may hold GraphQL or JSON.
Value fill_given_text(const Value& value, const FindValue& find) {
  const std::string_view text = value.as_string();
  std::string joined;
  std::size_t at = 0;
  for (std::size_t open = text.find('{'); open != std::string_view::npos;
       open = text.find('{', open + 1)) {
    const std::size_t close = text.find('}', open);
    if (close == std::string_view::npos) break;
    const std::string_view name = text.substr(open + 1, close - open - 1);
    const auto found = is_name(name) ? find(name) : std::nullopt;
    if (!found) continue;
    if (name.size() + 2 == text.size()) return *found;
    joined += text.substr(at, open - at);
    joined += to_text(*found);
    at = close + 1;
  }
  if (at == 0) return value;
  return Value(joined + std::string(text.substr(at)));
}

}  // namespace

std::optional<std::string> single_name(const Value& value) {
  const std::string_view text = value.as_string();
  if (text.size() < 3 || text.front() != '{' || text.back() != '}') return std::nullopt;
  const std::string_view name = text.substr(1, text.size() - 2);
  return is_name(name) ? std::optional<std::string>(name) : std::nullopt;
}

std::vector<std::string> template_names(std::string_view text) {
  std::vector<std::string> names;
  each_piece(
      text, [](std::string_view) {},
      [&](std::string_view name) {
        if (!name.empty() && name.front() == '+') name.remove_prefix(1);
        names.emplace_back(name);
      });
  return names;
}

std::string fill_path(std::string_view path, const ValueOf& value_of) {
  std::string result;
  each_piece(
      path, [&](std::string_view part) { result += part; },
      [&](std::string_view name) {
        if (name.front() == '+') {
          result += path_text(name.substr(1), value_of(name.substr(1)));
        } else {
          result += http::percent_encode(segment_text(name, value_of(name)));
        }
      });
  return result;
}

Value fill_given(const Value& value, const FindValue& find) {
  if (value.is_string()) return fill_given_text(value, find);
  if (!value.is_array() && !value.is_object()) return value;
  ValueBuilder builder;
  const auto add = [&](View part, const auto& before) {
    const Value filled = fill_given(value.share(part), find);
    if (filled.missing()) return;
    before();
    builder.value(filled);
  };
  if (value.is_array()) {
    builder.begin_array();
    for (const View part : value.elements()) add(part, [] {});
    builder.end_array();
  } else {
    builder.begin_object();
    for (const auto& member : value.members()) {
      add(member.second, [&] { builder.key(member.first); });
    }
    builder.end_object();
  }
  return builder.finish();
}

Value fill_values(const Value& value, const ValueOf& value_of) {
  if (value.is_string()) return fill_text(value, value_of);
  if (!value.is_array() && !value.is_object()) return value;
  ValueBuilder builder;
  if (value.is_array()) {
    builder.begin_array();
    for (const View part : value.elements()) {
      builder.value(fill_values(value.share(part), value_of));
    }
    builder.end_array();
  } else {
    builder.begin_object();
    for (const auto& [key, part] : value.members()) {
      builder.key(key);
      builder.value(fill_values(value.share(part), value_of));
    }
    builder.end_object();
  }
  return builder.finish();
}

std::string fill_as_text(const std::string& text, const Value& fields) {
  return to_text(fill_values(Value(text), [&](std::string_view name) { return fields[name]; }));
}

}  // namespace engine::rest
