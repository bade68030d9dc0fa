#include "core/plugin/openapi/response.h"

#include <algorithm>
#include <array>

#include "core/plugin/openapi/names.h"
#include "core/plugin/openapi/request_body.h"

namespace engine::plugin::openapi {
namespace {

// Members beside a list that only tell about pages.
constexpr std::array<std::string_view, 36> kAboutPages{
    "total",      "total_count", "count",         "page",        "pages",       "page_size",
    "per_page",   "total_pages", "next",          "previous",    "prev",        "next_page",
    "has_more",   "more",        "cursor",        "next_cursor", "meta",        "links",
    "limit",      "offset",      "size",          "first",       "last",        "last_page",
    "pagination", "paging",      "next_token",    "object",      "url",         "next_page_token",
    "page_info",  "total_items", "total_results", "start_at",    "max_results", "is_last"};

// The first good answer; "2XX" and "default" stand for all that are not named.
Value good_answer(const Value& responses, const Document& document) {
  Value found;
  std::string best = "~";
  for (const auto& member : responses.members()) {
    const std::string status(member.first);
    if (status.empty() || status.front() != '2' || status >= best) continue;
    best = status;
    found = document.resolve(responses.share(member.second));
  }
  return found;
}

void find_list(const Value& properties, const Document& document, Response& response) {
  std::size_t lists = 0;
  bool only = true;
  for (const auto& member : properties.members()) {
    const Value property = document.resolve(properties.share(member.second));
    if (SchemaReader::type_of(property) == "array") {
      ++lists;
      response.list = member.first;
    } else if (std::find(kAboutPages.begin(), kAboutPages.end(), snake_case(member.first, "")) ==
               kAboutPages.end()) {
      only = false;
    }
  }
  if (lists != 1) response.list.clear();
  response.only_list = lists == 1 && only;
}

}  // namespace

Value Response::source(bool paged) const {
  if (binary) return Value::object({{"binary", "data"}});
  const bool plain = list.find_first_of(".[]'\"") == std::string::npos;
  if (list.empty() || !plain || (!only_list && !paged)) return {};
  return Value::object({{"items", list}});
}

Response read_response(const Call& call, const Document& document, SchemaReader& schemas) {
  Response response;
  const Value answer = good_answer(call.operation["responses"], document);
  for (const auto& header : answer["headers"].view().members()) {
    response.link_header = response.link_header || snake_case(header.first, "") == "link";
  }
  const Value content = answer["content"];
  if (content.size() == 0) return response;
  const auto members = content.members();
  bool json = false;
  for (const auto& member : members) {
    if (json || !is_json(member.first)) continue;
    json = true;
    response.schema =
        schemas.flat(content.share(member.second)["schema"], "answer of " + call.name());
  }
  response.binary = !json;
  if (call.method != "GET" && call.method != "POST") return response;
  response.is_list = SchemaReader::type_of(response.schema) == "array";
  if (call.method == "GET") find_list(response.schema["properties"], document, response);
  return response;
}

}  // namespace engine::plugin::openapi
