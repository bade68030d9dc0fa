#include "nodes/clickup/sandbox/form.h"

#include <algorithm>
#include <cctype>

#include "core/http/message.h"

namespace engine::clickup::sandbox {
namespace {

std::string lower(std::string_view text) {
  std::string out(text);
  std::transform(out.begin(), out.end(), out.begin(), [](char c) {
    return static_cast<char>(std::tolower(static_cast<unsigned char>(c)));
  });
  return out;
}

/// The value of `name=` in a header, without its quotes.
std::string parameter(std::string_view header, std::string_view name) {
  const std::string lowered = lower(header);
  for (std::size_t at = lowered.find(name); at != std::string::npos;
       at = lowered.find(name, at + 1)) {
    const bool starts = at == 0 || lowered[at - 1] == ' ' || lowered[at - 1] == ';';
    const std::size_t equals = at + name.size();
    if (!starts || equals >= header.size() || header[equals] != '=') continue;
    std::string_view value = header.substr(equals + 1);
    if (!value.empty() && value.front() == '"') {
      value.remove_prefix(1);
      return std::string(value.substr(0, value.find('"')));
    }
    return std::string(value.substr(0, value.find_first_of("; ")));
  }
  return "";
}

UploadPart read_part(std::string_view head, std::string_view content) {
  UploadPart part;
  part.content = content;
  while (!head.empty()) {
    const std::size_t end = std::min(head.find("\r\n"), head.size());
    const std::string_view line = head.substr(0, end);
    const std::size_t colon = std::min(line.find(':'), line.size());
    const std::string name = lower(line.substr(0, colon));
    std::string_view value = line.substr(std::min(colon + 1, line.size()));
    while (!value.empty() && value.front() == ' ') value.remove_prefix(1);
    if (name == "content-disposition") {
      part.name = parameter(value, "name");
      part.file_name = parameter(value, "filename");
    } else if (name == "content-type") {
      part.content_type = value;
    }
    head.remove_prefix(std::min(end + 2, head.size()));
  }
  return part;
}

}  // namespace

std::vector<std::pair<std::string, std::string>> read_form(std::string_view text) {
  std::vector<std::pair<std::string, std::string>> fields;
  for (std::size_t begin = 0; begin < text.size();) {
    const std::size_t end = std::min(text.find('&', begin), text.size());
    const std::string_view part = text.substr(begin, end - begin);
    const std::size_t equals = std::min(part.find('='), part.size());
    const std::string_view value = part.substr(std::min(equals + 1, part.size()));
    if (equals > 0) {
      fields.emplace_back(http::percent_decode(part.substr(0, equals), true),
                          http::percent_decode(value, true));
    }
    begin = end + 1;
  }
  return fields;
}

std::optional<std::vector<UploadPart>> read_multipart(std::string_view content_type,
                                                      std::string_view body) {
  if (lower(content_type).rfind("multipart/form-data", 0) != 0) return std::nullopt;
  const std::string boundary = parameter(content_type, "boundary");
  if (boundary.empty()) return std::nullopt;
  const std::string mark = "--" + boundary;
  std::vector<UploadPart> parts;
  std::size_t at = body.find(mark);
  while (at != std::string_view::npos) {
    const std::size_t begin = at + mark.size();
    if (body.substr(begin, 2) == "--") return parts;
    const std::size_t next = body.find("\r\n" + mark, begin);
    const std::size_t blank = body.find("\r\n\r\n", begin);
    if (next == std::string_view::npos || blank == std::string_view::npos || blank > next ||
        body.substr(begin, 2) != "\r\n") {
      return std::nullopt;
    }
    const std::size_t head = begin + 2;
    const std::size_t content = std::min(blank + 4, next);
    parts.push_back(read_part(blank > head ? body.substr(head, blank - head) : "",
                              body.substr(content, next - content)));
    at = next + 2;
  }
  return std::nullopt;
}

}  // namespace engine::clickup::sandbox
