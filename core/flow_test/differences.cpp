#include "core/flow_test/differences.h"

#include <algorithm>

#include "core/value/json.h"

namespace engine::flow_test {
namespace {

constexpr std::size_t kLongest = 160;
constexpr std::size_t kAround = 60;  // bytes of a long text, before and behind what differs

bool continues(char c) {
  return (static_cast<unsigned char>(c) & 0xc0U) == 0x80U;
}

// Bytes `from` to `to` of a text, not in the middle of a character, and with what was cut shown.
std::string part(std::string_view text, std::size_t from, std::size_t to) {
  to = std::min(to, text.size());
  while (from > 0 && from < text.size() && continues(text[from])) --from;
  while (to < text.size() && continues(text[to])) ++to;
  return (from > 0 ? "…" : "") + std::string(text.substr(from, to - from)) +
         (to < text.size() ? "…" : "");
}

std::string shown(View value) {
  if (value.missing()) return "";
  const std::string text = print_json(value);
  return text.size() <= kLongest ? text : part(text, 0, kLongest);
}

std::string_view line_at(std::string_view text, std::size_t begin) {
  return text.substr(begin, text.find('\n', begin) - begin);
}

bool is_long(View value) {
  return value.is_string() && (value.as_string().size() > kLongest ||
                               value.as_string().find('\n') != std::string_view::npos);
}

// Two texts of which one is long: the line in which they differ.
Difference text_difference(const Position& position, const std::string& what,
                           std::string_view expected, std::string_view given) {
  const auto [end, unused] =
      std::mismatch(expected.begin(), expected.end(), given.begin(), given.end());
  const auto at = static_cast<std::size_t>(end - expected.begin());
  const std::size_t before = at == 0 ? std::string_view::npos : expected.rfind('\n', at - 1);
  const std::size_t line = before == std::string_view::npos ? 0 : before + 1;
  const std::size_t from = at - line > kAround ? at - line - kAround : 0;
  const auto cut = [&](std::string_view text) {
    if (line > text.size()) return std::string();
    const std::string_view own = line_at(text, line);
    return print_json(Value(part(own, std::min(from, own.size()), at - line + kAround)));
  };
  const auto number =
      std::count(expected.begin(), expected.begin() + static_cast<long>(line), '\n');
  Difference result{position, "different", what, cut(expected), cut(given), ""};
  // Texts that differ in their ends only have nothing to show in that line.
  if (result.expected == result.given) {
    result.expected = std::to_string(expected.size()) + " bytes";
    result.given = std::to_string(given.size()) + " bytes";
  }
  const std::string place = number > 0 || expected.find('\n') != std::string_view::npos
                                ? what + ", line " + std::to_string(number + 1)
                                : what;
  result.message = place + ": expected " + result.expected + ", got " + result.given + ".";
  return result;
}

std::string member_of(const std::string& what, const std::string& key) {
  const bool plain = !key.empty() && std::all_of(key.begin(), key.end(), [](unsigned char c) {
    return std::isalnum(c) != 0 || c == '_' || c == '-';
  });
  if (!plain) return what + "[" + print_json(Value(key)) + "]";
  return what + (what.empty() || what.back() == ' ' ? "" : ".") + key;
}

class Comparison {
 public:
  Comparison(const std::string& file, std::vector<Difference>& differences)
      : file_(file), differences_(differences) {}

  // NOLINTNEXTLINE(misc-no-recursion): as deep as the file
  void values(const Located& expected, View given, const std::string& what) {
    if (found_ >= kMostDifferences) return;
    if (expected.kind == Kind::object && given.is_object()) return objects(expected, given, what);
    if (expected.kind == Kind::array && given.is_array()) return lists(expected, given, what);
    const Value value = to_value(expected);
    if (value.view() == given) return;
    add(difference(expected.position(file_), what, value, given));
  }

 private:
  void add(Difference difference) {
    ++found_;
    differences_.push_back(std::move(difference));
  }

  // NOLINTNEXTLINE(misc-no-recursion)
  void objects(const Located& expected, View given, const std::string& what) {
    for (const LocatedMember& member : expected.members) {
      const View value = given[std::string_view(member.key)];
      if (!value.missing()) {
        values(member.value, value, member_of(what, member.key));
      } else if (found_ < kMostDifferences) {
        add(difference(member.position(file_), member_of(what, member.key), to_value(member.value),
                       {}));
      }
    }
    for (const auto& [key, value] : given.members()) {
      if (expected.find(key) != nullptr || found_ >= kMostDifferences) continue;
      add(difference(expected.position(file_), member_of(what, std::string(key)), {}, value));
    }
  }

  // NOLINTNEXTLINE(misc-no-recursion)
  void lists(const Located& expected, View given, const std::string& what) {
    if (expected.elements.size() != given.size()) {
      const std::string wanted = std::to_string(expected.elements.size());
      const std::string got = std::to_string(given.size());
      std::string place = what;
      while (place.ends_with(' ') || place.ends_with(',')) place.pop_back();
      add({expected.position(file_), "different", place, wanted + " elements", got + " elements",
           place + ": expected " + wanted + (wanted == "1" ? " element" : " elements") + ", got " +
               got + "."});
    }
    const std::size_t both = std::min(expected.elements.size(), given.size());
    for (std::size_t i = 0; i < both; ++i) {
      values(expected.elements[i], given[i], what + "[" + std::to_string(i) + "]");
    }
    if (given.size() > both && found_ < kMostDifferences) {
      add(difference(expected.position(file_), what + "[" + std::to_string(both) + "]", {},
                     given[both]));
    }
  }

  const std::string& file_;
  std::vector<Difference>& differences_;
  std::size_t found_ = 0;
};

}  // namespace

void compare(const Located& expected, View given, const std::string& what, const std::string& file,
             std::vector<Difference>& differences) {
  Comparison(file, differences).values(expected, given, what);
}

Difference difference(const Position& position, const std::string& what, View expected,
                      View given) {
  if (expected.is_string() && given.is_string() && (is_long(expected) || is_long(given))) {
    return text_difference(position, what, expected.as_string(), given.as_string());
  }
  Difference result{position, "different", what, shown(expected), shown(given), ""};
  if (expected.missing()) {
    result.message = what + ": not expected, got " + result.given + ".";
  } else if (given.missing()) {
    result.message = what + ": expected " + result.expected + ", got nothing.";
  } else {
    result.message = what + ": expected " + result.expected + ", got " + result.given + ".";
  }
  return result;
}

Difference statement(const Position& position, std::string code, std::string message) {
  return {position, std::move(code), "", "", "", std::move(message)};
}

}  // namespace engine::flow_test
