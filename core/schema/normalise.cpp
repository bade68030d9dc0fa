#include <cctype>

#include "core/base/error.h"
#include "core/schema/fit.h"
#include "core/schema/parameter.h"

namespace engine {
namespace {

[[noreturn]] void fail(const std::string& path, const std::string& reason) {
  // The path is shown with the error's place; the message is the rest of the sentence.
  std::string message = reason;
  message[0] = static_cast<char>(std::toupper(static_cast<unsigned char>(message[0])));
  Error error(ErrorCause::user, "bad_parameter", message);
  error.where.parameter = path;
  throw error;
}

// NOLINTNEXTLINE(misc-no-recursion): as deep as the description
Value normalised(const Parameter& parameter, const Value& given, const std::string& path);

// NOLINTNEXTLINE(misc-no-recursion)
Value normalised_members(const Parameter& parameter, const Value& given, const std::string& path) {
  for (const auto& [key, member] : given.members()) {
    if (find_parameter(parameter.children, key) == nullptr) {
      const std::string full = path + "." + std::string(key);
      fail(full, "unknown key." + unknown_key(key, parameter.children));
    }
  }
  ValueBuilder builder;
  builder.begin_object();
  for (const Parameter& child : parameter.children) {
    const Value member = given[child.name];
    const Visible shown = visible(child, parameter.children, [&](const std::string& name) {
      return Sibling{given[name], false};
    });
    const std::string full = path + "." + child.name;
    if (shown == Visible::no) {
      if (!member.missing()) fail(full, visibility_rule(child) + ".");
      continue;
    }
    builder.key(child.name);
    builder.value(normalised(child, member, full));
  }
  builder.end_object();
  return builder.finish();
}

// NOLINTNEXTLINE(misc-no-recursion)
Value normalised_map(const Parameter& parameter, const Value& given, const std::string& path) {
  ValueBuilder builder;
  builder.begin_object();
  for (const auto& [key, member] : given.members()) {
    builder.key(key);
    builder.value(
        normalised(parameter.children[0], given.share(member), path + "." + std::string(key)));
  }
  builder.end_object();
  return builder.finish();
}

// NOLINTNEXTLINE(misc-no-recursion)
Value normalised_list(const Parameter& parameter, const Value& given, const std::string& path) {
  if (!given.is_array()) {
    if (!parameter.list_or_one || given.null()) {
      fail(path, mismatch(parameter, given.kind(), given, GivenBy::evaluation));
    }
    if (parameter.children.empty()) return Value::array({given});
    return Value::array({normalised(parameter.children[0], given, path)});
  }
  if (!fits_length(parameter, given.size()))
    fail(path, mismatch(parameter, given.kind(), given, GivenBy::evaluation));
  if (parameter.children.empty()) return given;
  ValueBuilder builder;
  builder.begin_array();
  for (std::size_t i = 0; i < given.size(); ++i) {
    builder.value(
        normalised(parameter.children[0], given[i], path + "[" + std::to_string(i) + "]"));
  }
  builder.end_array();
  return builder.finish();
}

// NOLINTNEXTLINE(misc-no-recursion)
Value normalised(const Parameter& parameter, const Value& given, const std::string& path) {
  if (given.missing()) {
    if (parameter.required && parameter.default_value.missing()) {
      fail(path,
           "it is required, and its value is missing. Expected " + expectation(parameter) + ".");
    }
    return parameter.default_value;
  }
  if (given.null() && parameter.nullable) return given;
  switch (parameter.type) {
    case ParameterType::object:
    case ParameterType::map:
      if (!given.is_object())
        fail(path, mismatch(parameter, given.kind(), given, GivenBy::evaluation));
      if (parameter.children.empty()) return given;
      return parameter.type == ParameterType::object ? normalised_members(parameter, given, path)
                                                     : normalised_map(parameter, given, path);
    case ParameterType::list: return normalised_list(parameter, given, path);
    default: {
      Value fitting = fit_scalar(parameter, given);
      if (fitting.missing())
        fail(path, mismatch(parameter, given.kind(), given, GivenBy::evaluation));
      return fitting;
    }
  }
}

}  // namespace

Value normalise(const Parameter& parameter, const Value& given) {
  return normalised(parameter, given, parameter.name);
}

}  // namespace engine
