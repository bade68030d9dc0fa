#include "core/plugin/declared_package.h"

#include <map>

#include "core/rest/credential_reader.h"
#include "core/rest/source_reader.h"
#include "core/value/json.h"
#include "core/workflow/yaml.h"

namespace engine::plugin {
namespace {

void note_other_kind(const rest::SourceFile& file, Diagnostics& diagnostics) {
  diagnostics.add(
      {file.name, 1, 1}, "bad_package",
      "This file says neither 'resource', 'trigger' nor 'credential' at its top, so it "
      "is not known what it describes. Move workflows and other files into a folder below.");
}

class Compiler {
 public:
  Compiler(const Manifest& manifest, Diagnostics& diagnostics) : diagnostics_(diagnostics) {
    parts_.name = manifest.name;
    parts_.title = manifest.title;
    parts_.text = manifest.text;
    parts_.version = manifest.version;
  }

  PackageParts compile(const std::vector<ReadFile>& files) {
    std::vector<rest::SourceFile> resources;
    for (std::size_t i = 1; i < files.size(); ++i) {
      const auto& [file, good] = files[i];
      if (!good) continue;
      if (file.content.find("resource") != nullptr || file.content.find("trigger") != nullptr) {
        resources.push_back(file);
      } else if (file.content.find("credential") != nullptr) {
        add_credential(file);
      } else {
        note_other_kind(file, diagnostics_);
      }
    }
    parts_.package = rest::compile_package(files.front().file, resources, diagnostics_);
    return std::move(parts_);
  }

 private:
  void add_credential(const rest::SourceFile& file) {
    const auto type = rest::read_credential_type(file.content, file.name, diagnostics_);
    const auto [known, added] = credential_files_.emplace(type.id, file.name);
    if (!added) {
      diagnostics_.add(
          file.content.position(file.name), "duplicate_credential_type",
          "The credential type '" + type.id + "' is described in " + known->second + " already.");
    }
    parts_.credentials.push_back({type.id, print_json(to_value(file.content))});
  }

  Diagnostics& diagnostics_;
  PackageParts parts_;
  std::map<std::string, std::string> credential_files_;
};

}  // namespace

std::vector<ReadFile> read_files(const PackageSource& source, Diagnostics& diagnostics) {
  std::vector<ReadFile> files;
  for (const PackageFile& file : source.files) {
    ReadFile read;
    read.file.name = file.name;
    read.good = workflow::read_yaml(file.text, file.name, read.file.content, diagnostics);
    files.push_back(std::move(read));
  }
  return files;
}

PackageParts compile(const Manifest& manifest, const std::vector<ReadFile>& files,
                     Diagnostics& diagnostics) {
  return Compiler(manifest, diagnostics).compile(files);
}

StagedPackage stage(const std::shared_ptr<const CompiledPackage>& compiled) {
  StagedPackage staged;
  staged.name = compiled->name;
  staged.title = compiled->title;
  staged.text = compiled->text;
  staged.version = compiled->version;
  staged.kind = "yaml";
  const auto loaders = rest::operation_loaders(compiled->packed());
  for (std::size_t i = 0; i < compiled->operations.size(); ++i) {
    const rest::PackedOperation& operation = compiled->operations[i];
    // The texts live as long as who may still parse them.
    staged.nodes.push_back({std::string(operation.id), operation.version,
                            std::string(operation.title),
                            [compiled, load = loaders[i]] { return load(); }});
  }
  for (const rest::PackedCredentialType& type : compiled->credentials) {
    staged.credentials.push_back(
        {std::string(type.id), [compiled, type] { return rest::unpack(type); }});
  }
  return staged;
}

}  // namespace engine::plugin
