#include "nodes/http_request/request_builder.h"

#include <algorithm>

#include "core/base/error.h"
#include "core/node/binary_store.h"
#include "core/value/json.h"

namespace engine::nodes {
namespace {

using Pairs = std::vector<std::pair<std::string, std::string>>;

Error wrong(const char* code, const std::string& parameter, const std::string& message) {
  Error error(ErrorCause::user, code, message);
  error.where.parameter = parameter;
  return error;
}

Pairs pairs_of(View values) {
  Pairs pairs;
  for (const auto& [name, value] : values.members()) {
    if (value.is_array()) {
      for (const View element : value.elements())
        pairs.emplace_back(std::string(name), to_text(element));
    } else if (value.given()) {
      pairs.emplace_back(std::string(name), to_text(value));
    }
  }
  return pairs;
}

bool is_token(std::string_view name) {
  return !name.empty() && name.find_first_not_of(
                              "!#$%&'*+-.^_`|~0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZ"
                              "abcdefghijklmnopqrstuvwxyz") == std::string_view::npos;
}

View binary_of(const Item& item, std::string_view name) {
  const View binary = item.binary.view()[name];
  if (binary.is_object()) return binary;
  throw wrong("binary_missing", "binary",
              "The item has no binary data '" + std::string(name) + "'.");
}

http::Body binary_body(NodeContext& context, std::size_t item, std::string_view name) {
  const View binary = binary_of(context.input()[item], name);
  http::Body body;
  body.parts.emplace_back(context.binaries().path(binary));
  body.content_type = binary["mime_type"].as_string("application/octet-stream");
  return body;
}

http::Body multipart_body(NodeContext& context, std::size_t item, View fields) {
  std::vector<http::FormField> parts;
  for (const auto& [name, value] : fields.members()) {
    if (!value.given()) continue;
    http::FormField part;
    part.name = name;
    if (const View binary_name = value["binary"]; binary_name.is_string()) {
      const View binary = binary_of(context.input()[item], binary_name.as_string());
      part.content = context.binaries().path(binary);
      part.file_name = value["file_name"].as_string(binary["file_name"].as_string("file"));
      part.content_type = binary["mime_type"].as_string("application/octet-stream");
    } else {
      part.content = to_text(value);
    }
    parts.push_back(std::move(part));
  }
  Random& random = context.random();
  return http::multipart(
      parts, "engine-" + std::to_string(random.next()) + "-" + std::to_string(random.next()));
}

http::Body body_of(NodeContext& context, std::size_t item) {
  const auto get = [&](const char* name) { return context.parameter(name, item); };
  if (const Value json = get("json"); !json.missing())
    return http::Body::text(print_json(json), "application/json");
  if (const Value form = get("form"); form.given())
    return http::Body::text(http::encode_query(pairs_of(form)),
                            "application/x-www-form-urlencoded");
  if (const Value fields = get("multipart"); fields.given())
    return multipart_body(context, item, fields);
  if (const Value name = get("binary"); name.given())
    return binary_body(context, item, name.as_string());
  if (const Value text = get("body"); text.given())
    return http::Body::text(to_text(text), "text/plain; charset=utf-8");
  return {};
}

// What a reference resolves against: the URL without query and fragment.
std::string_view without_query(std::string_view url) {
  return url.substr(0, url.find_first_of("?#"));
}

}  // namespace

std::string with_query(const std::string& url, View query) {
  const Pairs added = pairs_of(query);
  const std::size_t hash = std::min(url.find('#'), url.size());
  const std::size_t mark = std::min(url.find('?'), hash);
  std::string kept;
  std::string_view old = std::string_view(url).substr(mark, hash - mark);
  if (!old.empty()) old.remove_prefix(1);
  while (!old.empty()) {
    const std::string_view pair = old.substr(0, old.find('&'));
    old.remove_prefix(std::min(pair.size() + 1, old.size()));
    const std::string name = http::percent_decode(pair.substr(0, pair.find('=')), true);
    if (pair.empty() || !query[std::string_view(name)].missing()) continue;
    kept += (kept.empty() ? "" : "&") + std::string(pair);
  }
  if (!added.empty()) kept += (kept.empty() ? "" : "&") + http::encode_query(added);
  return url.substr(0, mark) + (kept.empty() ? "" : "?" + kept) + url.substr(hash);
}

void set_headers(http::Headers& headers, View values) {
  for (const auto& [name, value] : values.members()) {
    const std::string text = to_text(value);
    if (!is_token(name) || text.find_first_of(std::string_view("\r\n\0", 3)) != std::string::npos) {
      throw wrong("bad_header", "headers",
                  "The header '" + std::string(name) +
                      "' has a name or a value that HTTP does not allow, like a line break.");
    }
    if (value.given()) {
      headers.set(name, text);
    } else {
      headers.remove(name);
    }
  }
}

http::Request build_request(NodeContext& context, std::size_t item) {
  const auto get = [&](const char* name) { return context.parameter(name, item); };
  http::Request request;
  request.method = get("method").as_string("GET");
  const std::string url(get("url").as_string());
  if (origin_of(url).empty()) {
    throw wrong("bad_url", "url",
                "'" + url +
                    "' is not the URL of a web service. It begins with http:// or "
                    "https://, followed by a host.");
  }
  request.url = with_query(url, get("query"));
  request.body = body_of(context, item);
  const Value headers = get("headers");
  set_headers(request.headers, headers);
  if (const auto type = request.headers.find("Content-Type")) {
    // A multipart body needs the type with its own boundary.
    if (!get("multipart").given()) request.body.content_type = *type;
    request.headers.remove("Content-Type");
  }
  if (const auto timeout = parse_duration(get("timeout").as_string())) request.timeout = *timeout;
  request.max_redirects = static_cast<int>(get("redirects").as_integer().value_or(5));
  return request;
}

std::string origin_of(std::string_view url) {
  std::string origin;
  for (const std::string_view scheme : {"http://", "https://"}) {
    if (url.size() <= scheme.size()) continue;
    const bool fits = std::equal(scheme.begin(), scheme.end(), url.begin(),
                                 [](char a, char b) { return a == (b | 32) || a == b; });
    if (!fits) continue;
    const std::size_t end = std::min(url.find_first_of("/?#", scheme.size()), url.size());
    if (end == scheme.size()) return {};
    for (const char c : url.substr(0, end))
      origin += c >= 'A' && c <= 'Z' ? static_cast<char>(c - 'A' + 'a') : c;
  }
  return origin;
}

std::string resolve_url(const std::string& base, const std::string& reference) {
  if (!origin_of(reference).empty()) return reference;
  const std::string origin = base.substr(0, origin_of(base).size());
  if (reference.rfind("//", 0) == 0) return base.substr(0, base.find(':') + 1) + reference;
  if (reference.rfind('/', 0) == 0) return origin + reference;
  const std::string path(without_query(base));
  if (reference.rfind('?', 0) == 0) return path + reference;
  const std::size_t slash = path.rfind('/');
  return (slash < origin.size() ? origin : path.substr(0, slash)) + "/" + reference;
}

}  // namespace engine::nodes
