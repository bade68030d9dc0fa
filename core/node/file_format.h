// What files hold, seen from their names.
#pragma once

#include <filesystem>
#include <optional>
#include <string_view>

namespace engine {

enum class FileFormat { json, ndjson, csv, text, binary };

std::optional<FileFormat> parse_file_format(std::string_view name);

/// By the extension; `binary` for those that are not known.
FileFormat file_format_of(const std::filesystem::path& path);

/// By the extension; "application/octet-stream" for those that are not known.
std::string_view mime_type_of(const std::filesystem::path& path);

}  // namespace engine
