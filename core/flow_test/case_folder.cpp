#include "core/flow_test/case_folder.h"

#include <stdlib.h>  // NOLINT(modernize-deprecated-headers): mkdtemp is of POSIX

#include <fstream>
#include <iterator>

#include "core/base/error.h"

namespace engine::flow_test {
namespace {

namespace fs = std::filesystem;

fs::path fresh_folder() {
  std::string name = (fs::temp_directory_path() / "engine_test_XXXXXX").string();
  if (::mkdtemp(name.data()) == nullptr) {
    throw Error(ErrorCause::storage, "file_not_written",
                "No folder could be made in " + fs::temp_directory_path().string() +
                    " for the files of a case.");
  }
  return fs::canonical(name);
}

// NOLINTNEXTLINE(misc-no-recursion): as deep as the value
bool mentions(View value, std::string_view text) {
  if (value.is_string()) return value.as_string().find(text) != std::string_view::npos;
  for (const View element : value.elements()) {
    if (mentions(element, text)) return true;
  }
  for (const auto& [key, member] : value.members()) {
    if (mentions(member, text)) return true;
  }
  return false;
}

// NOLINTNEXTLINE(misc-no-recursion)
void copy(const Value& value, const CaseFolder& folder, ValueBuilder& builder) {
  if (value.is_object()) {
    builder.begin_object();
    for (const auto& [key, member] : value.members()) {
      builder.key(key);
      copy(value.share(member), folder, builder);
    }
    builder.end_object();
  } else if (value.is_array()) {
    builder.begin_array();
    for (const View element : value.elements()) copy(value.share(element), folder, builder);
    builder.end_array();
  } else if (value.is_string()) {
    builder.string(folder.without_folder(std::string(value.as_string())));
  } else {
    builder.value(value);
  }
}

}  // namespace

CaseFolder::CaseFolder(const std::map<std::string, std::string>& files)
    : root_(fresh_folder()), before_(files) {
  fs::create_directories(this->files());
  for (const auto& [name, content] : files) {
    const fs::path file = this->files() / name;
    fs::create_directories(file.parent_path());
    std::ofstream stream(file, std::ios::binary);
    stream << content << std::flush;
    if (!stream) {
      throw Error(
          ErrorCause::storage, "file_not_written",
          "The file '" + name + "' of the case could not be written to " + root_.string() + ".");
    }
  }
}

CaseFolder::~CaseFolder() {
  std::error_code ignored;
  fs::remove_all(root_, ignored);
}

std::string CaseFolder::without_folder(std::string text) const {
  const std::string folder = files().string() + "/";
  for (std::size_t at = text.find(folder); at != std::string::npos; at = text.find(folder, at)) {
    text.erase(at, folder.size());
  }
  return text;
}

Value CaseFolder::without_folder(const Value& value) const {
  if (!mentions(value, files().string())) return value;
  ValueBuilder builder;
  copy(value, *this, builder);
  return builder.finish();
}

std::map<std::string, std::string> CaseFolder::changed() const {
  std::map<std::string, std::string> result;
  std::error_code ignored;
  for (const auto& entry : fs::recursive_directory_iterator(files(), ignored)) {
    if (!entry.is_regular_file(ignored)) continue;
    std::ifstream stream(entry.path(), std::ios::binary);
    std::string content{std::istreambuf_iterator<char>(stream), {}};
    const std::string name = entry.path().lexically_relative(files()).string();
    const auto before = before_.find(name);
    if (before == before_.end() || before->second != content) {
      result.emplace(name, std::move(content));
    }
  }
  return result;
}

}  // namespace engine::flow_test
