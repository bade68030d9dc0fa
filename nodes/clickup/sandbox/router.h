// From method and path to handler. Each resource adds its operations as a table.
#pragma once

#include <deque>
#include <map>
#include <optional>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "core/http/server.h"
#include "nodes/clickup/sandbox/shape.h"

namespace engine::clickup::sandbox {

class Call;

/// What a handler answers: JSON, or other bytes.
struct Answer {
  int status = 200;
  Value json;  ///< missing: `text` is the body
  std::string text;
  std::string content_type;
  http::Headers headers;
};

constexpr const char* kJsonType = "application/json; charset=utf-8";

using Handler = Answer (*)(Call&);

/// Operations that take a task by its custom id have these two query parameters.
constexpr std::string_view kTaskId = "custom_task_ids, team_id";

struct Route {
  std::string method;
  std::string pattern;  ///< "/v2/task/{task_id}/comment"
  Handler handler = nullptr;
  std::vector<std::string> segments;
  std::vector<std::string> query_names;  ///< "tags[]" with its brackets
  Shape shape;
  bool open = false;      ///< answers without a token
  bool raw_body = false;  ///< not JSON: the handler reads the bytes

  /// Names allowed in the query, as a list with commas; may be called again to add.
  Route& query(std::string_view names);
  /// The shape of the JSON body, see Shape.
  Route& body(std::string_view text);
  Route& body_list(std::string_view member_text);
  Route& without_token();
  Route& with_bytes();
};

/// Filled once, then read by many threads.
class Router {
 public:
  Route& add(std::string_view method, std::string_view pattern, Handler handler);

  struct Match {
    const Route* route = nullptr;
    std::vector<std::pair<std::string_view, std::string>> parameters;  ///< decoded
  };
  /// `path` without "/api". Of several that fit the one with fewest parameters; nothing when none.
  std::optional<Match> find(std::string_view method, std::string_view path) const;

 private:
  std::map<std::pair<std::string, std::size_t>, std::deque<Route>> routes_;  // method, segments
};

/// Every operation of the stand-in.
Router make_router();

}  // namespace engine::clickup::sandbox
