#include "core/flow_test/exchange.h"

#include <algorithm>
#include <cctype>
#include <fstream>
#include <iterator>

#include "core/base/error.h"
#include "core/base/utf8.h"
#include "core/http/form.h"
#include "core/value/json.h"

namespace engine::flow_test {
namespace {

bool same_name(std::string_view a, std::string_view b) {
  return std::equal(a.begin(), a.end(), b.begin(), b.end(), [](unsigned char x, unsigned char y) {
    return std::tolower(x) == std::tolower(y);
  });
}

bool is_secret(const std::vector<std::string>& secrets, std::string_view name) {
  return std::any_of(secrets.begin(), secrets.end(),
                     [&](const std::string& secret) { return same_name(secret, name); });
}

// Nothing when a part is a file: bodies with files are streamed, and not compared.
std::optional<std::string> body_text(const http::Body& body) {
  std::string text;
  for (const http::BodyPart& part : body.parts) {
    const auto* piece = std::get_if<std::string>(&part);
    if (piece == nullptr) return std::nullopt;
    text += *piece;
  }
  return text;
}

void read_body(const http::Body& body, SeenRequest& request) {
  const std::string& type = body.content_type;
  if (body.empty() || type.starts_with("multipart/")) return;
  std::optional<std::string> text = body_text(body);
  if (!text) return;
  if (type.find("json") != std::string::npos) {
    try {
      request.json = parse_json(*text);
      return;
    } catch (const Error&) {
      // Said to be JSON and is not: compared as the text that it is.
    }
  }
  if (type.starts_with("application/x-www-form-urlencoded")) {
    request.form = http::parse_form(*text);
  } else if (is_utf8(*text)) {
    request.text = std::move(text);
  }
}

bool has(const Pairs& pairs, const std::pair<std::string, std::string>& wanted) {
  return std::find(pairs.begin(), pairs.end(), wanted) != pairs.end();
}

bool has_all(const Pairs& pairs, const Pairs& wanted) {
  return std::all_of(wanted.begin(), wanted.end(),
                     [&](const auto& pair) { return has(pairs, pair); });
}

bool has_headers(const Pairs& headers, const Pairs& wanted) {
  return std::all_of(wanted.begin(), wanted.end(), [&](const auto& pair) {
    return std::any_of(headers.begin(), headers.end(), [&](const auto& header) {
      return same_name(header.first, pair.first) && header.second == pair.second;
    });
  });
}

// Members that are named must be equal; lists must be as long.
// NOLINTNEXTLINE(misc-no-recursion): as deep as the file
bool contains(const Located& part, View whole) {
  if (part.kind == Kind::object) {
    return whole.is_object() &&
           std::all_of(part.members.begin(), part.members.end(), [&](const LocatedMember& member) {
             return contains(member.value, whole[std::string_view(member.key)]);
           });
  }
  if (part.kind == Kind::array) {
    if (!whole.is_array() || whole.size() != part.elements.size()) return false;
    for (std::size_t i = 0; i < part.elements.size(); ++i) {
      if (!contains(part.elements[i], whole[i])) return false;
    }
    return true;
  }
  return part.scalar.view() == whole;
}

bool body_matches(const RequestPattern& pattern, const SeenRequest& request, Body body) {
  if (pattern.json != nullptr) {
    const bool fits_json = body == Body::whole ? to_value(*pattern.json).view() == request.json
                                               : contains(*pattern.json, request.json);
    if (!fits_json) return false;
  }
  if (pattern.form) {
    const bool as_long =
        body == Body::part || (request.form && request.form->size() == pattern.form->size());
    if (!request.form || !as_long || !has_all(*request.form, *pattern.form)) return false;
  }
  return !pattern.text || pattern.text == request.text;
}

Value object_of(const Pairs& pairs) {
  ValueBuilder builder;
  builder.begin_object();
  for (const auto& [name, value] : pairs) {
    builder.key(name);
    builder.string(value);
  }
  builder.end_object();
  return builder.finish();
}

}  // namespace

std::string without_query(std::string_view url, Pairs& query) {
  const std::size_t mark = url.find('?');
  if (mark == std::string_view::npos) return std::string(url);
  for (auto& pair : http::parse_form(url.substr(mark + 1))) query.push_back(std::move(pair));
  return std::string(url.substr(0, mark));
}

std::string SeenRequest::line() const {
  return method + " " + url + (query.empty() ? "" : "?" + http::encode_query(query));
}

SeenRequest seen(const http::Request& request, const http::Url& url) {
  SeenRequest result;
  result.method = request.method;
  result.url = without_query(url.text(), result.query);
  std::erase_if(result.query,
                [&](const auto& pair) { return is_secret(request.secret_query, pair.first); });
  for (const auto& [name, value] : request.headers) {
    if (!is_secret(request.secret_headers, name)) result.headers.emplace_back(name, value);
  }
  if (!request.body.content_type.empty()) {
    result.headers.emplace_back("Content-Type", request.body.content_type);
  }
  read_body(request.body, result);
  return result;
}

Value as_value(const SeenRequest& request) {
  if (request.json.missing() && !request.form && !request.text) return request.line();
  ValueBuilder builder;
  builder.begin_object();
  const auto member = [&](std::string_view name, const Value& value) {
    builder.key(name);
    builder.value(value);
  };
  member("method", request.method);
  member("url", request.line().substr(request.method.size() + 1));
  if (!request.json.missing()) member("json", request.json);
  if (request.form) member("form", object_of(*request.form));
  if (request.text) member("text", *request.text);
  builder.end_object();
  return builder.finish();
}

bool matches(const RequestPattern& pattern, const SeenRequest& request, Body body) {
  return pattern.method == request.method && fits(pattern.url, request.url) &&
         has_all(request.query, pattern.query) && has_headers(request.headers, pattern.headers) &&
         body_matches(pattern, request, body);
}

int nearness(const RequestPattern& pattern, const SeenRequest& request) {
  if (fits(pattern.url, request.url)) return pattern.method == request.method ? 4 : 3;
  // As far as both are the same, and at least the host.
  const std::size_t host = request.url.find('/', request.url.find("//") + 2);
  const auto [end, unused] =
      std::mismatch(pattern.url.begin(), pattern.url.end(), request.url.begin(), request.url.end());
  const auto same = static_cast<std::size_t>(end - pattern.url.begin());
  if (host == std::string::npos || same <= host) return 0;
  return pattern.method == request.method ? 2 : 1;
}

bool fits(std::string_view pattern, std::string_view text) {
  std::size_t p = 0;
  std::size_t t = 0;
  std::size_t star = std::string_view::npos;  // the last one, and where its text ends
  std::size_t after = 0;
  while (t < text.size()) {
    if (p < pattern.size() && pattern[p] == '*') {
      star = p++;
      after = t;
    } else if (p < pattern.size() && pattern[p] == text[t]) {
      ++p;
      ++t;
    } else if (star != std::string_view::npos && text[after] != '/') {
      p = star + 1;
      t = ++after;
    } else {
      return false;
    }
  }
  while (p < pattern.size() && pattern[p] == '*') ++p;
  return p == pattern.size();
}

}  // namespace engine::flow_test
