// Items from answers.
#pragma once

#include <vector>

#include "core/rest/call.h"
#include "core/value/item.h"

namespace engine::rest {

/// The answer as JSON; an empty one is an empty object. Throws Error{upstream, "bad_answer"}.
Value parse_answer(const Operation& operation, const http::Response& response);

/// The elements an answer holds, before filters: what paging counts.
std::vector<Value> elements_of(const ResponseSpec& spec, const Value& answer);

/// The items of elements: filtered, opened, renamed. Throws Error{user, "not_found"} when the
/// operation requires one.
Items items_of(const Operation& operation, const std::vector<Value>& elements, const Call& call);

/// The item of operations with a fixed result.
Items result_items(const Operation& operation, const Call& call);

}  // namespace engine::rest
