// A folder, a database and an environment of its own for one test of the engine.
#pragma once

#include <cstdint>
#include <filesystem>
#include <map>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "core/value/value.h"
#include "tests/e2e/process.h"

namespace engine::e2e {

/// Removed with everything in it at the end.
class Place {
 public:
  Place();
  ~Place();
  Place(const Place&) = delete;
  Place& operator=(const Place&) = delete;

  std::map<std::string, std::string> environment;  ///< for every program started from now on
  std::optional<std::uint64_t> largest_file;       ///< as in Command

  const std::filesystem::path& folder() const { return folder_; }
  std::filesystem::path database() const { return folder_ / "engine.db"; }
  /// Writes a file and gives its name, which is relative to the folder.
  std::string file(const std::string& name, std::string_view content) const;
  /// Everything that the database and its log hold.
  std::string stored_bytes() const;

  /// `engine` with these arguments, run to its end.
  Outcome engine(const std::vector<std::string>& arguments, const std::string& input = "") const;
  Command command(const std::vector<std::string>& arguments, const std::string& input = "") const;

  /// `executions list --format json`.
  Value executions() const;
  /// The id of the newest execution.
  std::string newest() const;

 private:
  std::filesystem::path folder_;
};

/// A manual trigger `start`, followed by `nodes`: text of a list, indented by two spaces.
std::string workflow(std::string_view name, std::string_view nodes);

std::string read_all(const std::filesystem::path& file);
/// The newest execution's error.
Value error_of(const Place& place);
bool contains(std::string_view text, std::string_view part);
std::size_t count_of(std::string_view text, std::string_view part);

}  // namespace engine::e2e
