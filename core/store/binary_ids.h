// Finds what stored items refer to.
#pragma once

#include <set>
#include <string>
#include <string_view>

namespace engine::store {

/// Adds the ids of binary data in a JSON text: members `id` with 64 hexadecimal digits.
void collect_binary_ids(std::string_view json, std::set<std::string, std::less<>>& ids);

}  // namespace engine::store
