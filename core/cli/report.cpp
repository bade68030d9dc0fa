#include "core/cli/report.h"

#include <CLI/App.hpp>
#include <algorithm>
#include <fstream>
#include <iostream>

#include "core/base/nearest.h"

namespace engine::cli {
namespace {

constexpr const char* kRed = "\033[31m";
constexpr const char* kBold = "\033[1m";
constexpr const char* kPlain = "\033[0m";

// Line `number` (from 1) of a file; empty when it cannot be read.
std::string line_of(const std::string& file, int number) {
  std::ifstream stream(file);
  std::string line;
  for (int i = 0; i < number; ++i) {
    if (!std::getline(stream, line)) return {};
  }
  return line;
}

void print_place(const Position& position) {
  constexpr std::size_t kLongestLine = 160;
  std::string line = line_of(position.file, position.line);
  const auto column = static_cast<std::size_t>(std::max(1, position.column));
  if (line.empty() || line.size() > kLongestLine || column > line.size() + 1) return;
  std::string under(column - 1, ' ');
  for (std::size_t i = 0; i + 1 < column; ++i) {
    if (line[i] == '\t') under[i] = '\t';
  }
  // Not every file is text, and a terminal obeys control characters.
  for (char& c : line) {
    if ((static_cast<unsigned char>(c) < 0x20 && c != '\t') || c == 0x7f) c = '?';
  }
  std::cerr << "    " << line << "\n    " << under << "^\n";
}

}  // namespace

void print_error(const Error& error, bool colours) {
  std::cout.flush();
  std::cerr << (colours ? kRed : "") << "error:" << (colours ? kPlain : "") << ' '
            << describe(error) << '\n';
}

void print_diagnostics(const std::vector<Diagnostic>& diagnostics, bool colours) {
  std::cout.flush();
  for (const Diagnostic& diagnostic : diagnostics) {
    std::cerr << (colours ? kBold : "") << to_string(diagnostic.position) << (colours ? kPlain : "")
              << ": " << diagnostic.message << '\n';
    if (diagnostic.position.known()) print_place(diagnostic.position);
  }
  std::cerr << diagnostics.size() << (diagnostics.size() == 1 ? " fault\n" : " faults\n");
}

std::size_t text_width(std::string_view text) {
  return static_cast<std::size_t>(std::count_if(text.begin(), text.end(), [](char c) {
    return (static_cast<unsigned char>(c) & 0xc0U) != 0x80U;
  }));
}

std::string shortened(std::string_view text, std::size_t width) {
  const bool cut = text_width(text) > width;
  std::string result;
  std::size_t points = 0;
  for (const char c : text) {
    const bool begins = (static_cast<unsigned char>(c) & 0xc0U) != 0x80U;
    if (cut && begins && points + 1 >= width) break;
    if (begins) ++points;
    result += static_cast<unsigned char>(c) < 0x20 || c == 0x7f ? ' ' : c;
  }
  return cut ? result + "…" : result;
}

Value faults_json(const std::vector<Diagnostic>& diagnostics) {
  std::vector<Value> values;
  for (const Diagnostic& fault : diagnostics) {
    values.push_back(Value::object({{"file", fault.position.file},
                                    {"line", fault.position.line},
                                    {"column", fault.position.column},
                                    {"code", fault.code},
                                    {"message", fault.message}}));
  }
  return Value::array(values);
}

void print_table(std::ostream& out, const std::vector<std::vector<std::string>>& rows) {
  std::vector<std::size_t> widths;
  for (const auto& row : rows) {
    widths.resize(std::max(widths.size(), row.size()), 0);
    for (std::size_t i = 0; i < row.size(); ++i)
      widths[i] = std::max(widths[i], text_width(row[i]));
  }
  for (const auto& row : rows) {
    std::string line;
    for (std::size_t i = 0; i < row.size(); ++i) {
      line += row[i];
      if (i + 1 < row.size()) line.append(widths[i] - text_width(row[i]) + 2, ' ');
    }
    line.erase(line.find_last_not_of(' ') + 1);
    out << line << '\n';
  }
}

std::string unknown_word(const CLI::App& app, int count, char** arguments) {
  const CLI::App* level = &app;
  for (int i = 1; i < count; ++i) {
    const std::string word = arguments[i];
    std::vector<std::string> names;
    if (word.starts_with("--")) {
      for (const CLI::App* at : {level, &app}) {
        for (const CLI::Option* option : at->get_options()) {
          for (const std::string& name : option->get_lnames()) names.push_back("--" + name);
        }
      }
      const std::string name = word.substr(0, word.find('='));
      if (std::find(names.begin(), names.end(), name) != names.end()) continue;
      return "There is no option '" + name + "'." + did_you_mean(name, names);
    }
    const CLI::App* next = nullptr;
    for (const CLI::App* sub : level->get_subcommands([](const CLI::App*) { return true; })) {
      names.push_back(sub->get_name());
      if (sub->get_name() == word) next = sub;
    }
    if (names.empty() || word.starts_with("-")) continue;
    // The value of an option before the command is no command.
    if (next == nullptr && i > 1 && std::string_view(arguments[i - 1]).starts_with("-")) continue;
    if (next == nullptr) return "There is no command '" + word + "'." + did_you_mean(word, names);
    level = next;
  }
  return {};
}

}  // namespace engine::cli
