// The files that a case sees: a folder of its own, removed with everything in it.
#pragma once

#include <filesystem>
#include <map>
#include <string>

#include "core/value/value.h"

namespace engine::flow_test {

class CaseFolder {
 public:
  /// With these files. Throws Error{storage, "file_not_written"}.
  explicit CaseFolder(const std::map<std::string, std::string>& files);
  ~CaseFolder();
  CaseFolder(const CaseFolder&) = delete;
  CaseFolder& operator=(const CaseFolder&) = delete;

  /// Texts name files in it as the workflow does, without the folder: it is another in each run.
  std::string without_folder(std::string text) const;
  Value without_folder(const Value& value) const;

  std::filesystem::path files() const { return root_ / "files"; }
  std::filesystem::path binaries() const { return root_ / "binary"; }

  /// Files that are new or hold something else by now.
  std::map<std::string, std::string> changed() const;

 private:
  std::filesystem::path root_;
  const std::map<std::string, std::string> before_;
};

}  // namespace engine::flow_test
