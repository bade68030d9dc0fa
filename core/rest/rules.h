// What must hold between the parameters of an operation.
#pragma once

#include <functional>
#include <string>
#include <string_view>
#include <vector>

#include "core/base/diagnostic.h"
#include "core/rest/operation.h"
#include "core/value/located.h"

namespace engine::rest {

/// What is wrong, as a sentence; empty when the rule holds.
std::string broken(const Rule& rule, const std::function<bool(std::string_view)>& given);

/// Throws Error{user, "bad_parameter"} for the first broken rule.
void check_rules(const std::vector<Rule>& rules,
                 const std::function<bool(std::string_view)>& given);

/// At load: only rules that no pasted link can mend at run time.
void check_rules(const Operation& operation, const Located& with, const std::string& file,
                 Diagnostics& diagnostics);

}  // namespace engine::rest
