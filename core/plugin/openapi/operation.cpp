#include "core/plugin/openapi/operation.h"

#include <algorithm>
#include <map>

#include "core/plugin/openapi/names.h"
#include "core/plugin/openapi/paging.h"
#include "core/plugin/openapi/request_body.h"
#include "core/plugin/openapi/response.h"
#include "core/plugin/openapi/schema.h"
#include "core/rest/path_template.h"
#include "core/value/json.h"

namespace engine::plugin::openapi {
namespace {

constexpr std::size_t kTitleLength = 100;
constexpr std::size_t kOperationTextLength = 1500;

// Set by the engine itself, or by the credential.
bool is_own_header(std::string name) {
  std::transform(name.begin(), name.end(), name.begin(),
                 [](char c) { return c >= 'A' && c <= 'Z' ? static_cast<char>(c + 32) : c; });
  return name == "accept" || name == "content-type" || name == "authorization";
}

class OperationReader {
 public:
  OperationReader(const Call& call, const Document& document, Notes& notes)
      : call_(call), document_(document), notes_(notes), schemas_(document, notes) {}

  std::optional<Value> read() {
    path_ = call_.path;
    declare_parameters();
    declare_missing_path_parameters();
    const auto body = read_body(call_, document_, schemas_, notes_);
    if (!body) return std::nullopt;
    for (const BodyParameter& parameter : body->parameters) add_body_parameter(parameter);
    const Response response = read_response(call_, document_, schemas_);
    const auto paging = recognise_paging(call_, query_, response, notes_);
    Members operation;
    operation.set("title", title());
    const std::string text = text_of(call_.operation, "description", kOperationTextLength);
    if (!text.empty()) operation.set("text", text);
    if (call_.operation["operationId"].is_string()) {
      operation.set("api", Value::array({call_.operation["operationId"]}));
    }
    operation.set("request", request(*body));
    if (paging) {
      for (const std::string& name : paging->parameters) drop(name);
      operation.set("paging", paging->source);
    }
    if (!parameters_.empty()) operation.set("parameters", parameters());
    operation.set("response", response.source(paging.has_value()));
    return operation.value();
  }

 private:
  std::string title() const {
    std::string title = text_of(call_.operation, "summary", kTitleLength);
    if (title.empty()) {
      title = title_case(snake_case(call_.operation["operationId"].as_string(), ""));
    }
    if (title.empty()) title = call_.name().substr(0, kTitleLength);
    std::replace(title.begin(), title.end(), '\n', ' ');
    return call_.operation["deprecated"].as_bool() ? title + " (deprecated)" : title;
  }

  Value request(const Body& body) const {
    const std::string line = call_.method + " " + path_;
    if (body.content_type.empty()) return Value(line);
    Members request;
    request.set("call", line);
    request.set("headers", Value::object({{"Content-Type", body.content_type}}));
    return request.value();
  }

  // Those of the operation win over those of the path.
  void declare_parameters() {
    std::map<std::string, Value> chosen;
    std::vector<std::string> order;
    for (const Value& list : {call_.item["parameters"], call_.operation["parameters"]}) {
      for (std::size_t i = 0; i < list.size(); ++i) {
        const Value parameter = document_.resolve(list[i]);
        const std::string key = to_text(parameter["in"]) + " " + to_text(parameter["name"]);
        if (!parameter["name"].is_string()) continue;
        if (chosen.find(key) == chosen.end()) order.push_back(key);
        chosen[key] = parameter;
      }
    }
    for (const std::string& key : order) declare(chosen[key]);
  }

  void declare(const Value& parameter) {
    const std::string wire(parameter["name"].as_string());
    const std::string in(parameter["in"].as_string());
    const std::string what = in + " parameter '" + wire + "' of " + call_.name();
    if (in == "header" && is_own_header(wire)) return;
    if (in != "path" && in != "query" && in != "header") {
      notes_.add("The " + what + " cannot be sent and was left out.");
      return;
    }
    Members described = describe(parameter, what);
    if (in == "query" && spread_object(parameter, wire, what, described)) return;
    set_style(parameter, in, what, described);
    add(wire, in, described, parameter["required"].as_bool() || in == "path");
  }

  Members describe(const Value& parameter, const std::string& what) {
    Members described;
    if (parameter["content"].is_object() && parameter["content"].size() > 0) {
      const auto [type, media] = parameter["content"].view().member(0);
      described = schemas_.describe(parameter["content"].share(media)["schema"], what);
      described.set("convert", "json_text");
    } else {
      described = schemas_.describe(parameter["schema"], what);
    }
    std::string text = text_of(parameter, "description", kOperationTextLength);
    if (parameter["deprecated"].as_bool()) text = "Deprecated. " + text;
    if (!text.empty()) described.set("text", text);
    set_default(document_.resolve(parameter["schema"])["default"], described);
    return described;
  }

