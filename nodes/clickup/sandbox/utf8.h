// Bytes from outside that end up in JSON answers.
#pragma once

#include <string_view>

namespace engine::clickup::sandbox {

/// Whether it is well-formed UTF-8 (RFC 3629): what a path, query or form brings may be any bytes,
/// and one bad byte would make an answer that no client can read.
bool is_utf8(std::string_view text);

}  // namespace engine::clickup::sandbox
