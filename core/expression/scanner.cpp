#include "core/expression/scanner.h"

#include <algorithm>
#include <array>

namespace engine::expression {
namespace {

bool is_digit(char c) {
  return c >= '0' && c <= '9';
}

bool is_word(char c) {
  return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || is_digit(c) || c == '_' || c == '$' ||
         c == '\\' || c == '#' || static_cast<unsigned char>(c) >= 0x80;
}

// Behind these words an operand follows, so that a '/' begins a regular expression.
bool is_operator_word(std::string_view word) {
  constexpr std::array<std::string_view, 13> kWords{
      "return", "typeof", "instanceof", "in",   "of",    "new",  "delete",
      "void",   "throw",  "case",       "else", "yield", "await"};
  return std::find(kWords.begin(), kWords.end(), word) != kWords.end();
}

}  // namespace

// False when a comment never ends.
bool Scanner::skip_space() {
  while (at_ < text_.size()) {
    const char c = text_[at_];
    if (c == ' ' || c == '\t' || c == '\n' || c == '\r' || c == '\f' || c == '\v') {
      ++at_;
    } else if (text_.substr(at_, 2) == "//") {
      at_ = std::min(text_.find('\n', at_), text_.size());
    } else if (text_.substr(at_, 2) == "/*") {
      const std::size_t end = text_.find("*/", at_ + 2);
      if (end == std::string_view::npos) {
        at_ = text_.size();
        return false;
      }
      at_ = end + 2;
    } else {
      break;
    }
  }
  return true;
}

Token Scanner::next() {
  Token token;
  token.broken = !skip_space();
  token.begin = token.end = at_;
  token.depth = open_.size();
  if (at_ >= text_.size()) {
    token.broken = token.broken || !open_.empty();
    return token;
  }
  const char c = text_[at_];
  const char after = at_ + 1 < text_.size() ? text_[at_ + 1] : '\0';
  if (is_digit(c) || (c == '.' && is_digit(after))) {
    take_number(token);
  } else if (is_word(c)) {
    take_word(token);
  } else if (c == '"' || c == '\'') {
    take_string(token);
  } else if (c == '`' || (c == '}' && !open_.empty() && open_.back() == '$')) {
    take_piece(token);
  } else if (c == '/' && !operand_before_) {
    take_regex(token);
  } else {
    take_punctuation(token);
  }
  token.end = at_;
  return token;
}

void Scanner::take_word(Token& token) {
  token.kind = Token::Kind::identifier;
  while (at_ < text_.size() && is_word(text_[at_])) ++at_;
  operand_before_ = !is_operator_word(text_.substr(token.begin, at_ - token.begin));
}

void Scanner::take_number(Token& token) {
  token.kind = Token::Kind::number;
  operand_before_ = true;
  const bool hexadecimal = text_.substr(at_, 2) == "0x" || text_.substr(at_, 2) == "0X";
  for (; at_ < text_.size(); ++at_) {
    const char c = text_[at_];
    const char before = at_ > token.begin ? text_[at_ - 1] : '\0';
    const bool exponent_sign =
        (c == '+' || c == '-') && !hexadecimal && (before == 'e' || before == 'E');
    if (!is_word(c) && c != '.' && !exponent_sign) break;
  }
}

void Scanner::take_string(Token& token) {
  token.kind = Token::Kind::string;
  operand_before_ = true;
  const char quote = text_[at_];
  for (++at_; at_ < text_.size(); ++at_) {
    if (text_[at_] == '\\') {
      ++at_;
    } else if (text_[at_] == quote) {
      ++at_;
      return;
    } else if (text_[at_] == '\n') {
      break;
    }
  }
  at_ = std::min(at_, text_.size());
  token.broken = true;
}

void Scanner::take_piece(Token& token) {
  token.kind = Token::Kind::piece;
  if (text_[at_] == '}') open_.pop_back();
  for (++at_; at_ < text_.size(); ++at_) {
    if (text_[at_] == '\\') {
      ++at_;
    } else if (text_[at_] == '`') {
      ++at_;
      operand_before_ = true;
      return;
    } else if (text_.substr(at_, 2) == "${") {
      at_ += 2;
      open_.push_back('$');
      operand_before_ = false;
      return;
    }
  }
  at_ = text_.size();
  token.broken = true;
}

void Scanner::take_regex(Token& token) {
  token.kind = Token::Kind::regex;
  operand_before_ = true;
  bool in_class = false;
  for (++at_; at_ < text_.size() && text_[at_] != '\n'; ++at_) {
    const char c = text_[at_];
    if (c == '\\') {
      ++at_;
    } else if (c == '[' || c == ']') {
      in_class = c == '[';
    } else if (c == '/' && !in_class) {
      ++at_;
      while (at_ < text_.size() && is_word(text_[at_])) ++at_;
      return;
    }
  }
  at_ = std::min(at_, text_.size());
  token.broken = true;
}

void Scanner::take_punctuation(Token& token) {
  token.kind = Token::Kind::punctuation;
  const char c = text_[at_];
  const bool chain =
      text_.substr(at_, 2) == "?." && !(at_ + 2 < text_.size() && is_digit(text_[at_ + 2]));
  at_ += text_.substr(at_, 3) == "..." ? 3 : chain || text_.substr(at_, 2) == "=>" ? 2 : 1;
  operand_before_ = c == ')' || c == ']' || c == '}';
  if (c == '(' || c == '[' || c == '{') open_.push_back(c);
  if (operand_before_) close(c, token);
}

void Scanner::close(char bracket, Token& token) {
  const char partner = bracket == ')' ? '(' : bracket == ']' ? '[' : '{';
  if (!open_.empty() && open_.back() == partner) {
    open_.pop_back();
    return;
  }
  unbalanced_ = true;
  token.broken = true;
}

std::vector<Token> scan(std::string_view text) {
  std::vector<Token> tokens;
  Scanner scanner(text);
  for (Token token = scanner.next(); token.kind != Token::Kind::end; token = scanner.next()) {
    tokens.push_back(token);
  }
  return tokens;
}

bool is_closed(std::string_view text) {
  Scanner scanner(text);
  for (;;) {
    const Token token = scanner.next();
    if (token.broken) return false;
    if (token.kind == Token::Kind::end) return true;
  }
}

}  // namespace engine::expression
