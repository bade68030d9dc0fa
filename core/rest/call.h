// A request before it is sent: still in parts, so that paging can change its query.
#pragma once

#include <map>
#include <string>
#include <utility>
#include <vector>

#include "core/http/message.h"
#include "core/node/context.h"
#include "core/rest/lookup_cache.h"
#include "core/rest/operation.h"

namespace engine::rest {

struct Call {
  std::string method;
  std::string url;   ///< without the query
  std::string path;  ///< as shown to people
  std::vector<std::pair<std::string, std::string>> query;
  std::vector<std::pair<std::string, std::string>> headers;
  Value body;  ///< missing: none
  std::vector<http::FormField> form;
  std::vector<std::pair<std::string, std::string>> fields;  ///< of a URL-encoded body
  std::map<std::string, Value, std::less<>> parameters;     ///< as they are sent, for results
  Value limit;                                              ///< of a paged operation, if given
  bool pretended = false;                                   ///< names what a dry run did not make

  void set_query(const std::string& name, const std::string& value);
};

/// How names are treated that the service takes as well as ids (Lookup::refused_with).
enum class Names { as_given, looked_up };

/// Evaluates the parameters of one item, asks for the ids of names, and puts everything where it
/// belongs. Throws Error{user} that names the parameter.
Call build_call(const Operation& operation, NodeContext& context, std::size_t item,
                LookupCache& cache, Names names = Names::as_given);

http::Request to_request(const Call& call, const Operation& operation, NodeContext& context);

/// For `--dry-run`: what would be sent.
Value shown_body(const Call& call);

}  // namespace engine::rest
