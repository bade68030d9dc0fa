#include "core/rest/package_schema.h"

#include <string>

#include "core/rest/vocabulary.h"

namespace engine::rest {
namespace {

Value type(const char* name) {
  return Value::object({{"type", name}});
}

// Numbers and booleans read as texts.
Value text_schema() {
  return Value::object({{"type", Value::array({"string", "number", "boolean"})}});
}

Value list_of(const Value& items) {
  return Value::object({{"type", "array"}, {"items", items}});
}

Value map_of(const Value& values) {
  return Value::object({{"type", "object"}, {"additionalProperties", values}});
}

Value either(const Value& a, const Value& b) {
  return Value::object({{"anyOf", Value::array({a, b})}});
}

Value reference(std::string_view object) {
  return Value::object({{"$ref", "#/$defs/" + std::string(object)}});
}

Value words_schema(std::string_view object, const Key& key) {
  std::vector<Value> words;
  for (const std::string& word : words_of(object, key.name)) words.emplace_back(word);
  return Value::object({{"enum", Value::array(words)}});
}

Value schema_of(std::string_view object, const Key& key) {
  switch (key.takes) {
    case Takes::text: return text_schema();
    case Takes::texts: return either(text_schema(), list_of(text_schema()));
    case Takes::flag: return type("boolean");
    case Takes::integer: return type("integer");
    case Takes::number: return type("number");
    case Takes::any: return Value::object();
    case Takes::any_list: return type("array");
    case Takes::any_map: return type("object");
    case Takes::text_map: return map_of(text_schema());
    case Takes::list_or_map: return either(type("array"), type("object"));
    case Takes::word: return words_schema(object, key);
    case Takes::object: return reference(key.detail);
    case Takes::objects: return list_of(reference(key.detail));
    case Takes::object_map: return map_of(reference(key.detail));
    case Takes::text_or_object: return either(text_schema(), reference(key.detail));
    case Takes::text_or_objects: return either(text_schema(), list_of(reference(key.detail)));
    case Takes::texts_or_objects: return list_of(either(text_schema(), reference(key.detail)));
  }
  return Value::object();
}

Value described(const Value& schema, std::string_view text) {
  ValueBuilder builder;
  builder.begin_object();
  builder.key("description");
  builder.string(text);
  for (const auto& member : schema.members()) {
    builder.key(member.first);
    builder.value(schema.share(member.second));
  }
  builder.end_object();
  return builder.finish();
}

// An object with the keys of several tables.
Value object_schema(const std::vector<std::string_view>& tables) {
  ValueBuilder properties;
  std::vector<Value> required;
  properties.begin_object();
  for (const std::string_view table : tables) {
    for (const Key& key : keys_of(table)) {
      properties.key(key.name);
      properties.value(described(schema_of(table, key), key.text));
      if (key.required) required.emplace_back(key.name);
    }
  }
  properties.end_object();
  return Value::object({{"type", "object"},
                        {"properties", properties.finish()},
                        {"required", Value::array(required)},
                        {"additionalProperties", Value(false)}});
}

// Tables that a file combines.
std::vector<std::string_view> tables_of(std::string_view object) {
  if (object == "operation") return {"operation", "operation_in_file"};
  if (object == "parameter") return {"parameter", "wire", "parameter_in_file"};
  return {object};
}

bool is_part(std::string_view object) {
  return object == "wire" || object == "operation_in_file" || object == "parameter_in_file" ||
         object == "field_only";
}

}  // namespace

Value package_schema() {
  ValueBuilder definitions;
  definitions.begin_object();
  for (const KeyedObject& object : keyed_objects()) {
    if (is_part(object.name)) continue;
    definitions.key(object.name);
    definitions.value(object_schema(tables_of(object.name)));
  }
  definitions.key("field");
  definitions.value(object_schema({"parameter", "field_only"}));
  definitions.end_object();
  std::vector<Value> files;
  for (const char* file : {"package", "native_package", "resource", "trigger", "credential"}) {
    files.push_back(reference(file));
  }
  return Value::object({{"$schema", "https://json-schema.org/draft/2020-12/schema"},
                        {"title", "A file of a package"},
                        {"anyOf", Value::array(files)},
                        {"$defs", definitions.finish()}});
}

}  // namespace engine::rest
