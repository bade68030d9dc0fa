#include "core/rest/preview.h"

#include "core/node/pretended.h"
#include "core/rest/answer.h"
#include "core/rest/path_template.h"

namespace engine::rest {
namespace {

bool writes(const Operation& operation, const Call& call) {
  const bool chosen = operation.method.find('{') != std::string::npos;
  return chosen ? call.method != "GET" && call.method != "HEAD" : operation.traits.writes;
}

// The parameter at the end of the path names the thing itself: /task/{task_id}.
Value id_of(const Operation& operation, const Call& call) {
  const std::string last = operation.path.substr(operation.path.rfind('/') + 1);
  const std::vector<std::string> names = template_names(last);
  if (names.size() != 1 || last != "{" + names[0] + "}") return {};
  const auto found = call.parameters.find(names[0]);
  return found == call.parameters.end() ? Value() : found->second;
}

}  // namespace

bool must_not_be_sent(const Operation& operation, const NodeContext& context, const Call& call) {
  return context.dry_run() && (call.pretended || writes(operation, call));
}

Items preview(const Operation& operation, NodeContext& context, const Call& call) {
  std::string url = call.url;
  if (!call.query.empty()) url += "?" + http::encode_query(call.query);
  const Value body = shown_body(call);
  context.would(call.method + " " + url, body);
  const Value request = Value::object({{"method", Value(call.method)},
                                       {"url", Value(url)},
                                       {"body", body.missing() ? Value(nullptr) : body}});
  const bool fixed = !operation.response.result.missing();
  const Value known = fixed ? result_items(operation, call)[0].json : body;
  Items items;
  items.push_back(pretended(known, fixed ? known["id"] : id_of(operation, call), request));
  return items;
}

}  // namespace engine::rest
