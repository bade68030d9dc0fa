// Tokens of JavaScript: enough to find where an expression ends and what it names. Reads any text
// without recursion; faults are left to the real parser.
#pragma once

#include <string_view>
#include <vector>

namespace engine::expression {

struct Token {
  enum class Kind { identifier, number, string, piece, regex, punctuation, end };

  Kind kind = Kind::end;  ///< `piece`: the text of a template literal between its substitutions
  std::size_t begin = 0;  ///< bytes into the scanned text
  std::size_t end = 0;
  bool broken = false;    ///< a string, template or comment that never ends
  std::size_t depth = 0;  ///< open brackets before this token

  std::string_view of(std::string_view text) const { return text.substr(begin, end - begin); }
};

class Scanner {
 public:
  explicit Scanner(std::string_view text, std::size_t at = 0) : text_(text), at_(at) {}

  /// White space and comments are skipped. Gives `end` for ever at the end.
  Token next();

  /// A closing bracket had no fitting partner.
  bool unbalanced() const { return unbalanced_; }

 private:
  bool skip_space();
  void take_word(Token& token);
  void take_number(Token& token);
  void take_string(Token& token);
  void take_piece(Token& token);
  void take_regex(Token& token);
  void take_punctuation(Token& token);
  void close(char bracket, Token& token);

  std::string_view text_;
  std::size_t at_;
  std::vector<char> open_;  // '(', '[', '{', and '$' for the substitution of a template literal
  bool operand_before_ = false;  // a '/' now divides
  bool unbalanced_ = false;
};

/// All tokens, without the last one of kind `end`.
std::vector<Token> scan(std::string_view text);

/// True when brackets pair up and every string, template and comment ends: then the text cannot
/// reach out of the parentheses that are put around it.
bool is_closed(std::string_view text);

}  // namespace engine::expression
