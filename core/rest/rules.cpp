#include "core/rest/rules.h"

#include <algorithm>

#include "core/base/error.h"
#include "core/base/nearest.h"

namespace engine::rest {
namespace {

std::string others(const Rule& rule) {
  return list_names({rule.parameters.begin() + 1, rule.parameters.end()});
}

Error rule_error(const Rule& rule, const std::string& fault) {
  Error error(ErrorCause::user, "bad_parameter", fault);
  error.where.parameter = rule.parameters.front();
  return error;
}

}  // namespace

std::string broken(const Rule& rule, const std::function<bool(std::string_view)>& given) {
  const auto& names = rule.parameters;
  const auto count =
      std::count_if(names.begin(), names.end(), [&](const std::string& n) { return given(n); });
  const auto all = static_cast<std::ptrdiff_t>(names.size());
  switch (rule.kind) {
    case Rule::Kind::exactly_one:
      return count == 1 ? "" : "Exactly one of " + list_names(names) + " must be given.";
    case Rule::Kind::at_most_one:
      return count <= 1 ? "" : "Only one of " + list_names(names) + " may be given.";
    case Rule::Kind::at_least_one:
      return count >= 1 ? "" : "At least one of " + list_names(names) + " must be given.";
    case Rule::Kind::together:
      return count == 0 || count == all
                 ? ""
                 : "The parameters " + list_names(names) + " belong together: give all or none.";
    case Rule::Kind::requires_all:
      return !given(names.front()) || count == all
                 ? ""
                 : "With '" + names.front() + "', " + others(rule) + " must be given too.";
  }
  return "";
}

void check_rules(const std::vector<Rule>& rules,
                 const std::function<bool(std::string_view)>& given) {
  for (const Rule& rule : rules) {
    const std::string fault = broken(rule, given);
    if (fault.empty()) continue;
    throw rule_error(rule, fault);
  }
}

void check_rules(const Operation& operation, const Located& with, const std::string& file,
                 Diagnostics& diagnostics) {
  if (with.kind != Kind::object && with.kind != Kind::null) return;
  for (const Rule& rule : operation.rules) {
    const std::string fault =
        broken(rule, [&](std::string_view name) { return with.find(name) != nullptr; });
    if (!fault.empty()) diagnostics.add(with.position(file), "bad_parameter", fault);
  }
}

}  // namespace engine::rest
