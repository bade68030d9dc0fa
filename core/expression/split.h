// Splits a text at `{{` and `}}`.
#pragma once

#include <string>
#include <string_view>
#include <vector>

namespace engine::expression {

/// Plain text, or the JavaScript between braces.
struct Piece {
  enum class Kind { text, expression, unclosed };

  Kind kind = Kind::text;
  std::string text;        ///< of an expression without the spaces around it
  std::size_t offset = 0;  ///< where it begins in the source, in bytes
};

/// Finds the real end of a segment: braces in strings, template and object literals do not count.
/// `\{{` is a literal `{{`, and `\\{{` a backslash before a segment.
std::vector<Piece> split_text(std::string_view source);

}  // namespace engine::expression
