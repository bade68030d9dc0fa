// Plain scalars by the core schema of YAML 1.2.2 (section 10.3.2). Private to core/workflow.
#pragma once

#include <string_view>

#include "core/value/value.h"

namespace engine::workflow {

/// null, true, 42, 0x1f, 0o17, 1.5e3; a text for everything else (`on`, `no`, `.inf`, dates).
/// Integers keep 64 bits, other numbers their text.
Value resolve_plain(std::string_view text);

}  // namespace engine::workflow
