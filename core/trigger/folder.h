// The files that are served: read again when they change, with their last good version kept.
#pragma once

#include <filesystem>
#include <functional>
#include <map>
#include <memory>
#include <string>
#include <vector>

#include "core/workflow/workflow.h"

namespace engine::trigger {

/// Used by one thread at a time.
class Folder {
 public:
  using Compile = std::function<std::shared_ptr<const workflow::Workflow>(
      const std::string& text, const std::string& file, Diagnostics& faults)>;

  /// `places` are files, or folders whose *.yaml files (not *.test.yaml) are meant, those in
  /// folders inside of them too.
  Folder(std::vector<std::filesystem::path> places, Compile compile)
      : places_(std::move(places)), compile_(std::move(compile)) {}

  struct Entry {
    std::shared_ptr<const workflow::Workflow> workflow;  ///< the last good version; may be null
    std::vector<Diagnostic> faults;                      ///< of the text as it is now
    bool changed = false;                                ///< by the last refresh
  };
  /// Reads what has changed since the last time. False when nothing has.
  bool refresh();
  /// By file, in order.
  const std::map<std::string, Entry>& entries() const { return entries_; }
  /// The folders to watch, those inside of them too.
  std::vector<std::filesystem::path> folders() const;

 private:
  struct Stamp {
    std::filesystem::file_time_type time;
    std::uintmax_t size = 0;
    bool operator==(const Stamp&) const = default;
  };
  std::vector<std::filesystem::path> files() const;
  bool read(const std::filesystem::path& file, Entry& entry);

  const std::vector<std::filesystem::path> places_;
  const Compile compile_;
  std::map<std::string, Entry> entries_;
  std::map<std::string, Stamp> stamps_;
  std::map<std::string, std::string> texts_;  // that were compiled last, good or not
};

}  // namespace engine::trigger
