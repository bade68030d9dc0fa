// The JSON Schema of a test file (draft 2020-12): the keys of keys.h, and what may be written in
// several forms.
#include "core/flow_test/keys.h"
#include "core/flow_test/test_file.h"

namespace engine::flow_test {
namespace {

Value reference(const char* name) {
  return Value::object({{"$ref", std::string("#/$defs/") + name}});
}

Value any_of(const std::vector<Value>& forms) {
  return Value::object({{"anyOf", Value::array(forms)}});
}

Value type(const char* name) {
  return Value::object({{"type", name}});
}

Value map_of(const Value& values) {
  return Value::object({{"type", "object"}, {"additionalProperties", values}});
}

Value list_of(const Value& values) {
  return Value::object({{"type", "array"}, {"items", values}});
}

// Keeps the description of the key that is at `path`.
Value with_forms(const Value& schema, const std::string& path, const Value& forms) {
  Value result = schema;
  for (const auto& [key, value] : forms.members()) {
    Path place = *parse_path(path);
    place.emplace_back(std::string(key));
    result = with_path(result, place, forms.share(value));
  }
  return result;
}

Value count() {
  return Value::object({{"type", "integer"}, {"minimum", 0}});
}

Value request_schema() {
  const Value line = Value::object({{"type", "string"}, {"pattern", "^[A-Z-]+ https?://"}});
  return any_of({line, json_schema(request_keys())});
}

Value file_schema() {
  const Value text = Value::object({{"type", Value::array({"string", "number", "boolean"})}});
  return any_of({text, json_schema(file_source_keys())});
}

Value node_schema() {
  Value map = json_schema(node_keys());
  map = with_forms(map, "properties.items", reference("expected_items"));
  map = with_forms(map, "properties.outputs", map_of(reference("expected_items")));
  return any_of({reference("expected_items"), map});
}

}  // namespace

Value test_file_schema() {
  const std::string one = "properties.cases.items.properties.";
  const std::string expect = one + "expect.anyOf[0].properties.";  // the other one is null
  const Value items = reference("items");
  const Value least_one = Value::object({{"type", "integer"}, {"minimum", 1}});
  Value schema = json_schema(file_keys());
  for (const auto& [path, forms] : std::initializer_list<std::pair<std::string, Value>>{
           {one + "items", items},
           {one + "files", map_of(reference("file"))},
           {one + "pins", map_of(any_of({list_of(type("object")), map_of(items)}))},
           {one + "http.items.properties.request", reference("request")},
           {one + "http.items.properties.times",
            any_of({least_one, Value::object({{"const", "any"}})})},
           {expect + "result", reference("expected_items")},
           {expect + "nodes", map_of(node_schema())},
           {expect + "requests.anyOf[0].items", reference("request")}}) {
    schema = with_forms(schema, path, forms);
  }
  schema = with_path(schema, {"$schema"}, "https://json-schema.org/draft/2020-12/schema");
  schema = with_path(schema, {"title"}, "Flow tests");
  return with_path(schema, {"$defs"},
                   Value::object({{"items", any_of({list_of(type("object")), type("object")})},
                                  {"file", file_schema()},
                                  {"request", request_schema()},
                                  {"expected_items",
                                   any_of({list_of(type("object")), count(), type("null")})}}));
}

}  // namespace engine::flow_test
