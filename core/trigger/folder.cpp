#include "core/trigger/folder.h"

#include <algorithm>
#include <fstream>
#include <iterator>

namespace engine::trigger {
namespace {

namespace fs = std::filesystem;

bool is_workflow(const fs::path& file) {
  const std::string name = file.filename().string();
  return !name.starts_with('.') && !name.ends_with(".test.yaml") &&
         (name.ends_with(".yaml") || name.ends_with(".yml"));
}

}  // namespace

std::vector<fs::path> Folder::folders() const {
  std::vector<fs::path> found;
  std::error_code error;
  for (const fs::path& place : places_) {
    if (!fs::is_directory(place, error)) {
      found.push_back(place.has_parent_path() ? place.parent_path() : fs::path("."));
      continue;
    }
    found.push_back(place);
    for (fs::recursive_directory_iterator each(place, fs::directory_options::skip_permission_denied,
                                               error);
         !error && each != fs::recursive_directory_iterator(); each.increment(error)) {
      if (each->is_directory(error)) found.push_back(each->path());
    }
  }
  return found;
}

std::vector<fs::path> Folder::files() const {
  std::vector<fs::path> found;
  std::error_code error;
  for (const fs::path& place : places_) {
    if (!fs::is_directory(place, error)) {
      if (fs::exists(place, error)) found.push_back(place);
      continue;
    }
    for (fs::recursive_directory_iterator each(place, fs::directory_options::skip_permission_denied,
                                               error);
         !error && each != fs::recursive_directory_iterator(); each.increment(error)) {
      if (each->is_regular_file(error) && is_workflow(each->path())) found.push_back(each->path());
    }
  }
  std::sort(found.begin(), found.end());
  found.erase(std::unique(found.begin(), found.end()), found.end());
  return found;
}

bool Folder::read(const fs::path& file, Entry& entry) {
  std::ifstream stream(file, std::ios::binary);
  if (!stream) return false;
  std::string text{std::istreambuf_iterator<char>(stream), {}};
  const auto known = texts_.find(file.string());
  if (known != texts_.end() && known->second == text) return false;
  Diagnostics faults;
  auto workflow = compile_(text, file.string(), faults);
  entry.faults = faults.sorted();
  if (workflow && entry.faults.empty()) entry.workflow = std::move(workflow);
  texts_.insert_or_assign(file.string(), std::move(text));
  return true;
}

bool Folder::refresh() {
  bool any = false;
  std::map<std::string, Stamp> stamps;
  for (auto& [file, entry] : entries_) entry.changed = false;
  for (const fs::path& file : files()) {
    std::error_code error;
    const Stamp stamp{fs::last_write_time(file, error), fs::file_size(file, error)};
    if (error) continue;
    stamps.emplace(file.string(), stamp);
    const auto known = stamps_.find(file.string());
    if (known != stamps_.end() && known->second == stamp) continue;
    Entry& entry = entries_[file.string()];
    entry.changed = read(file, entry);
    any = any || entry.changed;
  }
  any = std::erase_if(entries_, [&](const auto& entry) { return !stamps.contains(entry.first); }) >
            0 ||
        any;
  std::erase_if(texts_, [&](const auto& entry) { return !stamps.contains(entry.first); });
  stamps_ = std::move(stamps);
  return any;
}

}  // namespace engine::trigger
