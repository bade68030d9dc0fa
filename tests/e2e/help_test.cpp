#include <doctest/doctest.h>

#include <sstream>
#include <vector>

#include "tests/e2e/place.h"

using namespace engine::e2e;

namespace {

using Words = std::vector<std::string>;

// The names in the part "Subcommands:" of a help text.
Words commands_in(const std::string& help) {
  Words names;
  std::istringstream lines(help);
  bool listed = false;
  for (std::string line; std::getline(lines, line);) {
    if (line == "Subcommands:") {
      listed = true;
    } else if (listed && line.starts_with("  ") && line[2] != ' ') {
      names.push_back(line.substr(2, line.find(' ', 2) - 2));
    } else if (line.empty()) {
      listed = false;
    }
  }
  return names;
}

// Every command below `path`: what it does, how it is called, and an example of its own.
void check_help(const Place& place, const Words& path, std::size_t& checked) {
  Words call = path;
  call.emplace_back("--help");
  const Outcome shown = place.engine(call);
  std::string words = "engine";
  for (const std::string& word : path) words += " " + word;
  CAPTURE(words);
  CHECK(shown.code == 0);
  CHECK(contains(shown.out, "Usage: " + words));
  const std::size_t examples = shown.out.find("Examples:\n");
  REQUIRE(examples != std::string::npos);
  // A global option may stand before the command.
  const std::string command = path.empty() ? "engine " : words.substr(7);
  CHECK(contains(shown.out.substr(examples), command));
  ++checked;
  for (const std::string& name : commands_in(shown.out)) {
    Words below = path;
    below.push_back(name);
    check_help(place, below, checked);
  }
}

}  // namespace

TEST_CASE("every command's help shows how it is used") {
  const Place place;
  std::size_t checked = 0;
  check_help(place, {}, checked);
  CHECK(checked > 35);
}
