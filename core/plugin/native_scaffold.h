// New packages in C and C++, to begin with.
#pragma once

#include <string>
#include <utility>
#include <vector>

namespace engine::plugin {

enum class NativeLanguage { c, cpp };

/// Name and text of each file: a node, a credential type, a test, what builds and explains them.
/// `name` is that of the package, [a-z][a-z0-9_]*.
std::vector<std::pair<std::string, std::string>> native_scaffold(const std::string& name,
                                                                 NativeLanguage language);

}  // namespace engine::plugin
