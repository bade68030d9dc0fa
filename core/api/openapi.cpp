// The OpenAPI document of the interface, made of the table that its calls are found in.
#include "core/api/api.h"
#include "core/value/json.h"

namespace engine::api {
namespace {

Value parameter(const std::string& name, const char* place, const std::string& type,
                const std::string& text, bool required) {
  return Value::object({{"name", name},
                        {"in", place},
                        {"description", text},
                        {"required", required},
                        {"schema", Value::object({{"type", type}})}});
}

// The names in braces.
std::vector<Value> path_parameters(const std::string& path) {
  std::vector<Value> parameters;
  for (const std::string& part : trigger::split_path(path)) {
    if (!part.starts_with('{')) continue;
    const std::string name = part.substr(1, part.size() - 2);
    const std::string text = name == "name"
                                 ? "Of the workflow: its name, or that of its file."
                                 : "Of the " + std::string(name == "id" ? "execution." : "node.");
    parameters.push_back(parameter(name, "path", "string", text, true));
  }
  return parameters;
}

Value json_content(const Value& schema) {
  return Value::object({{"application/json", Value::object({{"schema", schema}})}});
}

Value error_schema() {
  const Value text = Value::object({{"type", "string"}});
  const Value error =
      Value::object({{"type", "object"},
                     {"required", Value::array({"code", "message"})},
                     {"properties", Value::object({{"code", text}, {"message", text}})}});
  return Value::object({{"type", "object"},
                        {"required", Value::array({"error"})},
                        {"properties", Value::object({{"error", error}})}});
}

}  // namespace

Value Api::operation(const Entry& entry) {
  std::vector<Value> parameters = path_parameters(entry.path);
  for (const Field& field : entry.query) {
    parameters.push_back(parameter(field.name, "query", field.type, field.text, field.required));
  }
  ValueBuilder builder;
  builder.begin_object();
  const auto put = [&](const char* key, const Value& value) {
    builder.key(key);
    builder.value(value);
  };
  put("summary", entry.text);
  put("parameters", Value::array(parameters));
  if (!entry.body.empty()) {
    ValueBuilder properties;
    std::vector<Value> required;
    properties.begin_object();
    for (const Field& field : entry.body) {
      properties.key(field.name);
      properties.value(Value::object({{"type", field.type}, {"description", field.text}}));
      if (field.required) required.emplace_back(field.name);
    }
    properties.end_object();
    const bool needed = !required.empty();
    put("requestBody",
        Value::object(
            {{"required", needed},
             {"content", json_content(Value::object({{"type", "object"},
                                                     {"required", Value::array(required)},
                                                     {"properties", properties.finish()}}))}}));
  }
  const Value good = Value::object(
      {{"description", "Done."}, {"content", json_content(Value::object({{"type", "object"}}))}});
  const Value bad = Value::object(
      {{"description", "It was not done."},
       {"content", json_content(Value::object({{"$ref", "#/components/schemas/Error"}}))}});
  builder.key("responses");
  builder.begin_object();
  put(std::to_string(entry.status).c_str(), good);
  put("default", bad);
  builder.end_object();
  if (entry.answer == &Api::openapi) put("security", Value::array());
  builder.end_object();
  return builder.finish();
}

http::ServerResponse Api::openapi(const Call& /*call*/) {
  ValueBuilder builder;
  builder.begin_object();
  const auto put = [&](const char* key, const Value& value) {
    builder.key(key);
    builder.value(value);
  };
  put("openapi", "3.1.0");
  put("info", Value::object({{"title", "engine"}, {"version", "1"}}));
  put("servers", Value::array({Value::object({{"url", "/api/v1"}})}));
  put("security", Value::array({Value::object({{"key", Value::array()}})}));
  put("components",
      Value::object(
          {{"securitySchemes",
            Value::object({{"key", Value::object({{"type", "http"}, {"scheme", "bearer"}})}})},
           {"schemas", Value::object({{"Error", error_schema()}})}}));
  builder.key("paths");
  builder.begin_object();
  for (const Entry& entry : entries()) {
    builder.key(entry.path);
    builder.value(Value::object({{entry.method == "GET" ? "get" : "post", operation(entry)}}));
  }
  builder.end_object();
  builder.end_object();
  http::ServerResponse answer;
  answer.headers.set("Content-Type", "application/json");
  answer.body = print_json(builder.finish());
  return answer;
}

}  // namespace engine::api
