#include "core/plugin/manifest.h"

#include <algorithm>

#include "core/plugin/version.h"
#include "core/rest/source_reader.h"

namespace engine::plugin {
namespace {

bool good_name(std::string_view name) {
  return !name.empty() && name.front() >= 'a' && name.front() <= 'z' &&
         std::all_of(name.begin(), name.end(), [](char c) {
           return (c >= 'a' && c <= 'z') || (c >= '0' && c <= '9') || c == '_';
         });
}

void check_name(rest::SourceReader& reader, const Located& source, const std::string& name) {
  if (name.empty() || good_name(name)) return;
  reader.fault(*source.find("name"), "The name '" + name +
                                         "' is not possible: it begins with a letter and has only "
                                         "lower case letters, digits and '_'.");
}

void check_version(rest::SourceReader& reader, const Located& source, const std::string& version) {
  if (version.empty() || parse_version(version)) return;
  reader.fault(*source.find("version"), "'" + version + "' is no version; write it as 1.2.3.");
}

void check_engine(rest::SourceReader& reader, const Located& source, const Manifest& manifest) {
  if (manifest.engine.empty()) return;
  const Located& at = *source.find("engine");
  const auto range = parse_version_range(manifest.engine);
  if (!range) {
    reader.fault(at, "'" + manifest.engine +
                         "' is no range of versions; write it as \">=0.1 <2\" or \"0.1\".");
    return;
  }
  const std::string running(engine_version());
  if (range->includes(parse_version(running).value_or(Version{}))) return;
  reader.fault(at, "The package '" + manifest.name + "' " + manifest.version +
                       " is for engine versions " + manifest.engine + ", and this one is " +
                       running + ". Install a fitting version of the package or of the engine.");
}

void check_library(rest::SourceReader& reader, const Located& source, const std::string& library) {
  if (library.find('/') == std::string::npos && library != "..") return;
  reader.fault(*source.find("library"),
               "'library' is the name of a file in the package's folder, without a path.");
}

}  // namespace

Manifest read_manifest(const Located& source, const std::string& file, Diagnostics& diagnostics) {
  rest::SourceReader reader(file, diagnostics);
  Manifest manifest;
  manifest.file = file;
  manifest.source = source;
  if (source.kind != Kind::object) {
    reader.fault(source, "package.yaml must be a map with 'name', 'version' and more.");
    return manifest;
  }
  manifest.name = reader.required_text(source, "name", "A package");
  manifest.title = reader.text(source, "title", manifest.name);
  manifest.text = reader.text(source, "text");
  manifest.version = reader.required_text(source, "version", "A package");
  manifest.engine = reader.text(source, "engine");
  manifest.library = reader.text(source, "library");
  check_name(reader, source, manifest.name);
  check_version(reader, source, manifest.version);
  check_engine(reader, source, manifest);
  check_library(reader, source, manifest.library);
  return manifest;
}

}  // namespace engine::plugin
