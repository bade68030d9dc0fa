// The JSON Schema of a workflow file (draft 2020-12), for editors: the keys of keys.h, and for each
// node type the parameters below `with`.
#include "core/workflow/keys.h"
#include "core/workflow/workflow.h"

namespace engine::workflow {
namespace {

Value with_member(const Value& object, std::string_view key, const Value& value) {
  ValueBuilder builder;
  builder.begin_object();
  for (const auto& [name, member] : object.members()) {
    builder.key(name);
    builder.value(object.share(member));
  }
  builder.key(key);  // a key that is there already keeps its place and takes this value
  builder.value(value);
  builder.end_object();
  return builder.finish();
}

Value reference(const char* name) {
  return Value::object({{"$ref", std::string("#/$defs/") + name}});
}

// "if the type is x, `with` looks like this"
Value type_rule(const Description& description) {
  bool needs_with = false;
  for (const Parameter& parameter : description.parameters) {
    needs_with = needs_with || (parameter.required && parameter.show_when.empty());
  }
  Value then = Value::object(
      {{"properties", Value::object({{"with", json_schema(description.parameters)}})}});
  if (needs_with) then = with_member(then, "required", Value::array({"with"}));
  const Value type = Value::object({{"const", description.id}});
  return Value::object({{"if", Value::object({{"properties", Value::object({{"type", type}})},
                                              {"required", Value::array({"type"})}})},
                        {"then", then}});
}

Value type_names(const Registry& registry) {
  std::vector<Value> names;
  for (const std::string& id : registry.ids()) {
    names.push_back(Value::object({{"const", id}, {"title", registry.title(id)}}));
  }
  return Value::object(
      {{"type", "string"}, {"description", "What the node does."}, {"oneOf", Value::array(names)}});
}

Value after_schema() {
  const Value name = Value::object({{"type", "string"}, {"pattern", "^[a-z][a-z0-9_]*(\\..+)?$"}});
  const Value names = Value::object({{"type", "array"}, {"items", name}});
  const Value one_or_more = Value::object({{"anyOf", Value::array({name, names})}});
  const Value by_input = Value::object({{"type", "object"}, {"additionalProperties", one_or_more}});
  return Value::object(
      {{"description", "The nodes it follows, as id or id.output; without it, the node above."},
       {"anyOf", Value::array({name, names, by_input})}});
}

Value node_schema(const Registry& registry) {
  Value schema = json_schema(node_keys());
  Value properties = schema["properties"];
  properties =
      with_member(properties, "id", with_member(properties["id"], "pattern", "^[a-z][a-z0-9_]*$"));
  properties = with_member(properties, "type", type_names(registry));
  properties = with_member(properties, "after", after_schema());
  const Value body = Value::object({{"type", "array"}, {"items", reference("node")}});
  properties = with_member(properties, "do", body);
  schema = with_member(schema, "properties", properties);
  std::vector<Value> rules;
  for (const std::string& id : registry.ids()) {
    rules.push_back(type_rule(registry.find(id)->description));
  }
  return with_member(schema, "allOf", Value::array(rules));
}

Value input_schema() {
  const Value short_form = Value::object({{"type", "string"}});
  return Value::object({{"anyOf", Value::array({json_schema(input_keys()), short_form})}});
}

}  // namespace

Value workflow_schema(const Registry& registry) {
  Value schema = json_schema(workflow_keys());
  Value properties = schema["properties"];
  properties = with_member(
      properties, "nodes",
      Value::object({{"type", "array"}, {"minItems", 1}, {"items", reference("node")}}));
  properties = with_member(
      properties, "inputs",
      Value::object({{"type", "object"}, {"additionalProperties", reference("input")}}));
  schema = with_member(schema, "properties", properties);
  schema = with_member(schema, "$schema", "https://json-schema.org/draft/2020-12/schema");
  schema = with_member(schema, "title", "Workflow");
  return with_member(schema, "$defs",
                     Value::object({{"node", node_schema(registry)}, {"input", input_schema()}}));
}

}  // namespace engine::workflow
