// Finding what people mean by a name.
#pragma once

#include <string>
#include <string_view>
#include <vector>

#include "core/base/error.h"
#include "core/value/value.h"

namespace engine::rest {

struct Candidate {
  Value id;
  std::vector<std::string> names;  ///< any of them will do; the first is shown
  Value element;
};

/// The one that is called so; a name that is equal but for the case of its letters counts when none
/// is equal. Null when there is none. Throws Error{user, "ambiguous_name"} that lists those that
/// fit. `what` says what is looked for, in the singular: "List".
const Candidate* find_named(std::string_view name, const std::vector<Candidate>& candidates,
                            const std::string& what);

/// Error{user, "unknown_name"} with near names and what there is. `whose`: "ClickUp".
Error unknown_name(std::string_view name, const std::vector<Candidate>& candidates,
                   const std::string& whose, const std::string& what);

/// "Bugs (901)"
std::string shown(const Candidate& candidate);

}  // namespace engine::rest
