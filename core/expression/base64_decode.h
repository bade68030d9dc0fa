// Reading base64 as lenient as the extension method of strings is.
#pragma once

#include <string>
#include <string_view>

namespace engine::expression {

/// Also the URL alphabet, with or without padding; other characters are skipped.
std::string base64_decode(std::string_view text);

}  // namespace engine::expression
