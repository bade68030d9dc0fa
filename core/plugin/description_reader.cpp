#include "core/plugin/description_reader.h"

#include <algorithm>
#include <set>

#include "core/base/nearest.h"

namespace engine::plugin {
namespace {

bool good_name(std::string_view name, std::string_view further) {
  return !name.empty() && name.size() <= 200 && std::all_of(name.begin(), name.end(), [&](char c) {
    return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9') || c == '_' ||
           further.find(c) != std::string_view::npos;
  });
}

// Reads members of JSON objects; every fault is noted with the way to its place.
class DescriptionReader {
 public:
  DescriptionReader(std::string file, Diagnostics& diagnostics)
      : file_(std::move(file)), diagnostics_(diagnostics) {}

  void fault(const std::string& place, const std::string& message) {
    diagnostics_.add({file_, 0, 0}, "bad_description", place + ": " + message);
  }

  void check_keys(View object, const std::string& place, const std::vector<std::string>& keys) {
    for (const auto& [key, value] : object.members()) {
      if (std::find(keys.begin(), keys.end(), key) != keys.end()) continue;
      fault(place, "Unknown key '" + std::string(key) + "'." + did_you_mean(key, keys));
    }
  }

  std::string text(View object, const std::string& place, const char* key) {
    const View value = object[key];
    if (value.given() && !value.is_string()) fault(place, std::string("'") + key + "' is a text.");
    return std::string(value.as_string());
  }

  bool flag(View object, const std::string& place, const char* key) {
    const View value = object[key];
    if (value.given() && !value.is_boolean()) {
      fault(place, std::string("'") + key + "' is true or false.");
    }
    return value.as_bool();
  }

  std::optional<double> number(View object, const std::string& place, const char* key) {
    const View value = object[key];
    if (!value.given()) return std::nullopt;
    if (!value.is_number()) fault(place, std::string("'") + key + "' is a number.");
    return value.as_number();
  }

  // A list of objects, each read by `read(element, place)`.
  template <typename Read>
  void objects(View object, const std::string& place, const char* key, const Read& read) {
    const View list = object[key];
    if (!list.given()) return;
    if (!list.is_array()) return fault(place, std::string("'") + key + "' is a list.");
    for (std::size_t i = 0; i < list.size(); ++i) {
      const std::string at = place + "." + key + "[" + std::to_string(i) + "]";
      if (list[i].is_object()) {
        read(list[i], at);
      } else {
        fault(at, "An object was expected.");
      }
    }
  }

  std::vector<std::string> texts(View object, const std::string& place, const char* key) {
    std::vector<std::string> result;
    const View list = object[key];
    if (list.given() && !list.is_array()) fault(place, std::string("'") + key + "' is a list.");
    for (const View element : list.elements()) {
      if (!element.is_string()) fault(place, std::string("'") + key + "' is a list of texts.");
      result.emplace_back(element.as_string());
    }
    return result;
  }

