#include "core/rest/rest_node.h"

#include <algorithm>

#include "core/http/message.h"
#include "core/node/binary_store.h"
#include "core/rest/answer.h"
#include "core/rest/call.h"
#include "core/rest/exchange.h"
#include "core/rest/pager.h"
#include "core/rest/pages_ahead.h"
#include "core/rest/preview.h"
#include "core/rest/rules.h"
#include "core/rest/service_error.h"

namespace engine::rest {
namespace {

Items read_pages(const Operation& operation, NodeContext& context, Call call) {
  const auto limit = static_cast<std::size_t>(call.limit.as_integer().value_or(0));
  Pager pager(*operation.paging, std::move(call), limit);
  PagesAhead pages(
      [&](const Call& next) { return exchange(operation, context, next); },
      [&](std::size_t page, std::string_view body) { return pager.after(page, body); });
  Items items;
  for (bool more = true; more;) {
    pages.ask(pager.call());
    const http::Response response = pages.take();
    const Value answer = parse_answer(operation, response);
    const auto elements = elements_of(operation.response, answer);
    Items page = items_of(operation, elements, pager.call());
    const std::string& header = operation.paging->header;
    const auto link = header.empty() ? std::nullopt : response.headers.find(header);
    more =
        pager.advance(answer, next_link(link.value_or("")), elements, items.size() + page.size());
    std::move(page.begin(), page.end(), std::back_inserter(items));
  }
  if (limit != 0 && items.size() > limit) items.resize(limit);
  return items;
}

std::string file_name_of(const std::string& url) {
  const std::string path = url.substr(0, url.find_first_of("?#"));
  const std::string name = http::percent_decode(path.substr(path.rfind('/') + 1));
  return name.empty() ? "file" : name;
}

Items download(const Operation& operation, NodeContext& context, const Call& call) {
  const auto writer = context.binaries().writer();
  http::Request request = to_request(call, operation, context);
  request.headers.set("Accept", "*/*");
  request.sink = [&](std::string_view bytes) { writer->write(bytes); };
  const http::Response response = context.send(std::move(request));
  if (!response.ok()) throw service_error(operation, call, response, context.credential_key());
  const auto type = response.headers.find("Content-Type");
  const Value binary = writer->finish(type.value_or("application/octet-stream"),
                                      file_name_of(response.url.empty() ? call.url : response.url));
  Items items;
  items.push_back({Value::object(), Value::object({{operation.response.binary, binary}}), {}});
  return items;
}

// Whether the service refused a name that can be looked up.
bool refused_name(const Package& package, const std::string& code) {
  return std::any_of(package.lookups.begin(), package.lookups.end(), [&](const Lookup& lookup) {
    return std::count(lookup.refused_with.begin(), lookup.refused_with.end(), code) > 0;
  });
}

bool same_request(const Call& a, const Call& b) {
  return a.url == b.url && a.query == b.query && a.body.equals(b.body);
}

}  // namespace

RestNode::RestNode(Operation operation, std::shared_ptr<LookupCache> names)
    : operation_(std::move(operation)), names_(std::move(names)) {}

Items RestNode::run_item(NodeContext& context, std::size_t index) const {
  Call call = build_call(operation_, context, index, *names_);
  if (must_not_be_sent(operation_, context, call)) return preview(operation_, context, call);
  try {
    return run_call(context, call);
  } catch (const ServiceError& error) {
    if (!refused_name(*operation_.package, error.service_code)) throw;
    Call looked_up = build_call(operation_, context, index, *names_, Names::looked_up);
    if (same_request(call, looked_up)) throw;
    call = std::move(looked_up);
  }
  return run_call(context, std::move(call));
}

Items RestNode::run_call(NodeContext& context, Call call) const {
  if (operation_.paging) return read_pages(operation_, context, std::move(call));
  if (!operation_.response.binary.empty()) return download(operation_, context, call);
  const http::Response response = exchange(operation_, context, call);
  if (!operation_.response.result.missing()) return result_items(operation_, call);
  if (!response.ok()) return {};
  return items_of(operation_, elements_of(operation_.response, parse_answer(operation_, response)),
                  call);
}

NodeType node_type(Operation operation, std::shared_ptr<LookupCache> names) {
  NodeType type;
  type.description = describe(operation);
  const auto node = std::make_shared<const RestNode>(std::move(operation), std::move(names));
  type.node = node;
  type.check = [node](const Located& with, const std::string& file, Diagnostics& diagnostics) {
    check_rules(node->operation(), with, file, diagnostics);
  };
  return type;
}

}  // namespace engine::rest
