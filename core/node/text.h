// Bytes from outside that are to become texts.
#pragma once

#include <string>
#include <string_view>

namespace engine {

/// UTF-8 as it is; bytes that are none are read as Latin-1, which is what old systems send.
std::string as_utf8(std::string_view bytes);

}  // namespace engine