  // Only values that a node could be given: what else a document may say is of no use here.
  static void set_default(const Value& value, Members& described) {
    const Value type = described.value()["type"];
    const std::string_view name = type.as_string();
    if (!value.given()) return;
    bool fits = (name == "string" && value.is_string()) ||
                (name == "integer" && value.as_integer().has_value()) ||
                (name == "number" && value.is_number()) ||
                (name == "boolean" && value.is_boolean());
    if (name == "choice") {
      const Value choices = described.value()["choices"];
      for (const View choice : choices.elements()) {
        fits = fits || choice.as_string() == to_text(value);
      }
    }
    if (fits) described.set("default", name == "choice" ? Value(to_text(value)) : value);
  }

  // An object in the query is a parameter for each of its members (style form or deepObject).
  bool spread_object(const Value& parameter, const std::string& wire, const std::string& what,
                     const Members& described) {
    const Value children = described.value()["children"];
    if (described.value()["type"].as_string() != "object" || parameter["content"].given()) {
      return false;
    }
    const bool deep = parameter["style"].as_string() == "deepObject";
    if (children.size() == 0) {
      notes_.add("The " + what + " is an object without known members and was left out.");
      return true;
    }
    for (const auto& member : children.members()) {
      const std::string name(member.first);
      Members child;
      for (const auto& part : member.second.members()) {
        child.set(std::string(part.first), children.share(part.second));
      }
      const std::string nested = wire + "[" + name + "]";
      add(deep ? nested : name, "query", child, false);
    }
    return true;
  }

  void set_style(const Value& parameter, const std::string& in, const std::string& what,
                 Members& described) {
    const std::string_view style = parameter["style"].as_string(in == "query" ? "form" : "simple");
    const bool list = described.value()["type"].as_string() == "list";
    if (style == "label" || style == "matrix" || style == "spaceDelimited" ||
        style == "pipeDelimited") {
      notes_.add("The " + what + " is written in the style '" + std::string(style) +
                 "', which cannot be expressed; it is sent as it is given.");
      return;
    }
    const bool joined = in != "query" || !parameter["explode"].as_bool(true);
    if (list && joined && !described.has("convert")) described.set("convert", "csv");
  }

  void add(const std::string& wire, const std::string& in, const Members& described,
           bool required) {
    const std::string name = names_.take(snake_case(wire, "parameter"));
    if (in == "path") rename_in_path(wire, name);
    Members parameter;
    if (!described.has("type")) parameter.set("type", "string");
    const Value all = described.value();
    for (const auto& member : all.members()) {
      parameter.set(std::string(member.first), all.share(member.second));
    }
    if (required && !described.has("default")) parameter.set("required", true);
    if (in != "path") {
      parameter.set("send", in);
      if (name != wire) parameter.set("as", wire);
    }
    if (in == "query") query_.push_back({name, wire, parameter.value()});
    parameters_.emplace_back(name, parameter.value());
  }

  void rename_in_path(const std::string& wire, const std::string& name) {
    const std::string from = "{" + wire + "}";
    const std::size_t at = path_.find(from);
    if (at == std::string::npos) {
      notes_.add("The path of " + call_.name() + " does not hold its parameter '" + wire + "'.");
      return;
    }
    path_.replace(at, from.size(), "{" + name + "}");
  }

  void declare_missing_path_parameters() {
    for (const std::string& name : rest::template_names(path_)) {
      const bool known =
          std::any_of(parameters_.begin(), parameters_.end(),
                      [&](const auto& parameter) { return parameter.first == name; });
      if (!known) add(name, "path", Members(), true);
    }
    // One that the path does not hold would have no place.
    const auto held = rest::template_names(path_);
    std::erase_if(parameters_, [&](const auto& parameter) {
      return !parameter.second["send"].given() &&
             std::find(held.begin(), held.end(), parameter.first) == held.end();
    });
  }

  void add_body_parameter(const BodyParameter& parameter) {
    const std::string name = names_.take(parameter.name);
    Members described;
    const Value all = parameter.described.value();
    for (const auto& member : all.members()) {
      described.set(std::string(member.first), all.share(member.second));
    }
    described.set("send", parameter.send);
    if (name != parameter.as) described.set("as", parameter.as);
    parameters_.emplace_back(name, described.value());
  }

  void drop(const std::string& name) {
    std::erase_if(parameters_, [&](const auto& parameter) { return parameter.first == name; });
  }

  Value parameters() const {
    Members all;
    for (const auto& [name, parameter] : parameters_) all.set(name, parameter);
    return all.value();
  }

  const Call& call_;
  const Document& document_;
  Notes& notes_;
  SchemaReader schemas_;
  UniqueNames names_;
  std::string path_;
  std::vector<std::pair<std::string, Value>> parameters_;
  std::vector<QueryParameter> query_;
};

}  // namespace

std::optional<Value> read_operation(const Call& call, const Document& document, Notes& notes) {
  return OperationReader(call, document, notes).read();
}

}  // namespace engine::plugin::openapi
