// multipart/form-data (RFC 7578), taken apart.
#pragma once

#include <string>
#include <string_view>
#include <vector>

namespace engine::nodes {

/// Views into the body.
struct FormPart {
  std::string name;
  std::string file_name;
  bool is_file = false;
  std::string content_type;  ///< empty: none
  std::string_view content;
};

/// Throws Error{user, "bad_body"}.
std::vector<FormPart> split_multipart(std::string_view body, std::string_view content_type);

/// A parameter of a header value: "charset" of `text/plain; charset="utf-8"`. Empty when absent.
std::string header_parameter(std::string_view header, std::string_view name);

}  // namespace engine::nodes
