#include "core/rest/operation_reader.h"

#include <algorithm>

#include "core/base/nearest.h"
#include "core/rest/parameter_reader.h"
#include "core/rest/path_template.h"
#include "core/rest/response_reader.h"
#include "core/rest/source_reader.h"
#include "core/rest/vocabulary.h"

namespace engine::rest {
namespace {

const std::vector<std::string> kMethods{"GET", "POST", "PUT", "PATCH", "DELETE", "HEAD"};

void read_request_line(SourceReader& reader, const Located& at, const std::string& line,
                       Operation& operation) {
  const std::size_t space = line.find(' ');
  operation.method = line.substr(0, space);
  operation.path = space == std::string::npos ? "" : line.substr(space + 1);
  if (operation.method.rfind('{', 0) != 0) {
    reader.one_of(at, operation.method, "The method", kMethods);
  }
  if (operation.path.empty() || operation.path.front() != '/') {
    reader.fault(at, "A request is a method and a path, as in 'GET /v2/user'.");
  }
}

void read_request(SourceReader& reader, const Located& source, Operation& operation) {
  const Located* request = source.find("request");
  if (request == nullptr) {
    reader.fault(source, "An operation needs 'request'.");
    return;
  }
  if (request->kind != Kind::object) {
    read_request_line(reader, *request, reader.text(source, "request"), operation);
    return;
  }
  reader.check_keys(*request, "'request'", key_names("request"));
  read_request_line(reader, *request, reader.required_text(*request, "call", "'request'"),
                    operation);
  operation.query = reader.text_map(*request, "query");
  operation.headers = reader.text_map(*request, "headers");
  if (const Located* body = request->find("body")) operation.body = to_value(*body);
  if (request->find("repeatable") != nullptr) {
    operation.repeatable = reader.boolean(*request, "repeatable");
  }
}

// What HTTP says of the method (RFC 9110, section 9.2), unless the file says otherwise.
void read_traits(SourceReader& reader, const Located& source, Operation& operation) {
  const bool reads = operation.method == "GET" || operation.method == "HEAD";
  operation.traits.writes = !reads;
  operation.traits.pure = reads;
  operation.traits.idempotent = reads || operation.method == "PUT" || operation.method == "DELETE";
  if (const Located* traits = source.find("traits")) {
    reader.check_keys(*traits, "'traits'", key_names("traits"));
    operation.traits.writes = reader.boolean(*traits, "writes", operation.traits.writes);
    operation.traits.pure = reader.boolean(*traits, "pure", !operation.traits.writes);
    operation.traits.idempotent =
        reader.boolean(*traits, "idempotent", operation.traits.idempotent);
  }
}

}  // namespace

std::vector<Rule> read_rules(SourceReader& reader, const Located& source) {
  std::vector<Rule> result;
  const Located* rules = source.find("rules");
  if (rules == nullptr) return result;
  const std::vector<std::string> kinds = key_names("rule");
  for (const Located& at : rules->elements) {
    if (at.members.size() != 1) {
      reader.fault(at, "A rule is one of " + list_names(kinds) + " with a list of parameters.");
      continue;
    }
    const std::string& name = at.members.front().key;
    const auto kind = reader.one_of(at, name, "The rule", kinds);
    result.push_back({static_cast<Rule::Kind>(kind.value_or(0)), reader.texts(at, name)});
  }
  return result;
}

namespace {

bool has_parameter(const Operation& operation, std::string_view name) {
  return std::any_of(operation.parameters.begin(), operation.parameters.end(),
                     [&](const RestParameter& p) { return p.parameter.name == name; });
}

template <typename Use>
void each_single_name(const Value& value, const Use& use) {
  if (const auto name = single_name(value)) use(*name);
  for (const View part : value.elements()) each_single_name(value.share(part), use);
  for (const auto& member : value.members()) each_single_name(value.share(member.second), use);
}

// The texts of the fixed parts that are one "{name}".
template <typename Use>
void each_single_name(const Operation& operation, const Use& use) {
  for (const auto& pair : operation.query) each_single_name(Value(pair.second), use);
  each_single_name(operation.body, use);
}

void check_names(SourceReader& reader, const Located& source, const Operation& operation) {
  for (const std::string& name : template_names(operation.method + operation.path)) {
    if (!has_parameter(operation, name)) {
      reader.fault(source, "The path names '" + name + "', which is no parameter.");
    }
  }
  each_single_name(operation, [&](const std::string& name) {
    if (!has_parameter(operation, name)) {
      reader.fault(source, "'{" + name + "}' in the request names no parameter.");
    }
  });
  for (const Rule& rule : operation.rules) {
    for (const std::string& name : rule.parameters) {
      if (!has_parameter(operation, name)) {
        reader.fault(source, "A rule names '" + name + "', which is no parameter.");
      }
    }
  }
}

void check_wire(SourceReader& reader, const Located& source, const Wire& wire,
                const Package& package) {
  if (!wire.id_kind.empty() &&
      std::none_of(package.ids.begin(), package.ids.end(),
                   [&](const IdKind& kind) { return kind.name == wire.id_kind; })) {
    reader.fault(source, "The package knows no id '" + wire.id_kind + "'.");
  }
  if (!wire.lookup.empty() && wire.lookup.front() != '{' &&
      std::none_of(package.lookups.begin(), package.lookups.end(),
                   [&](const Lookup& lookup) { return lookup.name == wire.lookup; })) {
    reader.fault(source, "The package knows no look-up '" + wire.lookup + "'.");
  }
  for (const Wire& child : wire.children) check_wire(reader, source, child, package);
}

// Parameters in the path need no `send`; all others must say where they go.
void settle_places(SourceReader& reader, const Located& source, Operation& operation) {
  const auto names = template_names(operation.path);
  const Located* parameters = source.find("parameters");
  for (RestParameter& parameter : operation.parameters) {
    const std::string& name = parameter.parameter.name;
    const Located* at = parameters == nullptr ? nullptr : parameters->find(name);
    const bool in_path = std::find(names.begin(), names.end(), name) != names.end();
    if (in_path) parameter.wire.place = Place::path;
    if (!in_path && at != nullptr && at->find("send") == nullptr) {
      reader.fault(*at, "Parameter '" + name + "' is not in the path and needs 'send'.");
    }
    if (at != nullptr) check_wire(reader, *at, parameter.wire, *operation.package);
  }
}

void add_limit(Operation& operation) {
  if (!operation.paging || has_parameter(operation, kLimit)) return;
  RestParameter limit;
  limit.parameter.name = kLimit;
  limit.parameter.type = ParameterType::integer;
  limit.parameter.title = "Limit";
  limit.parameter.text = "The most items to give for each input item; without it, all of them.";
  limit.parameter.min = 1;
  operation.parameters.push_back(std::move(limit));
}

}  // namespace

Operation read_operation(const std::string& id, const Located& source, const std::string& file,
                         const std::shared_ptr<const Package>& package, Diagnostics& diagnostics) {
  SourceReader reader(file, diagnostics);
  Operation operation;
  operation.id = id;
  operation.package = package;
  if (!reader.check_keys(source, "An operation", key_names("operation"))) {
    return operation;
  }
  operation.version = static_cast<int>(reader.integer(source, "version", 1));
  operation.title = reader.required_text(source, "title", "An operation");
  operation.text = reader.text(source, "text");
  operation.api = reader.texts(source, "api");
  operation.examples = reader.texts(source, "examples");
  read_request(reader, source, operation);
  read_traits(reader, source, operation);
  if (const Located* parameters = source.find("parameters")) {
    operation.parameters = read_rest_parameters(reader, *parameters);
  }
  operation.rules = read_rules(reader, source);
  check_names(reader, source, operation);
  settle_places(reader, source, operation);
  if (const Located* paging = source.find("paging"))
    operation.paging = read_paging(reader, *paging);
  if (const Located* response = source.find("response")) {
    operation.response = read_response(reader, *response);
  }
  add_limit(operation);
  return operation;
}

}  // namespace engine::rest
