#include "core/workflow/yaml_scan.h"

#include <algorithm>

#include "core/base/utf8.h"

namespace engine::workflow {
namespace {

bool is_control(char c) {
  const auto byte = static_cast<unsigned char>(c);
  return (byte < 0x20 && c != '\t' && c != '\n' && c != '\r') || byte == 0x7f;
}

// One pass over the lines of a file that may be broken.
class Scanner {
 public:
  Scanner(const std::string& file, Diagnostics& diagnostics)
      : file_(file), diagnostics_(diagnostics) {}

  void line(std::string_view text) {
    ++number_;
    const std::size_t indent = std::min(text.find_first_not_of(' '), text.size());
    if (block_ >= 0) {
      const bool blank = text.find_first_not_of(" \t") == std::string_view::npos;
      if (blank || static_cast<int>(indent) > block_) return;
      block_ = -1;
    }
    if (quote_ == 0 && indentation_has_tab(text)) return;
    content(text, indent);
  }

  int first() const { return first_; }

 private:
  bool indentation_has_tab(std::string_view text) {
    const std::size_t content = text.find_first_not_of(" \t");
    const std::size_t tab = text.find('\t');
    if (content == std::string_view::npos || tab >= content || text[content] == '#') return false;
    fault();
    diagnostics_.add({file_, number_, static_cast<int>(tab) + 1}, "tab_indentation",
                     "This line is indented with a tab. YAML allows spaces only: replace each tab "
                     "with two spaces.");
    return true;
  }

  void content(std::string_view text, std::size_t indent) {
    bool starts_value = true;  // whether a quote here would open a text
    for (std::size_t i = indent; i < text.size(); ++i) {
      const char c = text[i];
      if (quote_ != 0) {
        if ((c == '\\' && quote_ == '"') ||
            (c == '\'' && quote_ == c && text.substr(i, 2) == "''")) {
          ++i;
        } else if (c == quote_) {
          quote_ = 0;
        }
        continue;
      }
      if (c == '#' && (i == 0 || text[i - 1] == ' ' || text[i - 1] == '\t')) return;
      if ((c == '"' || c == '\'') && starts_value) {
        quote_ = c;
      } else if ((c == '|' || c == '>') && starts_value && opens_block(text, i)) {
        block_ = static_cast<int>(indent);
        return;
      } else if (text.substr(i, 2) == "{{") {
        fault();
        report_unquoted({file_, number_, static_cast<int>(i) + 1}, text, diagnostics_);
        return;
      }
      if (c != ' ' && c != '\t') {
        starts_value = c == ':' || c == '-' || c == ',' || c == '[' || c == '{' || c == '?';
      }
    }
  }

  static bool opens_block(std::string_view text, std::size_t at) {
    std::size_t i = at + 1;
    while (i < text.size() &&
           (text[i] == '+' || text[i] == '-' || (text[i] >= '1' && text[i] <= '9')))
      ++i;
    const std::size_t rest = text.find_first_not_of(" \t", i);
    return rest == std::string_view::npos || (rest > i && text[rest] == '#');
  }

  void fault() {
    if (first_ == 0) first_ = number_;
  }

  const std::string& file_;
  Diagnostics& diagnostics_;
  int number_ = 0;
  int first_ = 0;
  int block_ = -1;  // indentation of the line that opened a block text; -1 outside
  char quote_ = 0;
};

std::string_view take_line(std::string_view& text) {
  const std::size_t end = std::min(text.find('\n'), text.size());
  std::string_view line = text.substr(0, end);
  text.remove_prefix(std::min(end + 1, text.size()));
  if (!line.empty() && line.back() == '\r') line.remove_suffix(1);
  return line;
}

}  // namespace

bool check_bytes(std::string_view text, const std::string& file, Diagnostics& diagnostics) {
  int line = 1;
  std::size_t line_start = 0;
  for (std::size_t i = 0; i < text.size();) {
    const Position here{file, line, static_cast<int>(i - line_start) + 1};
    const std::size_t length = utf8_sequence(text.substr(i, 4));
    if (length == 0) {
      diagnostics.add(here, "bad_utf8",
                      "This is not UTF-8. Save the file with the encoding UTF-8.");
      return false;
    }
    if (is_control(text[i])) {
      diagnostics.add(here, "bad_character",
                      "The file holds a control character here, which YAML does not allow. Remove "
                      "it, or write it as \"\\u00XX\" inside of double quotes.");
      return false;
    }
    if (text[i] == '\n') {
      ++line;
      line_start = i + 1;
    }
    i += length;
  }
  return true;
}

int scan_for_causes(std::string_view text, const std::string& file, Diagnostics& diagnostics) {
  Scanner scanner(file, diagnostics);
  while (!text.empty() && !diagnostics.full()) scanner.line(take_line(text));
  return scanner.first();
}

void report_unquoted(const Position& position, std::string_view line, Diagnostics& diagnostics) {
  std::string example = "\"{{ … }}\"";
  const auto at = static_cast<std::size_t>(std::max(position.column, 1) - 1);
  const std::size_t end = line.find("}}", std::min(at, line.size()));
  constexpr std::size_t kLongest = 60;
  if (end != std::string_view::npos && end - at < kLongest) {
    const std::string_view segment = line.substr(at, end + 2 - at);
    const bool plain = segment.find('"') == std::string_view::npos;
    example = (plain ? "\"" : "'") + std::string(segment) + (plain ? "\"" : "'");
  }
  diagnostics.add(position, "unquoted_expression",
                  "An expression stands outside of quotes, where YAML reads '{' as the start of a "
                  "map. Put the whole value in quotes, for example " +
                      example + ".");
}

bool closes_quote(std::string_view text, const Position& position) {
  for (int i = 1; i < position.line && !text.empty(); ++i) take_line(text);
  text.remove_prefix(std::min(static_cast<std::size_t>(position.column - 1), text.size()));
  const std::size_t begin = text.find_first_of("\"'|>\n");  // behind an anchor or a tag
  if (begin == std::string_view::npos || (text[begin] != '"' && text[begin] != '\'')) return true;
  const char quote = text[begin];
  for (std::size_t i = begin + 1; i < text.size(); ++i) {
    if (quote == '"' && text[i] == '\\') {
      ++i;
    } else if (text[i] == quote) {
      if (quote == '"' || text.substr(i + 1, 1) != "'") return true;
      ++i;
    }
  }
  return false;
}

std::string_view line_of(std::string_view text, int number) {
  for (int i = 1; i < number && !text.empty(); ++i) take_line(text);
  return take_line(text);
}

}  // namespace engine::workflow
