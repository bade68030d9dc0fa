#include "core/http/message.h"

#include <algorithm>
#include <cctype>

namespace engine::http {
namespace {

bool unreserved(char c) {
  return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9') || c == '-' ||
         c == '.' || c == '_' || c == '~';
}

int hex_digit(char c) {
  if (c >= '0' && c <= '9') return c - '0';
  if (c >= 'a' && c <= 'f') return c - 'a' + 10;
  if (c >= 'A' && c <= 'F') return c - 'A' + 10;
  return -1;
}

// Inside the quotes of a Content-Disposition header (WHATWG HTML, "multipart/form-data encoding").
std::string in_quotes(std::string_view text) {
  std::string result = "\"";
  for (const char c : text) {
    switch (c) {
      case '"': result += "%22"; break;
      case '\r': result += "%0D"; break;
      case '\n': result += "%0A"; break;
      default: result += c;
    }
  }
  return result + '"';
}

// A type comes from files and workflows; it must not add header lines.
std::string one_line(std::string_view text) {
  std::string result(text);
  std::erase_if(result, [](char c) { return c == '\r' || c == '\n'; });
  return result;
}

std::string shown_query(std::string_view query, const std::vector<std::string>& secrets) {
  std::string result;
  while (!query.empty()) {
    const std::string_view pair = query.substr(0, query.find('&'));
    query.remove_prefix(std::min(query.size(), pair.size() + 1));
    const std::string_view name = pair.substr(0, pair.find('='));
    result += result.empty() ? "?" : "&";
    const bool secret =
        std::find(secrets.begin(), secrets.end(), percent_decode(name, true)) != secrets.end();
    result += secret ? std::string(name) + "=***" : std::string(pair);
  }
  return result;
}

}  // namespace

bool same_name(std::string_view a, std::string_view b) {
  return std::equal(a.begin(), a.end(), b.begin(), b.end(), [](unsigned char x, unsigned char y) {
    return std::tolower(x) == std::tolower(y);
  });
}

void Headers::add(std::string name, std::string value) {
  entries_.emplace_back(std::move(name), std::move(value));
}

void Headers::set(std::string_view name, std::string value) {
  const auto first = std::find_if(entries_.begin(), entries_.end(),
                                  [&](const auto& entry) { return same_name(entry.first, name); });
  if (first == entries_.end()) {
    add(std::string(name), std::move(value));
    return;
  }
  first->second = std::move(value);
  entries_.erase(std::remove_if(first + 1, entries_.end(),
                                [&](const auto& entry) { return same_name(entry.first, name); }),
                 entries_.end());
}

void Headers::remove(std::string_view name) {
  std::erase_if(entries_, [&](const auto& entry) { return same_name(entry.first, name); });
}

std::optional<std::string_view> Headers::find(std::string_view name) const {
  for (const auto& [key, value] : entries_) {
    if (same_name(key, name)) return value;
  }
  return std::nullopt;
}

Body Body::text(std::string content, std::string content_type) {
  Body body;
  body.parts.emplace_back(std::move(content));
  body.content_type = std::move(content_type);
  return body;
}

Body multipart(const std::vector<FormField>& fields, const std::string& boundary) {
  Body body;
  body.content_type = "multipart/form-data; boundary=" + boundary;
  std::string text;
  for (const FormField& field : fields) {
    text += "--" + boundary + "\r\nContent-Disposition: form-data; name=" + in_quotes(field.name);
    if (!field.file_name.empty()) text += "; filename=" + in_quotes(field.file_name);
    if (!field.content_type.empty()) text += "\r\nContent-Type: " + one_line(field.content_type);
    text += "\r\n\r\n";
    if (const auto* content = std::get_if<std::string>(&field.content)) {
      text += *content;
    } else {
      body.parts.emplace_back(std::move(text));
      body.parts.push_back(field.content);
      text.clear();
    }
    text += "\r\n";
  }
  body.parts.emplace_back(text + "--" + boundary + "--\r\n");
  return body;
}

std::string percent_encode(std::string_view text) {
  constexpr std::string_view kDigits = "0123456789ABCDEF";
  std::string result;
  result.reserve(text.size());
  for (const char c : text) {
    if (unreserved(c)) {
      result += c;
    } else {
      const auto byte = static_cast<unsigned char>(c);
      result += '%';
      result += kDigits[byte >> 4U];
      result += kDigits[byte & 15U];
    }
  }
  return result;
}

std::string percent_decode(std::string_view text, bool form) {
  std::string result;
  result.reserve(text.size());
  for (std::size_t i = 0; i < text.size(); ++i) {
    const bool escape = text[i] == '%' && i + 2 < text.size() && hex_digit(text[i + 1]) >= 0 &&
                        hex_digit(text[i + 2]) >= 0;
    if (escape) {
      result += static_cast<char>(hex_digit(text[i + 1]) * 16 + hex_digit(text[i + 2]));
      i += 2;
    } else {
      result += form && text[i] == '+' ? ' ' : text[i];
    }
  }
  return result;
}

std::string encode_query(const std::vector<std::pair<std::string, std::string>>& query) {
  std::string result;
  for (const auto& [name, value] : query) {
    if (!result.empty()) result += '&';
    result += percent_encode(name) + "=" + percent_encode(value);
  }
  return result;
}

std::string shown_url(const Request& request) {
  std::string_view url = request.url;
  url = url.substr(0, url.find('#'));
  const std::size_t question = url.find('?');
  std::string_view place = url.substr(0, question);
  std::string shown;
  if (const std::size_t scheme = place.find("://"); scheme != std::string_view::npos) {
    shown = place.substr(0, scheme + 3);
    place.remove_prefix(scheme + 3);
  }
  const std::string_view authority = place.substr(0, place.find_first_of("/\\"));
  if (const std::size_t at = authority.rfind('@'); at != std::string_view::npos) {
    shown += "***";
    place.remove_prefix(at);
  }
  shown += place;
  if (question != std::string_view::npos) {
    shown += shown_query(url.substr(question + 1), request.secret_query);
  }
  return shown;
}

}  // namespace engine::http
