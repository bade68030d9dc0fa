#include "core/rest/trigger_values.h"

#include "core/value/json.h"
#include "core/value/path.h"

namespace engine::rest {
namespace {

Value member(const Value& value, std::string_view path) {
  const auto parsed = parse_path(path);
  return parsed ? value.share(at_path(value, *parsed)) : Value();
}

}  // namespace

Value TriggerValues::of_header(std::string_view name) const {
  if (request_ == nullptr) return {};
  const auto found = request_->headers.find(name);
  return found ? Value(*found) : Value();
}

Value TriggerValues::of_query(std::string_view name) const {
  if (request_ == nullptr) return {};
  for (const auto& [key, text] : request_->query) {
    if (key == name) return Value(text);
  }
  return {};
}

Value TriggerValues::find(std::string_view name) const {
  const std::size_t dot = name.find('.');
  const std::string_view prefix = name.substr(0, dot);
  if (dot == std::string_view::npos) {
    if (name == "body") return request_ == nullptr ? Value() : Value(request_->body);
    if (name == "url") return Value(context_.url());
    if (Value kept = kept_[name]; !kept.missing()) return kept;
    return spec_.has_parameter(name) ? context_.parameter(name) : Value();
  }
  const std::string_view rest = name.substr(dot + 1);
  if (prefix == "body") return member(body_, rest);
  if (prefix == "item") return member(item_, rest);
  if (prefix == "header") return of_header(rest);
  if (prefix == "query") return of_query(rest);
  if (prefix == "credential") return context_.credential_secret(rest);
  if (prefix != "part") return {};
  const auto found = parts_.find(rest);
  return found == parts_.end() ? Value() : Value(found->second);
}

Value TriggerValues::fill(const std::string& text) const {
  return fill_given(Value(text),
                    [this](std::string_view name) -> std::optional<Value> { return find(name); });
}

std::string TriggerValues::fill_all(const std::string& text) const {
  for (const std::string& name : template_names(text)) {
    if (to_text(find(name)).empty()) return "";
  }
  return to_text(fill(text));
}

}  // namespace engine::rest
