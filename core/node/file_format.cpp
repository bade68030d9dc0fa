#include "core/node/file_format.h"

#include <algorithm>
#include <string>

namespace engine {
namespace {

struct Extension {
  std::string_view name;
  FileFormat format;
  std::string_view mime_type;
};

constexpr Extension kExtensions[] = {
    {".json", FileFormat::json, "application/json"},
    {".ndjson", FileFormat::ndjson, "application/x-ndjson"},
    {".jsonl", FileFormat::ndjson, "application/x-ndjson"},
    {".csv", FileFormat::csv, "text/csv"},
    {".tsv", FileFormat::csv, "text/tab-separated-values"},
    {".txt", FileFormat::text, "text/plain"},
    {".log", FileFormat::text, "text/plain"},
    {".md", FileFormat::text, "text/markdown"},
    {".html", FileFormat::text, "text/html"},
    {".htm", FileFormat::text, "text/html"},
    {".xml", FileFormat::text, "application/xml"},
    {".yaml", FileFormat::text, "application/yaml"},
    {".yml", FileFormat::text, "application/yaml"},
    {".css", FileFormat::text, "text/css"},
    {".js", FileFormat::text, "text/javascript"},
    {".pdf", FileFormat::binary, "application/pdf"},
    {".png", FileFormat::binary, "image/png"},
    {".jpg", FileFormat::binary, "image/jpeg"},
    {".jpeg", FileFormat::binary, "image/jpeg"},
    {".gif", FileFormat::binary, "image/gif"},
    {".svg", FileFormat::binary, "image/svg+xml"},
    {".webp", FileFormat::binary, "image/webp"},
    {".zip", FileFormat::binary, "application/zip"},
    {".gz", FileFormat::binary, "application/gzip"},
    {".mp3", FileFormat::binary, "audio/mpeg"},
    {".mp4", FileFormat::binary, "video/mp4"},
};
constexpr Extension kUnknown = {"", FileFormat::binary, "application/octet-stream"};

const Extension& extension_of(const std::filesystem::path& path) {
  std::string name = path.extension().string();
  std::transform(name.begin(), name.end(), name.begin(),
                 [](char c) { return c >= 'A' && c <= 'Z' ? static_cast<char>(c | 32) : c; });
  const auto* found =
      std::find_if(std::begin(kExtensions), std::end(kExtensions),
                   [&](const Extension& extension) { return extension.name == name; });
  return found == std::end(kExtensions) ? kUnknown : *found;
}

}  // namespace

std::optional<FileFormat> parse_file_format(std::string_view name) {
  if (name == "json") return FileFormat::json;
  if (name == "ndjson") return FileFormat::ndjson;
  if (name == "csv") return FileFormat::csv;
  if (name == "text") return FileFormat::text;
  if (name == "binary") return FileFormat::binary;
  return std::nullopt;
}

FileFormat file_format_of(const std::filesystem::path& path) {
  return extension_of(path).format;
}

std::string_view mime_type_of(const std::filesystem::path& path) {
  return extension_of(path).mime_type;
}

}  // namespace engine
