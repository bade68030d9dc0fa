#include "core/expression/split.h"

#include "core/expression/scanner.h"

namespace engine::expression {
namespace {

// The offset of the `}}` that ends the segment beginning at `begin`; npos when there is none.
std::size_t find_end(std::string_view source, std::size_t begin) {
  Scanner scanner(source, begin);
  for (;;) {
    const Token token = scanner.next();
    const bool closing = token.kind == Token::Kind::punctuation && token.broken;
    if (closing && source.substr(token.begin, 2) == "}}") return token.begin;
    // What does not scan ends at the first braces, and the check of its JavaScript says why.
    if (token.kind == Token::Kind::end || (token.broken && !closing)) {
      return source.find("}}", begin);
    }
  }
}

void add_text(std::vector<Piece>& pieces, std::string_view text) {
  if (text.empty()) return;
  if (pieces.empty() || pieces.back().kind != Piece::Kind::text) pieces.emplace_back();
  pieces.back().text += text;
}

void add_expression(std::vector<Piece>& pieces, std::string_view source, std::size_t begin,
                    std::size_t end) {
  constexpr std::string_view kSpace = " \t\r\n";
  Piece piece{Piece::Kind::expression, {}, begin};
  const std::string_view inside = source.substr(begin, end - begin);
  const std::size_t first = inside.find_first_not_of(kSpace);
  if (first != std::string_view::npos) {
    piece.text = inside.substr(first, inside.find_last_not_of(kSpace) + 1 - first);
    piece.offset = begin + first;
  }
  pieces.push_back(std::move(piece));
}

}  // namespace

std::vector<Piece> split_text(std::string_view source) {
  std::vector<Piece> pieces;
  std::size_t at = 0;
  while (at < source.size()) {
    const std::size_t open = source.find("{{", at);
    if (open == std::string_view::npos) break;
    std::size_t slashes = 0;
    while (open - slashes > at && source[open - slashes - 1] == '\\') ++slashes;
    add_text(pieces, source.substr(at, open - at - (slashes + 1) / 2));
    if (slashes % 2 == 1) {
      add_text(pieces, "{{");
      at = open + 2;
      continue;
    }
    const std::size_t end = find_end(source, open + 2);
    if (end == std::string_view::npos) {
      pieces.push_back({Piece::Kind::unclosed, {}, open});
      return pieces;
    }
    add_expression(pieces, source, open + 2, end);
    at = end + 2;
  }
  if (at < source.size()) add_text(pieces, source.substr(at));
  return pieces;
}

}  // namespace engine::expression