 private:
  std::string file_;
  Diagnostics& diagnostics_;
};

// ---------------------------------------------------------------- parameters

void read_choices(DescriptionReader& reader, const Value& json, const std::string& place,
                  Parameter& result) {
  reader.objects(json, place, "choices", [&](View choice, const std::string& at) {
    reader.check_keys(choice, at, {"value", "text"});
    result.choices.push_back({reader.text(choice, at, "value"), reader.text(choice, at, "text")});
  });
  if ((result.type == ParameterType::choice) == result.choices.empty()) {
    reader.fault(place, "'choices' belong to the type 'choice', and that has some.");
  }
}

void read_conditions(DescriptionReader& reader, const Value& json, const std::string& place,
                     Parameter& result) {
  reader.objects(json, place, "show_when", [&](View condition, const std::string& at) {
    reader.check_keys(condition, at, {"parameter", "values"});
    ShowWhen read{reader.text(condition, at, "parameter"), {}};
    for (const View value : condition["values"].elements())
      read.values.push_back(json.share(value));
    if (read.values.empty()) reader.fault(at, "'values' is a list with at least one value.");
    result.show_when.push_back(std::move(read));
  });
}

// A default that the parameter itself would refuse is found here and not in somebody's run.
void check_default(DescriptionReader& reader, const std::string& place,
                   const Parameter& parameter) {
  if (parameter.default_value.missing()) return;
  try {
    normalise(parameter, parameter.default_value);
  } catch (const Error& error) {
    reader.fault(place, "The default does not fit: " + error.message());
  }
}

std::vector<Parameter> read_parameters(DescriptionReader& reader, const Value& json,
                                       const std::string& place, const char* key, bool named);

// NOLINTNEXTLINE(misc-no-recursion): as deep as the JSON, which is limited
Parameter read_parameter(DescriptionReader& reader, const Value& json, const std::string& place,
                         bool named) {
  reader.check_keys(json, place,
                    {"name", "type", "title", "text", "required", "default", "choices", "min",
                     "max", "unit", "secret", "show_when", "children", "late", "literal",
                     "language", "nullable", "list_or_one", "examples"});
  Parameter result;
  result.name = reader.text(json, place, "name");
  if (named && !good_name(result.name, "-")) {
    reader.fault(place, "'name' has letters, digits, '_' and '-'.");
  }
  const std::string type = reader.text(json, place, "type");
  if (const auto known = parse_parameter_type(type)) {
    result.type = *known;
  } else {
    reader.fault(place,
                 "There is no type '" + type + "'." +
                     did_you_mean(type, {"any", "string", "integer", "number", "boolean", "choice",
                                         "duration", "time", "object", "map", "list"}));
  }
  result.title = reader.text(json, place, "title");
  result.text = reader.text(json, place, "text");
  result.required = reader.flag(json, place, "required");
  if (!json["default"].missing()) result.default_value = json["default"].detached();
  read_choices(reader, json, place, result);
  result.min = reader.number(json, place, "min");
  result.max = reader.number(json, place, "max");
  result.unit = reader.text(json, place, "unit");
  result.secret = reader.flag(json, place, "secret");
  read_conditions(reader, json, place, result);
  const bool members = result.type == ParameterType::object;
  result.children = read_parameters(reader, json, place, "children", members);
  result.late = reader.flag(json, place, "late");
  result.literal = reader.flag(json, place, "literal");
  result.language = reader.text(json, place, "language");
  result.nullable = reader.flag(json, place, "nullable");
  result.list_or_one = reader.flag(json, place, "list_or_one");
  const Value examples = json["examples"];
  for (const View example : examples.elements()) result.examples.push_back(examples.share(example));
  check_default(reader, place, result);
  return result;
}

void check_siblings(DescriptionReader& reader, const std::string& place,
                    const std::vector<Parameter>& parameters) {
  std::set<std::string> names;
  for (const Parameter& parameter : parameters) {
    if (!names.insert(parameter.name).second) {
      reader.fault(place, "The parameter '" + parameter.name + "' is there twice.");
    }
    for (const ShowWhen& condition : parameter.show_when) {
      if (find_parameter(parameters, condition.parameter) != nullptr) continue;
      reader.fault(place, "'show_when' of '" + parameter.name + "' names '" + condition.parameter +
                              "', which is no parameter beside it." +
                              did_you_mean(condition.parameter, parameter_names(parameters)));
    }
  }
}

// NOLINTNEXTLINE(misc-no-recursion)
std::vector<Parameter> read_parameters(DescriptionReader& reader, const Value& json,
                                       const std::string& place, const char* key, bool named) {
  std::vector<Parameter> result;
  reader.objects(json, place, key, [&](View element, const std::string& at) {
    result.push_back(read_parameter(reader, json.share(element), at, named));
  });
  if (named) check_siblings(reader, place, result);
  return result;
}

// ---------------------------------------------------------------- the rest

template <typename Port>
void read_ports(DescriptionReader& reader, const Value& json, const std::string& place,
                const char* key, std::vector<Port>& ports) {
  if (json[key].missing()) return;
  ports.clear();
  std::set<std::string> names;
  reader.objects(json, place, key, [&](View port, const std::string& at) {
    reader.check_keys(port, at, {"name", "text"});
    Port read{reader.text(port, at, "name"), reader.text(port, at, "text")};
    if (!good_name(read.name, "")) reader.fault(at, "'name' has letters, digits and '_'.");
    if (!names.insert(read.name).second) reader.fault(at, "'" + read.name + "' is there twice.");
    ports.push_back(std::move(read));
  });
}

void read_slots(DescriptionReader& reader, const Value& json, const std::string& place,
                Description& result) {
  reader.objects(json, place, "credentials", [&](View slot, const std::string& at) {
    reader.check_keys(slot, at, {"name", "types", "required"});
    CredentialSlot read;
    read.name = reader.text(slot, at, "name");
    read.types = reader.texts(slot, at, "types");
    read.required = slot["required"].missing() || reader.flag(slot, at, "required");
    result.credentials.push_back(std::move(read));
  });
}

void read_traits(DescriptionReader& reader, View traits, const std::string& place,
                 Description& result) {
  if (!traits.given()) return;
  reader.check_keys(traits, place, {"pure", "idempotent", "writes"});
  result.traits.pure = reader.flag(traits, place, "pure");
  result.traits.idempotent = reader.flag(traits, place, "idempotent");
  result.traits.writes = reader.flag(traits, place, "writes");
  if (result.traits.pure && result.traits.writes) {
    reader.fault(place, "What writes is not pure.");
  }
}

}  // namespace

bool belongs_to(const std::string& id, const std::string& package, char separator) {
  return id == package || (id.size() > package.size() + 1 && id.starts_with(package) &&
                           id[package.size()] == separator);
}

Description read_description(const Value& json, const std::string& package, const std::string& file,
                             Diagnostics& diagnostics) {
  DescriptionReader reader(file, diagnostics);
  Description result;
  if (!json.is_object()) {
    reader.fault("a node type", "The description is an object.");
    return result;
  }
  result.id = reader.text(json, "a node type", "id");
  const std::string place = result.id.empty() ? "a node type" : result.id;
  reader.check_keys(
      json, place,
      {"id", "version", "title", "text", "inputs", "open_inputs", "outputs", "dynamic_outputs",
       "parameters", "credentials", "traits", "since", "examples"});
  if (!good_name(result.id, ".") || !belongs_to(result.id, package, '.')) {
    reader.fault(place, "'id' is '" + package + "' or begins with '" + package + ".'.");
  }
  const auto version = json["version"].missing() ? 1 : json["version"].as_integer().value_or(0);
  if (version < 1 || version > 1'000'000) reader.fault(place, "'version' is a number from 1 on.");
  result.version = static_cast<int>(std::clamp<std::int64_t>(version, 1, 1'000'000));
  result.title = reader.text(json, place, "title");
  if (result.title.empty()) reader.fault(place, "'title' is missing.");
  result.text = reader.text(json, place, "text");
  read_ports(reader, json, place, "inputs", result.inputs);
  read_ports(reader, json, place, "outputs", result.outputs);
  result.open_inputs = reader.flag(json, place, "open_inputs");
  if (reader.flag(json, place, "dynamic_outputs")) {
    reader.fault(place, "A native plugin names its outputs; 'dynamic_outputs' is not for it.");
  }
  result.parameters = read_parameters(reader, json, place, "parameters", true);
  read_slots(reader, json, place, result);
  read_traits(reader, json["traits"], place, result);
  if (const std::string since = reader.text(json, place, "since"); !since.empty()) {
    result.since = since;
  }
  result.examples = reader.texts(json, place, "examples");
  return result;
}

}  // namespace engine::plugin
