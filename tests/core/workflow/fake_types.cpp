#include "tests/core/workflow/fake_types.h"

#include <utility>

namespace engine::test {
namespace {

Parameter parameter(std::string name, ParameterType type, bool required = false) {
  Parameter result;
  result.name = std::move(name);
  result.type = type;
  result.required = required;
  return result;
}

NodeType type(std::string id, std::vector<Parameter> parameters = {},
              NodeKind kind = NodeKind::action) {
  NodeType result;
  result.description.id = std::move(id);
  result.description.parameters = std::move(parameters);
  result.kind = kind;
  return result;
}

NodeType with_outputs(NodeType type, const std::vector<std::string>& names) {
  type.description.outputs.clear();
  for (const std::string& name : names) type.description.outputs.push_back({name, ""});
  return type;
}

NodeType with_inputs(NodeType type, const std::vector<std::string>& names) {
  type.description.inputs.clear();
  for (const std::string& name : names) type.description.inputs.push_back({name, ""});
  return type;
}

std::vector<Parameter> http_parameters() {
  Parameter method = parameter("method", ParameterType::choice);
  method.choices = {{"GET", ""}, {"POST", ""}, {"DELETE", ""}};
  method.default_value = Value("GET");
  Parameter limit = parameter("limit", ParameterType::integer);
  limit.min = 1;
  limit.max = 100;
  Parameter headers = parameter("headers", ParameterType::map);
  headers.children = {parameter("value", ParameterType::string)};
  Parameter auth = parameter("auth", ParameterType::choice);
  auth.choices = {{"none", ""}, {"token", ""}};
  auth.default_value = Value("none");
  Parameter token = parameter("token", ParameterType::string, true);
  token.show_when = {{"auth", {Value("token")}}};
  Parameter paging = parameter("paging", ParameterType::object);
  paging.children = {parameter("next", ParameterType::string, true),
                     parameter("max", ParameterType::integer)};
  Parameter tags = parameter("tags", ParameterType::list);
  tags.children = {parameter("tag", ParameterType::string)};
  tags.list_or_one = true;
  return {parameter("url", ParameterType::string, true),
          std::move(method),
          std::move(limit),
          parameter("pause", ParameterType::duration),
          parameter("follow", ParameterType::boolean),
          std::move(headers),
          std::move(auth),
          std::move(token),
          std::move(paging),
          std::move(tags)};
}

NodeType switch_type() {
  Parameter outputs = parameter("outputs", ParameterType::list, true);
  outputs.children = {parameter("name", ParameterType::string)};
  outputs.literal = true;
  NodeType result = type("switch", {std::move(outputs)});
  result.description.dynamic_outputs = true;
  result.outputs_of = [](const Located& with) {
    std::vector<OutputDescription> found;
    if (const Located* list = with.find("outputs")) {
      for (const Located& name : list->elements)
        found.push_back({std::string(name.scalar.as_string()), ""});
    }
    return found;
  };
  result.check = [](const Located& with, const std::string& file, Diagnostics& diagnostics) {
    const Located* list = with.find("outputs");
    if (list != nullptr && list->kind == Kind::array && list->elements.empty()) {
      diagnostics.add(list->position(file), "no_outputs", "A switch needs an output.");
    }
  };
  return result;
}

}  // namespace

void add_fake_types(Registry& registry) {
  registry.add(type("manual", {}, NodeKind::trigger));
  registry.add(type("hook", {parameter("path", ParameterType::string, true)}, NodeKind::trigger));
  registry.add(type("set", {parameter("fields", ParameterType::map)}));
  registry.add(with_outputs(type("if", {parameter("condition", ParameterType::any, true)}),
                            {"true", "false"}));
  registry.add(switch_type());
  registry.add(type("http", http_parameters()));
  NodeType merge = type("merge");
  merge.description.open_inputs = true;
  registry.add(std::move(merge));
  registry.add(with_inputs(type("join"), {"left", "right"}));
  registry.add(with_outputs(type("respond"), {}));
  registry.add(type("loop", {parameter("batch_size", ParameterType::integer)}, NodeKind::loop));
  Parameter until = parameter("until", ParameterType::any, true);
  until.late = true;
  registry.add(type("repeat", {std::move(until)}, NodeKind::repeat));
  NodeType task = type("task", {parameter("task_id", ParameterType::string)});
  task.description.credentials = {{"", {"acme"}, true}};
  registry.add(task);
  task.description.version = 2;
  registry.add(std::move(task));
  NodeType sync = type("sync");
  sync.description.credentials = {{"from", {"acme"}, true}, {"to", {"acme", "globex"}, false}};
  registry.add(std::move(sync));
  Parameter js = parameter("js", ParameterType::string, true);
  js.literal = true;
  js.language = "javascript";
  registry.add(type("code", {std::move(js)}));
}

}  // namespace engine::test
