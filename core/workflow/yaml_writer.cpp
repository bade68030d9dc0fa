#include "core/workflow/yaml_writer.h"

#include <algorithm>

#include "core/value/json.h"

namespace engine::workflow {
namespace {

bool is_word(std::string_view text) {
  for (const std::string_view word :
       {"null", "true", "false", "yes", "no", "on", "off", "y", "n"}) {
    if (std::equal(text.begin(), text.end(), word.begin(), word.end(),
                   [](char a, char b) { return (a >= 'A' && a <= 'Z' ? a + 32 : a) == b; })) {
      return true;
    }
  }
  return false;
}

// Nothing that YAML could take for anything but this text, in a block or between brackets.
bool is_plain(std::string_view text) {
  const auto letter = [](char c) { return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z'); };
  if (text.empty() || !letter(text.front()) || text.back() == ' ' || is_word(text)) return false;
  return std::all_of(text.begin(), text.end(), [&](char c) {
    return letter(c) || (c >= '0' && c <= '9') ||
           std::string_view(" _-./()*;+").find(c) != std::string_view::npos;
  });
}

bool is_block(std::string_view text) {
  if (text.find('\n') == std::string_view::npos || text.front() == ' ' || text.front() == '\n') {
    return false;
  }
  char before = '\n';
  for (const char c : text) {
    const auto byte = static_cast<unsigned char>(c);
    if ((byte < 0x20 && c != '\n') || byte == 0x7f) return false;
    if (c == '\n' && (before == ' ')) return false;
    before = c;
  }
  return before != ' ' && !text.ends_with("\n\n") &&
         text.find("\xc2\x85") == std::string_view::npos &&
         text.find("\xe2\x80\xa8") == std::string_view::npos &&
         text.find("\xe2\x80\xa9") == std::string_view::npos &&
         text.find("\xef\xbb\xbf") == std::string_view::npos;
}

std::string quoted(std::string_view key) {
  return print_json(Value(key));
}

std::string scalar(View value) {
  if (value.is_string() && is_plain(value.as_string())) return std::string(value.as_string());
  return print_json(value);
}

std::string key_text(std::string_view key) {
  return is_plain(key) ? std::string(key) : quoted(key);
}

// NOLINTNEXTLINE(misc-no-recursion): as deep as the value
void write_flow(View value, std::string& text) {
  if (value.size() == 0 || !(value.is_array() || value.is_object())) {
    text += scalar(value);
    return;
  }
  const bool map = value.is_object();
  text += map ? "{ " : "[";
  bool first = true;
  for (const auto& [key, member] : value.members()) {
    text += (first ? "" : ", ") + key_text(key) + ": ";
    write_flow(member, text);
    first = false;
  }
  for (const View element : value.elements()) {
    if (!first) text += ", ";
    write_flow(element, text);
    first = false;
  }
  text += map ? " }" : "]";
}

class Writer {
 public:
  std::string text;

  void write(View value, std::size_t indent) {
    if (value.is_object() && value.size() > 0) {
      write_map(value, indent);
    } else if (value.is_array() && value.size() > 0) {
      write_list(value, indent);
    } else {
      text.append(indent, ' ');
      text += scalar(value) + "\n";
    }
  }

 private:
  static bool is_short_list(View value) {
    std::size_t width = 0;
    for (const View element : value.elements()) {
      if (element.is_array() || element.is_object()) return false;
      width += scalar(element).size() + 2;
    }
    return value.is_array() && width < 100;
  }

  void write_map(View value, std::size_t indent) {
    for (const auto& member : value.members()) {
      text.append(indent, ' ');
      text += key_text(member.first) + ':';
      write_part(member.second, indent + 2);
    }
  }

  void write_list(View value, std::size_t indent) {
    for (const View element : value.elements()) {
      const std::size_t begin = text.size();
      if (element.size() > 0 && !is_short_list(element)) {
        // Its first line begins beside the dash.
        write(element, indent + 2);
        text[begin + indent] = '-';
      } else {
        text.append(indent, ' ');
        text += '-';
        write_part(element, indent + 2);
      }
    }
  }

  void write_part(View value, std::size_t indent) {
    if (value.size() > 0 && !is_short_list(value)) {
      text += '\n';
      write(value, indent);
    } else if (value.is_array() && value.size() > 0) {
      write_short(value);
    } else if (value.is_string() && is_block(value.as_string())) {
      write_block(value.as_string(), indent);
    } else {
      text += " " + scalar(value) + "\n";
    }
  }

  void write_short(View value) {
    std::string line;
    for (const View element : value.elements())
      line += (line.empty() ? "" : ", ") + scalar(element);
    text += " [" + line + "]\n";
  }

  void write_block(std::string_view block, std::size_t indent) {
    const bool ends = block.ends_with('\n');
    text += ends ? " |\n" : " |-\n";
    while (!block.empty()) {
      const std::size_t end = std::min(block.find('\n'), block.size());
      if (end > 0) text.append(indent, ' ');
      text += block.substr(0, end);
      text += '\n';
      block.remove_prefix(std::min(end + 1, block.size()));
    }
  }
};

}  // namespace

std::string to_yaml(View value, std::size_t indent) {
  Writer writer;
  writer.write(value, indent);
  return std::move(writer.text);
}

std::string to_flow_yaml(View value) {
  std::string text;
  write_flow(value, text);
  return text;
}

}  // namespace engine::workflow
