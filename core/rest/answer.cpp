#include "core/rest/answer.h"

#include <algorithm>

#include "core/base/error.h"
#include "core/rest/path_template.h"
#include "core/value/json.h"

namespace engine::rest {
namespace {

std::string renamed(const ResponseSpec& spec, std::string_view key) {
  for (const auto& [from, to] : spec.rename) {
    if (from == key) return to;
  }
  return std::string(key);
}

Value shaped(const ResponseSpec& spec, const Value& element) {
  if (!element.is_object()) return Value::object({{"value", element}});
  if (spec.rename.empty() && spec.omit.empty()) return element;
  ValueBuilder builder;
  builder.begin_object();
  for (const auto& [key, part] : element.members()) {
    if (std::find(spec.omit.begin(), spec.omit.end(), key) != spec.omit.end()) continue;
    builder.key(renamed(spec, key));
    builder.value(element.share(part));
  }
  builder.end_object();
  return builder.finish();
}

bool kept(const ResponseSpec& spec, const Value& element, const ValueOf& value_of) {
  return std::all_of(spec.filter.begin(), spec.filter.end(), [&](const auto& condition) {
    return to_text(at_path(element, condition.first)) ==
           to_text(fill_values(condition.second, value_of));
  });
}

std::vector<Value> entries(const std::string& key_name, const Value& answer) {
  std::vector<Value> result;
  for (const auto& [key, part] : answer.members()) {
    if (!part.is_object()) continue;
    ValueBuilder builder;
    builder.begin_object();
    builder.key(key_name);
    builder.string(key);
    for (const auto& [name, value] : part.members()) {
      builder.key(name);
      builder.value(answer.share(value));
    }
    builder.end_object();
    result.push_back(builder.finish());
  }
  return result;
}

ValueOf values_of(const Call& call) {
  return [&call](std::string_view name) {
    const auto found = call.parameters.find(name);
    return found == call.parameters.end() ? Value() : found->second;
  };
}

Error bad_answer(const Operation& operation, int status, const std::string& why) {
  Error error(ErrorCause::upstream, "bad_answer",
              operation.package->title + " answered with something that is no JSON: " + why +
                  " Is the address right, and no proxy in between?");
  error.http_status = status;
  return error;
}

}  // namespace

Value parse_answer(const Operation& operation, const http::Response& response) {
  if (response.body.find_first_not_of(" \t\r\n") == std::string::npos) return Value::object();
  try {
    return parse_json(response.body, "the answer to " + operation.id);
  } catch (const Error& error) {
    throw bad_answer(operation, response.status, error.message());
  }
}

std::vector<Value> elements_of(const ResponseSpec& spec, const Value& answer) {
  if (!spec.entries_as.empty()) return entries(spec.entries_as, answer);
  std::vector<Value> found;
  for (const Selector& selector : spec.items) {
    for (Value& element : select(answer, selector)) found.push_back(std::move(element));
  }
  return found;
}

Items items_of(const Operation& operation, const std::vector<Value>& elements, const Call& call) {
  const ResponseSpec& spec = operation.response;
  const ValueOf value_of = values_of(call);
  Items items;
  items.reserve(elements.size());
  for (const Value& element : elements) {
    if (!kept(spec, element, value_of)) continue;
    if (!spec.then) {
      items.push_back({shaped(spec, element), {}, {}});
      continue;
    }
    for (const Value& part : select(element, *spec.then)) {
      items.push_back({shaped(spec, part), {}, {}});
    }
  }
  if (items.empty() && spec.required) {
    throw Error(ErrorCause::user, "not_found",
                operation.package->title + " knows no such thing: " + operation.id + " (" +
                    call.method + " " + call.path +
                    ") found nothing. Check the id, and that the credential may see it.");
  }
  return items;
}

Items result_items(const Operation& operation, const Call& call) {
  const Value result = fill_values(operation.response.result, values_of(call));
  Items items;
  items.push_back({result.is_object() ? result : Value::object({{"value", result}}), {}, {}});
  return items;
}

}  // namespace engine::rest
