#include "tests/e2e/place.h"

#include <cstdlib>
#include <fstream>
#include <iterator>
#include <stdexcept>

#include "core/value/json.h"
#include "places.h"

namespace engine::e2e {
namespace {

std::filesystem::path make_folder() {
  std::string name = (std::filesystem::temp_directory_path() / "engine-e2e-XXXXXX").string();
  if (mkdtemp(name.data()) == nullptr) throw std::runtime_error("mkdtemp failed");
  return name;
}

}  // namespace

Place::Place() : folder_(make_folder()) {
  environment = {{"ENGINE_DB", database().string()},
                 {"HOME", folder_.string()},
                 {"PATH", "/usr/bin:/bin"},
                 {"TZ", "UTC"}};
  for (const char* name : {"ASAN_OPTIONS", "LSAN_OPTIONS", "TSAN_OPTIONS", "UBSAN_OPTIONS"}) {
    if (const char* value = std::getenv(name)) environment[name] = value;
  }
}

Place::~Place() {
  std::error_code ignored;
  std::filesystem::remove_all(folder_, ignored);
}

std::string Place::file(const std::string& name, std::string_view content) const {
  std::ofstream stream(folder_ / name, std::ios::binary);
  stream << content;
  stream.close();
  if (!stream) throw std::runtime_error("cannot write " + name);
  return name;
}

std::string Place::stored_bytes() const {
  return read_all(database()) + read_all(database().string() + "-wal");
}

Command Place::command(const std::vector<std::string>& arguments, const std::string& input) const {
  Command command;
  command.arguments = {ENGINE_BINARY};
  command.arguments.insert(command.arguments.end(), arguments.begin(), arguments.end());
  command.input = input;
  command.environment = environment;
  command.folder = folder_.string();
  command.largest_file = largest_file;
  return command;
}

Outcome Place::engine(const std::vector<std::string>& arguments, const std::string& input) const {
  return Process(command(arguments, input)).wait();
}

Value Place::executions() const {
  return parse_json(engine({"executions", "list", "--format", "json"}).out, "the list");
}

std::string Place::newest() const {
  return std::string(executions()[std::size_t{0}]["id"].as_string());
}

Value error_of(const Place& place) {
  const Value all = place.executions();
  return all[std::size_t{0}]["error"];
}

std::string workflow(std::string_view name, std::string_view nodes) {
  return "name: " + std::string(name) + "\nnodes:\n  - id: start\n    type: manual\n" +
         std::string(nodes);
}

std::string read_all(const std::filesystem::path& file) {
  std::ifstream stream(file, std::ios::binary);
  return {std::istreambuf_iterator<char>(stream), {}};
}

bool contains(std::string_view text, std::string_view part) {
  return text.find(part) != std::string_view::npos;
}

std::size_t count_of(std::string_view text, std::string_view part) {
  std::size_t count = 0;
  for (std::size_t at = text.find(part); at != std::string_view::npos;
       at = text.find(part, at + part.size())) {
    ++count;
  }
  return count;
}

}  // namespace engine::e2e
