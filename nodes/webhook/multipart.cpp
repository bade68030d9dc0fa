#include "nodes/webhook/multipart.h"

#include <algorithm>
#include <cctype>

#include "core/base/error.h"

namespace engine::nodes {
namespace {

constexpr std::size_t kMostParts = 1000;

Error bad_body(const std::string& what) {
  return {ErrorCause::user, "bad_body", "The multipart body is broken: " + what + "."};
}

bool same_word(std::string_view a, std::string_view b) {
  return a.size() == b.size() && std::equal(a.begin(), a.end(), b.begin(), [](char x, char y) {
           return std::tolower(static_cast<unsigned char>(x)) ==
                  std::tolower(static_cast<unsigned char>(y));
         });
}

std::string_view trimmed(std::string_view text) {
  while (!text.empty() && (text.front() == ' ' || text.front() == '\t')) text.remove_prefix(1);
  while (!text.empty() && (text.back() == ' ' || text.back() == '\t')) text.remove_suffix(1);
  return text;
}

// The value after "name=", quoted or not; moves `text` behind it.
std::string take_value(std::string_view& text) {
  std::string value;
  if (text.empty() || text[0] != '"') {
    const std::size_t end = std::min(text.find(';'), text.size());
    value = trimmed(text.substr(0, end));
    text.remove_prefix(end);
    return value;
  }
  std::size_t at = 1;
  for (; at < text.size() && text[at] != '"'; ++at) {
    if (text[at] == '\\' && at + 1 < text.size()) ++at;
    value += text[at];
  }
  text.remove_prefix(std::min(at + 1, text.size()));
  return value;
}

// Fills a part from its head lines.
void read_head(std::string_view head, FormPart& part) {
  while (!head.empty()) {
    const std::size_t end = std::min(head.find("\r\n"), head.size());
    const std::string_view line = head.substr(0, end);
    head.remove_prefix(std::min(end + 2, head.size()));
    const std::size_t colon = line.find(':');
    if (colon == std::string_view::npos) throw bad_body("a line of a part's head has no colon");
    const std::string_view value = trimmed(line.substr(colon + 1));
    if (same_word(line.substr(0, colon), "Content-Type")) part.content_type = value;
    if (!same_word(line.substr(0, colon), "Content-Disposition")) continue;
    part.name = header_parameter(value, "name");
    part.file_name = header_parameter(value, "filename");
    part.is_file = value.find("filename=") != std::string_view::npos;
  }
}

}  // namespace

std::string header_parameter(std::string_view header, std::string_view name) {
  std::size_t semicolon = header.find(';');
  while (semicolon != std::string_view::npos) {
    header = trimmed(header.substr(semicolon + 1));
    const std::size_t equals = header.find_first_of("=;");
    if (equals == std::string_view::npos) return "";
    const std::string_view key = trimmed(header.substr(0, equals));
    if (header[equals] == ';') {
      semicolon = equals;
      continue;
    }
    header.remove_prefix(equals + 1);
    std::string value = take_value(header);
    if (same_word(key, name)) return value;
    semicolon = header.find(';');
  }
  return "";
}

std::vector<FormPart> split_multipart(std::string_view body, std::string_view content_type) {
  const std::string boundary = header_parameter(content_type, "boundary");
  if (boundary.empty() || boundary.size() > 200) throw bad_body("it has no boundary");
  const std::string mark = "\r\n--" + boundary;
  std::vector<FormPart> parts;
  std::size_t at = 0;
  if (body.starts_with(std::string_view(mark).substr(2))) {
    at = mark.size() - 2;
  } else {
    at = body.find(mark);
    if (at == std::string_view::npos) throw bad_body("its boundary does not occur");
    at += mark.size();
  }
  while (!body.substr(at).starts_with("--")) {
    if (!body.substr(at).starts_with("\r\n")) throw bad_body("a boundary does not end its line");
    const std::size_t head_begin = at + 2;
    const std::size_t head_end = body.find("\r\n\r\n", at);
    const std::size_t end = body.find(mark, at);
    if (head_end == std::string_view::npos || end == std::string_view::npos ||
        head_end + 4 > end + 2) {
      throw bad_body("a part is not ended");
    }
    if (parts.size() == kMostParts) throw bad_body("it has more than 1,000 parts");
    FormPart part;
    if (head_end > head_begin) read_head(body.substr(head_begin, head_end - head_begin), part);
    const std::size_t begin = head_end + 4;
    part.content = begin <= end ? body.substr(begin, end - begin) : std::string_view();
    parts.push_back(std::move(part));
    at = end + mark.size();
  }
  return parts;
}

}  // namespace engine::nodes
