#include "core/rest/parameter_reader.h"

#include <algorithm>

#include "core/rest/vocabulary.h"
#include "core/value/json.h"

namespace engine::rest {
namespace {

std::vector<Choice> read_choices(SourceReader& reader, const Located& at) {
  const Located* choices = at.find("choices");
  std::vector<Choice> result;
  if (choices == nullptr) return result;
  for (const Located& element : choices->elements) {
    result.push_back({to_text(element.scalar), ""});
  }
  for (const LocatedMember& member : choices->members) {
    result.push_back({member.key, to_text(member.value.scalar)});
  }
  if (result.empty()) reader.fault(*choices, "'choices' must be a list, or a map of texts.");
  return result;
}

std::vector<ShowWhen> read_show_when(SourceReader& reader, const Located& at) {
  std::vector<ShowWhen> result;
  for (const auto& [name, value] : reader.value_map(at, "show_when")) {
    ShowWhen condition{name, {}};
    if (value.is_array()) {
      for (const View element : value.elements()) {
        condition.values.push_back(value.share(element));
      }
    } else {
      condition.values.push_back(value);
    }
    result.push_back(std::move(condition));
  }
  return result;
}

// The parts: `children` of objects by name, `of` of lists and maps as one unnamed part.
template <typename Read>
void each_part(SourceReader& reader, const Located& at, Read read) {
  if (const Located* children = at.find("children")) {
    if (children->kind != Kind::object) reader.fault(*children, "'children' must be a map.");
    for (const LocatedMember& child : children->members) read(child.key, child.value);
  }
  if (const Located* element = at.find("of")) {
    if (element->kind == Kind::object) {
      read("", *element);
    } else {
      Located typed;
      typed.line = element->line;
      typed.column = element->column;
      set_member(typed, "type", *element);
      read("", typed);
    }
  }
}

void read_values(SourceReader& reader, const Located& at, Parameter& parameter) {
  parameter.min = reader.number(at, "min");
  parameter.max = reader.number(at, "max");
  if (const Located* value = at.find("default")) parameter.default_value = to_value(*value);
  if (const Located* examples = at.find("examples")) {
    for (const Located& example : examples->elements) {
      parameter.examples.push_back(to_value(example));
    }
  }
}

Conversion default_conversion(const Parameter& parameter) {
  switch (parameter.type) {
    case ParameterType::duration: return Conversion::duration_ms;
    case ParameterType::time: return Conversion::time_ms;
    default: return Conversion::none;
  }
}

Wire read_wire(SourceReader& reader, const Parameter& parameter, const Located& at) {
  Wire wire;
  wire.name = reader.text(at, "as", parameter.name);
  if (const Located* send = at.find("send")) {
    const auto place =
        reader.one_of(*send, reader.text(at, "send"), "The place", words_of("wire", "send"));
    wire.place = static_cast<Place>(place.value_or(0));
  }
  wire.conversion = default_conversion(parameter);
  read_conversion(reader, at, wire);
  wire.or_only = reader.boolean(at, "or_only");
  wire.typed_by = reader.text(at, "typed_by");
  wire.compared = reader.boolean(at, "compared");
  wire.flag = reader.text(at, "flag");
  wire.also = reader.text_map(at, "also");
  if (!wire.flag.empty() && wire.conversion != Conversion::time_ms && wire.typed_by.empty()) {
    reader.fault(at, "'flag' belongs to a time (convert: time_ms).");
  }
  if (wire.or_only && wire.lookup.empty()) reader.fault(at, "'or_only' needs 'lookup'.");
  each_part(reader, at, [&](const std::string& name, const Located& part) {
    wire.children.push_back(
        read_wire(reader, read_parameter(reader, name, part, key_names("wire")), part));
  });
  return wire;
}

}  // namespace

void read_conversion(SourceReader& reader, const Located& at, Wire& wire) {
  if (const Located* convert = at.find("convert")) {
    const auto found = reader.one_of(*convert, reader.text(at, "convert"), "The conversion",
                                     words_of("wire", "convert"));
    wire.conversion = static_cast<Conversion>(found.value_or(0));
  }
  wire.map = reader.value_map(at, "map");
  wire.id_kind = reader.text(at, "id");
  if (!wire.id_kind.empty()) wire.conversion = Conversion::id;
  wire.date_hour = static_cast<int>(reader.integer(at, "date_hour", 0));
  wire.lookup = reader.text(at, "lookup");
}

Parameter read_parameter(SourceReader& reader, const std::string& name, const Located& at,
                         const std::vector<std::string>& further) {
  Parameter parameter;
  parameter.name = name;
  std::vector<std::string> known = key_names("parameter");
  known.insert(known.end(), further.begin(), further.end());
  const std::string what = name.empty() ? "An element" : "Parameter '" + name + "'";
  if (!reader.check_keys(at, what, known)) return parameter;
  const std::string type = reader.text(at, "type", "string");
  if (const auto parsed = parse_parameter_type(type)) {
    parameter.type = *parsed;
  } else {
    reader.fault(*at.find("type"), what + " has the unknown type '" + type + "'.");
  }
  parameter.title = reader.text(at, "title");
  parameter.text = reader.text(at, "text");
  parameter.unit = reader.text(at, "unit");
  parameter.required = reader.boolean(at, "required");
  parameter.secret = reader.boolean(at, "secret");
  parameter.nullable = reader.boolean(at, "nullable");
  parameter.list_or_one = reader.boolean(at, "list_or_one");
  parameter.choices = read_choices(reader, at);
  parameter.show_when = read_show_when(reader, at);
  read_values(reader, at, parameter);
  each_part(reader, at, [&](const std::string& part, const Located& value) {
    parameter.children.push_back(read_parameter(reader, part, value, further));
  });
  if (parameter.type == ParameterType::choice && parameter.choices.empty()) {
    reader.fault(at, what + " is a choice and needs 'choices'.");
  }
  return parameter;
}

RestParameter read_rest_parameter(SourceReader& reader, const std::string& name,
                                  const Located& at) {
  RestParameter result;
  result.parameter = read_parameter(reader, name, at, key_names("wire"));
  if (at.kind != Kind::object) return result;
  // Faults inside were noted just now; the diagnostics drop the same fault at the same place.
  result.wire = read_wire(reader, result.parameter, at);
  return result;
}

std::vector<RestParameter> read_rest_parameters(SourceReader& reader, const Located& map) {
  std::vector<RestParameter> result;
  if (map.kind != Kind::object) {
    reader.fault(map, "'parameters' must be a map.");
    return result;
  }
  for (const LocatedMember& member : map.members) {
    result.push_back(read_rest_parameter(reader, member.key, member.value));
  }
  return result;
}

}  // namespace engine::rest
