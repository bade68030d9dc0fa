#include "core/flow_test/value_range.h"

#include <algorithm>

namespace engine::flow_test {
namespace {

bool is_blank(char c) {
  return c == ' ' || c == '\t';
}

/// Moves over a text that is known to be good YAML.
class Cursor {
 public:
  Cursor(std::string_view text, std::size_t at) : text_(text), at_(at) {}

  std::size_t at() const { return at_; }
  bool done() const { return at_ >= text_.size(); }
  char here() const { return done() ? '\n' : text_[at_]; }
  void skip(std::size_t count = 1) { at_ = std::min(at_ + count, text_.size()); }
  void skip_blanks() {
    while (!done() && is_blank(here())) skip();
  }
  void skip_line() {
    while (!done() && here() != '\n') skip();
  }

  // A comment begins after a blank, or a line.
  bool at_comment() const {
    return here() == '#' && (at_ == 0 || is_blank(text_[at_ - 1]) || text_[at_ - 1] == '\n');
  }

  // Between brackets: to the next value or mark, over lines and comments.
  void skip_space() {
    while (!done()) {
      if (is_blank(here()) || here() == '\n' || here() == '\r') {
        skip();
      } else if (at_comment()) {
        skip_line();
      } else {
        return;
      }
    }
  }

  void skip_quoted() {
    const char quote = here();
    for (skip(); !done(); skip()) {
      if (here() == '\\' && quote == '"') {
        skip();
      } else if (here() == quote) {
        skip();
        if (quote == '"' || here() != '\'') return;
      }
    }
  }

  // From an opening bracket to behind its end. Brackets in plain texts cannot stand there.
  void skip_brackets() {
    std::size_t depth = 0;
    bool begins = true;  // a quote here opens a text
    while (!done()) {
      const char c = here();
      if ((c == '"' || c == '\'') && begins) {
        skip_quoted();
        begins = false;
        continue;
      }
      if (at_comment()) {
        skip_line();
        continue;
      }
      if (c == '[' || c == '{') ++depth;
      if (c == ']' || c == '}') --depth;
      skip();
      if (depth == 0) return;
      if (!is_blank(c) && c != '\n' && c != '\r') {
        begins = c == '[' || c == '{' || c == ',' || c == ':' || c == ']' || c == '}';
      }
    }
  }

  // A plain text on this line; `marks` end it as well.
  void skip_plain(std::string_view marks) {
    while (!done() && here() != '\n' && !at_comment() &&
           marks.find(here()) == std::string_view::npos) {
      skip();
    }
    while (at_ > 0 && (is_blank(text_[at_ - 1]) || text_[at_ - 1] == '\r')) --at_;
  }

 private:
  std::string_view text_;
  std::size_t at_;
};

std::size_t line_begin(std::string_view text, std::size_t at) {
  const std::size_t before = at == 0 ? std::string_view::npos : text.rfind('\n', at - 1);
  return before == std::string_view::npos ? 0 : before + 1;
}

// Behind the last line below `begin` that is deeper than `indent`: lines of a block. A list may
// stand as deep as its key.
std::size_t end_of_lines(std::string_view text, std::size_t begin, std::size_t indent, bool list,
                         bool keeps_comments) {
  std::size_t end = begin;
  std::size_t line = begin;
  while (line < text.size()) {
    const std::size_t next = std::min(text.find('\n', line), text.size());
    const std::string_view whole = text.substr(line, next - line);
    const std::size_t depth = whole.find_first_not_of(" \t\r");
    const bool empty = depth == std::string_view::npos;
    const bool comment = !empty && whole[depth] == '#' && !keeps_comments;
    if (!empty && !comment) {
      const bool dash = list && depth == indent && whole.substr(depth).starts_with("-");
      if (depth <= indent && !dash) break;
      end = next;
      while (end > line && (text[end - 1] == ' ' || text[end - 1] == '\r')) --end;
    }
    line = next + 1;
  }
  return end;
}

std::size_t behind_key(std::string_view text, std::size_t key) {
  Cursor cursor(text, key);
  if (cursor.here() == '"' || cursor.here() == '\'') {
    cursor.skip_quoted();
  }
  while (!cursor.done()) {
    const bool colon = cursor.here() == ':';
    cursor.skip();
    if (colon && (cursor.done() || is_blank(cursor.here()) || cursor.here() == '\n' ||
                  cursor.here() == '\r' || cursor.here() == ',' || cursor.here() == '}' ||
                  cursor.here() == '[' || cursor.here() == '{' || cursor.here() == '"' ||
                  cursor.here() == '\'')) {
      break;
    }
  }
  return cursor.at();
}

}  // namespace

std::size_t offset_of(std::string_view text, int line, int column) {
  std::size_t at = 0;
  for (int i = 1; i < line; ++i) {
    const std::size_t feed = text.find('\n', at);
    if (feed == std::string_view::npos) return text.size();
    at = feed + 1;
  }
  return std::min(at + static_cast<std::size_t>(std::max(column, 1) - 1), text.size());
}

bool between_brackets(std::string_view text, const Located& value) {
  if (value.kind != Kind::array && value.kind != Kind::object) return false;
  Cursor cursor(text, offset_of(text, value.line, value.column));
  while (cursor.here() == '&' || cursor.here() == '!') {  // an anchor, a tag
    while (!cursor.done() && !is_blank(cursor.here()) && cursor.here() != '\n') cursor.skip();
    cursor.skip_space();
  }
  return cursor.here() == '[' || cursor.here() == '{';
}

std::size_t end_of_block(std::string_view text, int line, int column) {
  const std::size_t at = offset_of(text, line, column);
  const auto depth = static_cast<std::size_t>(column - 1);
  const std::size_t first_end = std::min(text.find('\n', at), text.size());
  if (depth == 0 || first_end == text.size()) return first_end;
  const std::size_t next = first_end + 1;
  const std::size_t rest = end_of_lines(text, next, depth - 1, false, false);
  return rest > next ? rest : first_end;
}

ValueRange find_value(std::string_view text, const LocatedMember& member, bool flow) {
  ValueRange range;
  const std::size_t key = offset_of(text, member.line, member.column);
  range.indent = key - line_begin(text, key);
  range.colon = behind_key(text, key);
  Cursor cursor(text, range.colon);
  if (flow) {
    cursor.skip_space();
  } else {
    cursor.skip_blanks();
  }
  range.begin = cursor.at();
  const char first = cursor.here();
  const bool below = !flow && (first == '\n' || first == '\r' || cursor.at_comment());
  if (member.value.kind == Kind::null && (below || first == ',' || first == '}')) {
    range.begin = range.end = range.colon;
    return range;
  }
  const bool list = member.value.kind == Kind::array && !between_brackets(text, member.value);
  if (below) {
    const std::size_t line = offset_of(text, member.value.line, 1);
    range.begin = line;
    range.end = end_of_lines(text, line, range.indent, list, false);
    return range;
  }
  if (first == '[' || first == '{') {
    cursor.skip_brackets();
  } else if (first == '"' || first == '\'') {
    cursor.skip_quoted();
  } else if (flow) {
    cursor.skip_plain(",]}");
  } else {
    const bool block = first == '|' || first == '>';
    cursor.skip_plain("");
    const std::size_t next = std::min(text.find('\n', cursor.at()), text.size() - 1) + 1;
    const std::size_t rest = end_of_lines(text, next, range.indent, list, block);
    range.end = rest > next ? rest : cursor.at();
    return range;
  }
  range.end = cursor.at();
  return range;
}

}  // namespace engine::flow_test
