#include "core/schema/parameter.h"

#include <algorithm>
#include <array>
#include <cctype>
#include <utility>

namespace engine {
namespace {

constexpr std::array<std::pair<ParameterType, std::string_view>, 11> kTypes{{
    {ParameterType::any, "any"},
    {ParameterType::string, "string"},
    {ParameterType::integer, "integer"},
    {ParameterType::number, "number"},
    {ParameterType::boolean, "boolean"},
    {ParameterType::choice, "choice"},
    {ParameterType::duration, "duration"},
    {ParameterType::time, "time"},
    {ParameterType::object, "object"},
    {ParameterType::map, "map"},
    {ParameterType::list, "list"},
}};

}  // namespace

std::string_view to_string(ParameterType type) {
  for (const auto& [value, name] : kTypes) {
    if (value == type) return name;
  }
  return "any";
}

std::optional<ParameterType> parse_parameter_type(std::string_view name) {
  for (const auto& [value, text] : kTypes) {
    if (text == name) return value;
  }
  return std::nullopt;
}

std::string title_of(const Parameter& parameter) {
  if (!parameter.title.empty()) return parameter.title;
  std::string title = parameter.name;
  std::replace(title.begin(), title.end(), '_', ' ');
  if (!title.empty()) {
    title[0] = static_cast<char>(std::toupper(static_cast<unsigned char>(title[0])));
  }
  return title;
}

const Parameter* find_parameter(const std::vector<Parameter>& parameters, std::string_view name) {
  for (const Parameter& parameter : parameters) {
    if (parameter.name == name) return &parameter;
  }
  return nullptr;
}

std::vector<std::string> parameter_names(const std::vector<Parameter>& parameters) {
  std::vector<std::string> names;
  names.reserve(parameters.size());
  for (const Parameter& parameter : parameters) names.push_back(parameter.name);
  return names;
}

}  // namespace engine
