#include "core/rest/compiler/yaml_source.h"

#include <yaml-cpp/yaml.h>

#include <algorithm>
#include <fstream>
#include <iterator>
#include <set>

#include "core/base/error.h"
#include "core/value/number.h"

namespace engine::rest {
namespace {

// YAML 1.2 core schema; `on` and `no` are texts.
Value plain_scalar(const std::string& text) {
  if (text.empty() || text == "~" || text == "null") return {nullptr};
  if (text == "true") return {true};
  if (text == "false") return {false};
  if (const auto integer = parse_integer(text)) return {*integer};
  if (const auto number = parse_number(text)) return {*number};
  return {text};
}

class Converter {
 public:
  Converter(const std::string& file, Diagnostics& diagnostics)
      : file_(file), diagnostics_(diagnostics) {}

  Located convert(const YAML::Node& node) {
    Located result;
    result.line = node.Mark().line + 1;
    result.column = node.Mark().column + 1;
    if (node.IsSequence()) {
      result.kind = Kind::array;
      for (const YAML::Node& element : node) result.elements.push_back(convert(element));
    } else if (node.IsMap()) {
      result.kind = Kind::object;
      convert_members(node, result);
    } else {
      result.quoted = node.Tag() == "!";
      result.scalar = result.quoted ? Value(node.Scalar()) : plain_scalar(node.Scalar());
      result.kind = result.scalar.kind();
    }
    return result;
  }

 private:
  void convert_members(const YAML::Node& node, Located& result) {
    std::set<std::string> seen;
    for (const auto& pair : node) {
      const YAML::Mark mark = pair.first.Mark();
      const std::string key = pair.first.Scalar();
      if (!seen.insert(key).second) {
        diagnostics_.add({file_, mark.line + 1, mark.column + 1}, "duplicate_key",
                         "The key '" + key + "' is given twice.");
      }
      result.members.push_back({key, mark.line + 1, mark.column + 1, convert(pair.second)});
    }
  }

  const std::string& file_;
  Diagnostics& diagnostics_;
};

}  // namespace

Located read_yaml_text(const std::string& text, const std::string& name, Diagnostics& diagnostics) {
  try {
    return Converter(name, diagnostics).convert(YAML::Load(text));
  } catch (const YAML::ParserException& error) {
    diagnostics.add({name, error.mark.line + 1, error.mark.column + 1}, "bad_yaml", error.msg);
    return {};
  }
}

SourceFile read_yaml_file(const std::filesystem::path& path, const std::string& name,
                          Diagnostics& diagnostics) {
  std::ifstream file(path, std::ios::binary);
  if (!file) {
    throw Error(ErrorCause::user, "no_such_file", "There is no file '" + path.string() + "'.");
  }
  const std::string text{std::istreambuf_iterator<char>(file), std::istreambuf_iterator<char>()};
  return {name, read_yaml_text(text, name, diagnostics)};
}

CompiledPackage compile_folder(const std::filesystem::path& folder, Diagnostics& diagnostics) {
  std::vector<std::filesystem::path> paths;
  for (const auto& entry : std::filesystem::directory_iterator(folder)) {
    const auto& path = entry.path();
    if (path.extension() == ".yaml" && path.filename() != "package.yaml") paths.push_back(path);
  }
  std::sort(paths.begin(), paths.end());
  std::vector<SourceFile> resources;
  for (const auto& path : paths) {
    resources.push_back(read_yaml_file(path, path.string(), diagnostics));
  }
  const auto package = folder / "package.yaml";
  return compile_package(read_yaml_file(package, package.string(), diagnostics), resources,
                         diagnostics);
}

}  // namespace engine::rest
