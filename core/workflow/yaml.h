// YAML with positions, limits and no surprises (YAML 1.2 core schema: `on` and `no` are texts).
#pragma once

#include <string>
#include <string_view>

#include "core/base/diagnostic.h"
#include "core/value/located.h"

namespace engine::workflow {

struct YamlLimits {
  std::size_t bytes = 8U << 20U;
  std::size_t depth = 100;
  std::size_t alias_expansions = 10'000;  ///< those inside of expanded values counted again
  std::size_t nodes = 2'000'000;          ///< values in all, expanded ones included
};

/// Reads one document. False when there are faults (syntax, tabs, duplicate keys, an unquoted `{{`,
/// bad UTF-8, limits), all put into `diagnostics` as far as reading can go on.
bool read_yaml(std::string_view text, const std::string& file, Located& result,
               Diagnostics& diagnostics, const YamlLimits& limits = {});

}  // namespace engine::workflow
