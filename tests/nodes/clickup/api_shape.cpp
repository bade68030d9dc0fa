#include "tests/nodes/clickup/api_shape.h"

#include <string_view>

#include "core/http/message.h"
#include "core/value/json.h"

namespace engine::test {
namespace {

std::string without_brackets(std::string name) {
  if (name.size() > 2 && name.ends_with("[]")) name.resize(name.size() - 2);
  return name;
}

std::string joined(const std::string& prefix, const std::string& name) {
  return prefix.empty() ? name : prefix + "." + name;
}

// ---- of operations

void add_wire(Shape& shape, const std::string& prefix, const Parameter& parameter,
              const rest::Wire& wire) {
  const bool list = parameter.type == ParameterType::list;
  const Parameter& part = list && !parameter.children.empty() ? parameter.children[0] : parameter;
  const rest::Wire& part_wire = list && !wire.children.empty() ? wire.children[0] : wire;
  const std::string name = list && part.type == ParameterType::object ? prefix + "[]" : prefix;
  if (part.children.empty() || part.type != ParameterType::object) {
    shape.opaque.insert(prefix);
    return;
  }
  for (std::size_t i = 0; i < part.children.size(); ++i) {
    const std::string child = joined(name, part_wire.children[i].name);
    shape.body.insert(child);
    add_wire(shape, child, part.children[i], part_wire.children[i]);
  }
}

void add_body(Shape& shape, const rest::RestParameter& parameter) {
  const std::string& name = parameter.wire.name;
  for (std::size_t dot = name.find('.'); dot != std::string::npos && dot > 0;
       dot = name.find('.', dot + 1)) {
    shape.body.insert(name.substr(0, dot));
  }
  const std::string top = name == "." ? "" : name;
  if (!top.empty()) shape.body.insert(top);
  add_wire(shape, top, parameter.parameter, parameter.wire);
  if (!parameter.wire.flag.empty()) shape.body.insert(parameter.wire.flag);
}

// ---- of documents

View resolved(View document, View schema) {
  for (int hops = 0; hops < 20 && schema["$ref"].is_string(); ++hops) {
    std::string_view pointer = schema["$ref"].as_string().substr(2);
    schema = document;
    while (!pointer.empty()) {
      const std::size_t slash = std::min(pointer.find('/'), pointer.size());
      std::string step = http::percent_decode(pointer.substr(0, slash));
      for (std::size_t at = 0; (at = step.find("~1")) != std::string::npos;) {
        step.replace(at, 2, "/");
      }
      const View next = schema[step];
      schema = schema.is_array() ? schema[static_cast<std::size_t>(std::stoul(step))] : next;
      pointer.remove_prefix(std::min(slash + 1, pointer.size()));
    }
  }
  return schema;
}

void add_schema(Shape& shape, View document, const std::string& prefix, View schema, int depth) {
  schema = resolved(document, schema);
  for (const char* variants : {"anyOf", "oneOf", "allOf"}) {
    for (const View variant : schema[variants].elements()) {
      add_schema(shape, document, prefix, variant, depth);
    }
  }
  if (schema["items"].is_object()) {
    const View items = resolved(document, schema["items"]);
    add_schema(shape, document, prefix + "[]", items, depth);
  }
  if (depth > 6) return;
  for (const auto& [name, part] : schema["properties"].members()) {
    const std::string child = joined(prefix, std::string(name));
    shape.body.insert(child);
    add_schema(shape, document, child, part, depth + 1);
  }
}

}  // namespace

Shape shape_of(const rest::Operation& operation) {
  Shape shape;
  for (const auto& [name, value] : operation.query) shape.query.insert(name);
  for (const rest::RestParameter& parameter : operation.parameters) {
    switch (parameter.wire.place) {
      case rest::Place::query:
        shape.query.insert(without_brackets(parameter.wire.name));
        for (const auto& [name, value] : parameter.wire.also) shape.query.insert(name);
        break;
      case rest::Place::body: add_body(shape, parameter); break;
      case rest::Place::form:
      case rest::Place::binary:
      case rest::Place::file:
        shape.body.insert(parameter.wire.name);
        shape.opaque.insert(parameter.wire.name);
        break;
      default: break;
    }
  }
  if (operation.paging) {
    const rest::Paging& paging = *operation.paging;
    if (!paging.parameter.empty()) shape.query.insert(paging.parameter);
    if (!paging.size_parameter.empty()) shape.query.insert(paging.size_parameter);
    for (const auto& [name, path] : paging.keys) shape.query.insert(name);
  }
  return shape;
}

Shape shape_of(View document, View path_item, View call) {
  Shape shape;
  for (const View owner : {path_item, call}) {
    for (const View given : owner["parameters"].elements()) {
      const View parameter = resolved(document, given);
      if (parameter["in"].as_string() != "query") continue;
      shape.query.insert(without_brackets(std::string(parameter["name"].as_string())));
    }
  }
  const View body = resolved(document, call["requestBody"]);
  for (const auto& [type, content] : body["content"].members()) {
    add_schema(shape, document, "", content["schema"], 0);
  }
  return shape;
}

bool covered(const Shape& shape, const std::string& name) {
  if (shape.body.count(name) != 0) return true;
  for (const std::string& opaque : shape.opaque) {
    if (opaque.empty() || name.rfind(opaque + ".", 0) == 0 || name.rfind(opaque + "[]", 0) == 0) {
      return true;
    }
  }
  return false;
}

}  // namespace engine::test
