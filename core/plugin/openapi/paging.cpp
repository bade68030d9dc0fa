#include "core/plugin/openapi/paging.h"

#include <algorithm>
#include <initializer_list>

#include "core/plugin/openapi/names.h"
#include "core/value/path.h"

namespace engine::plugin::openapi {
namespace {

using Names = std::initializer_list<const char*>;

constexpr std::int64_t kUsualSize = 50;
constexpr std::int64_t kLargestSize = 1000;

class Recogniser {
 public:
  Recogniser(const Call& call, const std::vector<QueryParameter>& query, const Response& response,
             Notes& notes)
      : call_(call), query_(query), response_(response), notes_(notes) {}

  std::optional<RecognisedPaging> run() {
    if (call_.method != "GET" || (!response_.is_list && response_.list.empty())) {
      return std::nullopt;
    }
    const QueryParameter* page = find({"page", "page_number", "page_no", "pageno"});
    const QueryParameter* offset = find({"offset", "skip", "start", "start_at", "start_index"});
    const QueryParameter* cursor =
        find({"cursor", "page_token", "next_token", "next_page_token", "continuation_token",
              "after", "next_cursor", "start_cursor", "page_cursor"});
    const QueryParameter* last_id = find({"starting_after", "since_id", "after_id"});
    size_ =
        find({"per_page", "page_size", "limit", "size", "max_results", "count", "first", "top"});
    if (response_.link_header) return linked("header", "Link");
    if (const std::string next = next_link(); !next.empty()) return linked("next", next);
    if (cursor != nullptr) return by_cursor(*cursor);
    if (last_id != nullptr) return by_keys(*last_id);
    if (page != nullptr) return counted("page", *page);
    if (offset != nullptr) return counted("offset", *offset);
    return std::nullopt;
  }

 private:
  const QueryParameter* find(Names names) const {
    for (const char* name : names) {
      for (const QueryParameter& parameter : query_) {
        if (snake_case(parameter.wire, "") == name) return &parameter;
      }
    }
    return nullptr;
  }

  Value property(const std::string& path) const {
    Value at = response_.schema;
    const auto parsed = parse_path(path);
    for (const PathStep& step : parsed.value_or(Path{})) {
      at = at["properties"][std::get<std::string>(step)];
    }
    return at;
  }

  std::string first_property(Names paths) const {
    for (const char* path : paths) {
      if (property(path).is_object()) return path;
    }
    return "";
  }

  // The address of the next page in the answer, told by its format or by its place.
  std::string next_link() const {
    for (const char* path : {"next", "next_url", "nextLink", "next_page_url"}) {
      const std::string_view format = property(path)["format"].as_string();
      if (format == "uri" || format == "url" || format == "uri-reference") return path;
    }
    return first_property({"links.next", "_links.next.href", "paging.next", "next_page_url"});
  }

  static std::int64_t bounded(std::int64_t size) {
    return std::clamp<std::int64_t>(size, 1, kLargestSize);
  }

  // As much at once as the service allows, or what it gives by itself.
  std::int64_t size() const {
    const Value& source = size_->source;
    if (const auto max = source["max"].as_integer(); max && *max <= kLargestSize) {
      return bounded(*max);
    }
    return bounded(source["default"].as_integer().value_or(kUsualSize));
  }

  RecognisedPaging linked(const char* key, const std::string& where) const {
    Members paging;
    paging.set("kind", "link");
    paging.set(key, where);
    return finished(paging, {});
  }

  std::optional<RecognisedPaging> by_cursor(const QueryParameter& cursor) const {
    const std::string next = first_property({"next_cursor",
                                             "nextCursor",
                                             "next_page_token",
                                             "nextPageToken",
                                             "next_token",
                                             "nextToken",
                                             "meta.next_cursor",
                                             "meta.nextCursor",
                                             "pagination.next_cursor",
                                             "pagination.nextCursor",
                                             "paging.next.after",
                                             "paging.cursors.after",
                                             "response_metadata.next_cursor",
                                             "page_info.end_cursor",
                                             "pageInfo.endCursor",
                                             "cursor",
                                             "after",
                                             "continuation_token",
                                             "meta.after",
                                             "links.next_cursor"});
    if (next.empty()) return unclear(cursor);
    Members paging;
    paging.set("kind", "cursor");
    paging.set("parameter", cursor.wire);
    paging.set("next", next);
    return finished(paging, {cursor.name});
  }

  std::optional<RecognisedPaging> by_keys(const QueryParameter& last_id) const {
    if (size_ == nullptr) return unclear(last_id);
    Members paging;
    paging.set("kind", "keys");
    paging.set("keys", Value::object({{last_id.wire, "id"}}));
    return finished(paging, {last_id.name});
  }

  std::optional<RecognisedPaging> counted(const char* kind, const QueryParameter& number) const {
    const std::string last = first_property({"last_page", "is_last", "isLast", "lastPage"});
    const bool flag = !last.empty() && property(last)["type"].as_string() == "boolean";
    if (size_ == nullptr && !flag) return unclear(number);
    Members paging;
    paging.set("kind", kind);
    paging.set("parameter", number.wire);
    const std::int64_t first = first_of(number, std::string_view(kind) == "page" ? 1 : 0);
    if (first != 0) paging.set("first", first);
    if (flag) paging.set("last", last);
    return finished(paging, {number.name});
  }

  // What the document says, or else what is usual; that is told.
  std::int64_t first_of(const QueryParameter& number, std::int64_t usual) const {
    if (const auto standard = number.source["default"].as_integer()) return *standard;
    if (const auto least = number.source["min"].as_integer()) return *least;
    const std::string text(number.source["text"].as_string());
    for (const char* zero : {"starts at 0", "starting at 0", "start at 0", "starts from 0",
                             "zero-based", "0-based", "starting from 0"}) {
      if (text.find(zero) != std::string::npos) return 0;
    }
    if (usual != 0) {
      notes_.add("The first page of " + call_.name() + " is taken to be " + std::to_string(usual) +
                 ", as the document does not say ('first' below 'paging').");
    }
    return usual;
  }

  RecognisedPaging finished(Members paging, std::vector<std::string> parameters) const {
    if (size_ != nullptr) {
      paging.set("size", size());
      paging.set("size_parameter", size_->wire);
      parameters.push_back(size_->name);
    }
    return {paging.value(), std::move(parameters)};
  }

  std::nullopt_t unclear(const QueryParameter& parameter) const {
    notes_.add("How pages of " + call_.name() + " follow each other is not clear; '" +
               parameter.name +
               "' is a parameter like any other. 'paging' of the operation can "
               "say it.");
    return std::nullopt;
  }

  const Call& call_;
  const std::vector<QueryParameter>& query_;
  const Response& response_;
  Notes& notes_;
  const QueryParameter* size_ = nullptr;
};

}  // namespace

std::optional<RecognisedPaging> recognise_paging(const Call& call,
                                                 const std::vector<QueryParameter>& query,
                                                 const Response& response, Notes& notes) {
  return Recogniser(call, query, response, notes).run();
}

}  // namespace engine::plugin::openapi
