#include "nodes/write_file/record_writer.h"

#include <array>
#include <fstream>
#include <unordered_set>

#include "core/value/json.h"

namespace engine::nodes {

void write_json(const Items& items, const Places& places, const Cancellation& cancellation,
                FileTarget& out) {
  std::string& buffer = out.buffer();
  buffer += '[';
  const char* separator = "\n";
  for (const std::size_t place : places) {
    cancellation.check();
    buffer += separator;
    print_json(items[place].json, buffer);
    separator = ",\n";
    out.flush_if_large();
  }
  buffer += places.empty() ? "]\n" : "\n]\n";
}

void write_ndjson(const Items& items, const Places& places, const Cancellation& cancellation,
                  FileTarget& out) {
  std::string& buffer = out.buffer();
  for (const std::size_t place : places) {
    cancellation.check();
    print_json(items[place].json, buffer);
    buffer += '\n';
    out.flush_if_large();
  }
}

void write_csv(const Items& items, const Places& places, const CsvTable& table,
               const Cancellation& cancellation, FileTarget& out) {
  std::string& buffer = out.buffer();
  std::string text;
  const auto write_row = [&](const auto& field_of) {
    const std::size_t begin = buffer.size();
    for (std::size_t i = 0; i < table.columns.size(); ++i) {
      if (i > 0) buffer += table.dialect.delimiter;
      append_csv_field(field_of(table.columns[i]), table.dialect, buffer);
    }
    // A line without anything is no row to those who read it.
    if (buffer.size() == begin && table.columns.size() == 1) buffer.append(2, table.dialect.quote);
    buffer += "\r\n";
    out.flush_if_large();
  };
  if (table.header) write_row([](const std::string& name) { return std::string_view(name); });
  for (const std::size_t place : places) {
    cancellation.check();
    const View json = items[place].json;
    write_row([&](const std::string& name) {
      const View value = json[std::string_view(name)];
      if (value.is_string()) return value.as_string();
      text = to_text(value);
      return std::string_view(text);
    });
  }
}

std::vector<std::string> columns_of(const Items& items, const Places& places) {
  std::vector<std::string> columns;
  std::unordered_set<std::string> known;
  for (const std::size_t place : places) {
    std::size_t at = 0;
    for (const auto& [name, value] : items[place].json.members()) {
      // Items mostly have the same fields in the same order.
      if (at < columns.size() && columns[at] == name) {
        ++at;
      } else if (known.insert(std::string(name)).second) {
        columns.emplace_back(name);
        at = columns.size();
      }
    }
  }
  return columns;
}

std::vector<std::string> read_header(const std::filesystem::path& path, const CsvDialect& dialect) {
  std::vector<std::string> header;
  bool found = false;
  CsvParser parser(dialect, [&](const CsvParser::Row& row, std::size_t) {
    if (!found) header.assign(row.begin(), row.end());
    found = true;
  });
  std::ifstream file(path, std::ios::binary);
  std::array<char, 4096> buffer{};
  constexpr std::string_view kMark = "\xEF\xBB\xBF";
  bool first = true;
  while (!found && (file.read(buffer.data(), buffer.size()) || file.gcount() > 0)) {
    std::string_view piece(buffer.data(), static_cast<std::size_t>(file.gcount()));
    if (first && piece.substr(0, kMark.size()) == kMark) piece.remove_prefix(kMark.size());
    first = false;
    // A row beyond the first may be cut off in the middle; only the first counts.
    for (const char c : piece) {
      if (!found) parser.feed({&c, 1});
    }
  }
  if (!found) parser.finish();
  return header;
}

}  // namespace engine::nodes
