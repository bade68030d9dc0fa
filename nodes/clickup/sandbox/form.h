// Bodies that are not JSON: forms and uploads.
#pragma once

#include <optional>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

namespace engine::clickup::sandbox {

/// application/x-www-form-urlencoded, or a query.
std::vector<std::pair<std::string, std::string>> read_form(std::string_view text);

struct UploadPart {
  std::string name;
  std::string file_name;  ///< empty: a plain field
  std::string content_type;
  std::string content;
};

/// multipart/form-data (RFC 7578); nothing when the content type or the body is not one.
std::optional<std::vector<UploadPart>> read_multipart(std::string_view content_type,
                                                      std::string_view body);

}  // namespace engine::clickup::sandbox
