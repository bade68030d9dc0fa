#include "core/cli/output.h"

#include <algorithm>
#include <ostream>

#include "core/base/error.h"
#include "core/cli/report.h"
#include "core/value/json.h"

namespace engine::cli {
namespace {

constexpr std::size_t kWidestCell = 48;

void print_as_table(std::ostream& out, const Items& items) {
  std::vector<std::string> fields;
  for (const Item& item : items) {
    for (const auto& [key, value] : item.json.members()) {
      if (std::find(fields.begin(), fields.end(), key) == fields.end()) fields.emplace_back(key);
    }
  }
  std::vector<std::vector<std::string>> rows{fields};
  for (const Item& item : items) {
    std::vector<std::string> row;
    for (const std::string& field : fields) {
      row.push_back(shortened(to_text(item.json.view()[field]), kWidestCell));
    }
    rows.push_back(std::move(row));
  }
  print_table(out, rows);
}

Item item_of(const Value& json, const std::string& what) {
  if (!json.is_object()) {
    throw Error(
        ErrorCause::user, "bad_input",
        what + " must hold objects (a list of them, one, or one per line); this is of the kind '" +
            std::string(to_string(json.kind())) + "'.");
  }
  return {json, {}, {}};
}

}  // namespace

std::optional<OutputFormat> parse_output_format(const std::string& name) {
  if (name == "json") return OutputFormat::json;
  if (name == "pretty") return OutputFormat::pretty;
  if (name == "table") return OutputFormat::table;
  if (name == "none") return OutputFormat::none;
  return std::nullopt;
}

void print_items(std::ostream& out, const Items& items, OutputFormat format) {
  if (format == OutputFormat::none) return;
  if (format == OutputFormat::table) return print_as_table(out, items);
  if (items.empty()) {
    out << "[]\n";
    return;
  }
  std::string line;
  for (std::size_t i = 0; i < items.size(); ++i) {
    line = i == 0 ? "[" : " ";
    if (format == OutputFormat::pretty) {
      line = i == 0 ? "[\n" : "";
      line += print_json_pretty(items[i].json);
    } else {
      print_json(items[i].json, line);
    }
    line += i + 1 == items.size() ? (format == OutputFormat::pretty ? "\n]\n" : "]\n") : ",\n";
    out << line;
  }
}

Items parse_items(const std::string& text, const std::string& what) {
  Items items;
  Value document;
  try {
    document = parse_json(text, what);
  } catch (const Error&) {
    // Several documents, one per line, are not one document.
    const std::size_t first_end = std::min(text.find('\n'), text.size());
    if (text.find_first_not_of(" \t\r\n", first_end) == std::string::npos || text[0] != '{' ||
        text[text.find_last_not_of(" \t\r", first_end - 1)] != '}') {
      throw;
    }
    std::size_t number = 1;
    for (std::size_t begin = 0; begin < text.size(); ++number) {
      const std::size_t end = std::min(text.find('\n', begin), text.size());
      const std::string_view line(text.data() + begin, end - begin);
      if (line.find_first_not_of(" \t\r") != std::string_view::npos) {
        const std::string place = "line " + std::to_string(number) + " of " + what;
        items.push_back(item_of(parse_json(line, place), what));
      }
      begin = end + 1;
    }
    return items;
  }
  if (!document.is_array()) return {item_of(document, what)};
  for (const View element : document.elements()) {
    items.push_back(item_of(document.share(element), what));
  }
  return items;
}

}  // namespace engine::cli
