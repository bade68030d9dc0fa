#include "core/plugin/openapi/schema.h"

#include <algorithm>
#include <utility>

#include "core/value/json.h"
#include "core/value/path.h"

namespace engine::plugin::openapi {
namespace {

constexpr std::size_t kSchemaTextLength = 600;

bool is_null_type(View schema) {
  return schema["type"].as_string() == "null" || schema["const"].null();
}

bool lists_null(View types) {
  for (const View type : types.elements()) {
    if (type.as_string() == "null" || type.null()) return true;
  }
  return false;
}

bool is_nullable(const Value& schema) {
  return schema["nullable"].as_bool() || lists_null(schema["type"]) || lists_null(schema["enum"]);
}

// Members of both; what `more` says wins, lists of required names are joined.
Value united(const Value& base, const Value& more) {
  Members result;
  for (const auto& member : base.members()) {
    result.set(std::string(member.first), base.share(member.second));
  }
  for (const auto& member : more.members()) {
    const std::string key(member.first);
    const Value value = more.share(member.second);
    const Value old = base[key];
    if (key == "properties" && old.is_object()) {
      result.set(key, united(old, value));
    } else if (key == "required" && old.is_array() && value.is_array()) {
      std::vector<Value> names;
      for (const View name : old.elements()) names.push_back(old.share(name));
      for (const View name : value.elements()) names.push_back(value.share(name));
      result.set(key, Value::array(names));
    } else {
      result.set(key, value);
    }
  }
  return result.value();
}

}  // namespace

bool SchemaReader::is_binary(const Value& schema) {
  const std::string_view format = schema["format"].as_string();
  return format == "binary" || schema["contentMediaType"].as_string() == "application/octet-stream";
}

std::string SchemaReader::type_of(const Value& schema) {
  const Value type = schema["type"];
  if (type.is_string()) return std::string(type.as_string());
  std::string found;
  for (const View one : type.elements()) {
    if (one.as_string() == "null") continue;
    if (!found.empty()) return "";
    found = one.as_string();
  }
  if (found.empty() && schema["properties"].is_object()) return "object";
  if (found.empty() && schema["items"].given()) return "array";
  return found;
}

Value SchemaReader::flat(const Value& schema, const std::string& what) {
  if (++visited_ > kMost) {
    if (!std::exchange(told_, true)) {
      notes_.add("The " + what +
                 " and what follows it are too much to be described; they take "
                 "anything or were left out.");
    }
    return {};
  }
  const Value resolved = document_.resolve(schema);
  if (!resolved.is_object()) return {};
  // Words beside a reference are about it: OpenAPI 3.1, section 4.8.23.
  Value own = schema["$ref"].given() ? without_path(united(resolved, schema), {"$ref"}) : resolved;
  if (own["allOf"].is_array()) own = merged(own, what);
  if (own["oneOf"].is_array() || own["anyOf"].is_array()) own = chosen(own, what);
  return own;
}

Value SchemaReader::merged(const Value& schema, const std::string& what) {
  Value result = without_path(schema, {"allOf"});
  if (depth_ > kDeepest) return result;
  ++depth_;
  const Value parts = schema["allOf"];
  for (std::size_t i = 0; i < parts.size(); ++i) {
    const Value part = flat(parts[i], what);
    if (part.given()) result = united(part, result);
  }
  --depth_;
  return result;
}

// One form and null is that form; several forms of one simple type are that type.
Value SchemaReader::chosen(const Value& schema, const std::string& what) {
  if (depth_ > kDeepest) return Value::object();
  ++depth_;
  const Value forms = schema["oneOf"].is_array() ? schema["oneOf"] : schema["anyOf"];
  Value rest = without_path(without_path(schema, {"oneOf"}), {"anyOf"});
  std::vector<Value> kept;
  std::set<std::string> types;
  for (std::size_t i = 0; i < forms.size(); ++i) {
    const Value form = flat(forms[i], what);
    if (is_null_type(form)) {
      rest = with_path(rest, {"nullable"}, true);
    } else {
      kept.push_back(form);
      types.insert(type_of(form));
    }
  }
  --depth_;
  if (kept.size() == 1) return kept.front().given() ? united(kept.front(), rest) : rest;
  const bool simple =
      types.size() == 1 && !types.count("") && !types.count("object") && !types.count("array");
  notes_.add("The " + what + " has several forms; it takes " +
             (simple ? "any " + *types.begin() : "anything") + ".");
  return simple ? with_path(rest, {"type"}, Value(*types.begin())) : without_path(rest, {"type"});
}

Members SchemaReader::describe(const Value& schema, const std::string& what) {
  const std::string reference(schema["$ref"].as_string());
  const bool circle = !reference.empty() && open_.count(reference) > 0;
  if (circle || depth_ > kDeepest) {
    ++visited_;
    if (circle) notes_.add("'" + reference + "' holds itself; from there on it takes anything.");
    if (!circle && !std::exchange(told_deep_, true)) {
      notes_.add("The " + what +
                 " and others are nested too deep; from there on they take "
                 "anything.");
    }
    Members result;
    result.set("type", "any");
    return result;
  }
  const auto open = open_.insert(reference);
  ++depth_;
  Members result = describe_flat(flat(schema, what), what);
  --depth_;
  open_.erase(open);
  return result;
}

Members SchemaReader::describe_flat(const Value& schema, const std::string& what) {
  Members result;
  describe_type(schema, what, result);
  std::string text = text_of(schema, "description", kSchemaTextLength);
  if (schema["deprecated"].as_bool()) text = "Deprecated. " + text;
  if (!text.empty()) result.set("text", text);
  if (is_nullable(schema)) result.set("nullable", true);
  if (schema["format"].as_string() == "password") result.set("secret", true);
  for (const char* keyword : {"pattern", "multipleOf", "uniqueItems", "minProperties",
                              "maxProperties", "not", "if", "dependentRequired", "contains",
                              "patternProperties", "exclusiveMinimum", "exclusiveMaximum"}) {
    if (schema[keyword].given()) notes_.left_to_service(keyword);
  }
  return result;
}

void SchemaReader::describe_type(const Value& schema, const std::string& what, Members& result) {
  const std::string type = type_of(schema);
  if (schema["enum"].is_array() || schema["const"].given()) {
    describe_choices(schema, type, result);
  } else if (type == "object") {
    describe_object(schema, what, result);
  } else if (type == "array") {
    describe_list(schema, what, result);
  } else if (type == "string" || type == "integer" || type == "number" || type == "boolean") {
    result.set("type", type);
    describe_bounds(schema, type, result);
  } else {
    result.set("type", "any");
  }
}

void SchemaReader::describe_choices(const Value& schema, const std::string& type, Members& result) {
  std::vector<Value> choices;
  bool texts = true;
  const Value values = schema["const"].given() ? Value::array({schema["const"]}) : schema["enum"];
  for (std::size_t i = 0; i < values.size(); ++i) {
    const Value value = values[i];
    if (value.null()) continue;
    if (!value.is_string() && !value.is_number()) texts = false;
    choices.emplace_back(to_text(value));
  }
  if (!texts || choices.empty() || type == "array" || type == "object") {
    result.set("type", type == "boolean" ? "boolean" : "any");
    return;
  }
  result.set("type", "choice");
  result.set("choices", Value::array(choices));
  if (type == "integer" || type == "number") result.set("convert", type);
}

void SchemaReader::describe_object(const Value& schema, const std::string& what, Members& result) {
  const Value properties = schema["properties"];
  const Value values = schema["additionalProperties"];
  if (properties.size() == 0) {
    result.set("type", values.is_object() && values.size() > 0 ? "map" : "object");
    if (values.is_object() && values.size() > 0) {
      Members element = describe(values, "values of the " + what);
      result.set("of", element.value());
    }
    return;
  }
  if (values.is_object() || values.as_bool()) {
    notes_.add("The " + what +
               " may have more members than the document names; they cannot be "
               "given.");
  }
  result.set("type", "object");
  std::set<std::string> required;
  for (const View name : schema["required"].elements()) required.emplace(name.as_string());
  Members children;
  for (const auto& member : properties.members()) {
    if (visited_ > kMost) break;
    const std::string name(member.first);
    const Value property = properties.share(member.second);
    if (document_.resolve(property)["readOnly"].as_bool()) continue;
    const std::string member_name = "member '" + name + "' of the " + what;
    Members child = describe(property, member_name);
    if (required.count(name) > 0) child.set("required", true);
    children.set(name, child.value());
  }
  if (children.empty()) return;
  result.set("children", children.value());
}

void SchemaReader::describe_list(const Value& schema, const std::string& what, Members& result) {
  result.set("type", "list");
  if (schema["items"].is_object()) {
    Members element = describe(schema["items"], "elements of the " + what);
    result.set("of", element.value());
  }
  if (schema["minItems"].is_number()) result.set("min", schema["minItems"]);
  if (schema["maxItems"].is_number()) result.set("max", schema["maxItems"]);
}

void SchemaReader::describe_bounds(const Value& schema, const std::string& type, Members& result) {
  const bool text = type == "string";
  const Value min = schema[text ? "minLength" : "minimum"];
  const Value max = schema[text ? "maxLength" : "maximum"];
  // In OpenAPI 3.0 a flag beside the bound says that it is excluded.
  if (min.is_number() && !schema["exclusiveMinimum"].as_bool()) result.set("min", min);
  if (max.is_number() && !schema["exclusiveMaximum"].as_bool()) result.set("max", max);
}

}  // namespace engine::plugin::openapi
