#include "core/expression/analysis.h"

#include <algorithm>

#include "core/expression/scanner.h"

namespace engine::expression {
namespace {

class Analyser {
 public:
  explicit Analyser(std::string_view source) : source_(source), tokens_(scan(source)) {}

  Analysis run() {
    for (std::size_t i = 0; i < tokens_.size(); ++i) {
      if (tokens_[i].kind == Token::Kind::identifier && !is_member(i)) visit(i);
    }
    result_.uses_json = result_.whole_json || !result_.fields.empty();
    return std::move(result_);
  }

 private:
  std::string_view text(std::size_t i) const {
    return i < tokens_.size() ? tokens_[i].of(source_) : std::string_view();
  }
  bool is_kind(std::size_t i, Token::Kind kind) const {
    return i < tokens_.size() && tokens_[i].kind == kind;
  }
  bool is_member(std::size_t i) const {
    return i > 0 && (text(i - 1) == "." || text(i - 1) == "?.");
  }

  void visit(std::size_t i) {
    const std::string_view name = text(i);
    if (name == "eval") result_.whole_json = true;
    if (name == "import") result_.imports.push_back(tokens_[i].begin);
    if (name[0] != '$') return;
    add(result_.globals, name);
    if (name == "$json") visit_json(i);
    if (name == "$" && text(i + 1) == "(") visit_call(i);
    if (name == "$node") visit_node(i);
  }

  // The key behind token `i` when it is `.key`, `?.key` or `['key']`; `after` is what follows it.
  bool take_key(std::size_t i, std::string& key, std::size_t& after) const {
    std::size_t at = i + 1;
    const bool chain = text(at) == "?.";
    if ((chain || text(at) == ".") && is_kind(at + 1, Token::Kind::identifier)) {
      key = text(at + 1);
      after = at + 2;
      return key.find('\\') == std::string::npos;
    }
    if (chain) ++at;
    if (text(at) != "[" || text(at + 2) != "]") return false;
    after = at + 3;
    return literal(at + 1, key);
  }

  bool literal(std::size_t i, std::string& key) const {
    return (is_kind(i, Token::Kind::string) || is_kind(i, Token::Kind::piece)) &&
           literal_text(text(i), key);
  }

  void visit_json(std::size_t i) {
    std::string key;
    std::size_t after = 0;
    // A method gets all of `$json` as its `this`.
    const bool field = take_key(i, key, after) && text(after) != "(" &&
                       !is_kind(after, Token::Kind::piece) &&
                       !(text(after) == "?." && text(after + 1) == "(");
    if (field) {
      add(result_.fields, key);
    } else {
      result_.whole_json = true;
    }
  }

  void visit_call(std::size_t i) {
    std::string id;
    if (literal(i + 2, id) && text(i + 3) == ")") {
      result_.nodes.push_back({id, tokens_[i].begin});
    } else {
      result_.dynamic.push_back(tokens_[i].begin);
    }
  }

  void visit_node(std::size_t i) {
    std::string id;
    std::size_t after = 0;
    if (take_key(i, id, after)) {
      result_.nodes.push_back({id, tokens_[i].begin});
    } else {
      result_.dynamic.push_back(tokens_[i].begin);
    }
  }

  static void add(std::vector<std::string>& names, std::string_view name) {
    if (std::find(names.begin(), names.end(), name) == names.end()) names.emplace_back(name);
  }

  std::string_view source_;
  std::vector<Token> tokens_;
  Analysis result_;
};

}  // namespace

bool literal_text(std::string_view token, std::string& text) {
  if (token.size() < 2 || token.front() != token.back() || token.front() == '}') return false;
  text = token.substr(1, token.size() - 2);
  return text.find('\\') == std::string::npos;
}

std::string without_async(std::string_view source) {
  std::string result(source);
  const std::vector<Token> tokens = scan(source);
  for (std::size_t i = 0; i + 1 < tokens.size(); ++i) {
    const std::string_view word = tokens[i].of(source);
    const std::string_view after = tokens[i + 1].of(source);
    const bool member =
        i > 0 && (tokens[i - 1].of(source) == "." || tokens[i - 1].of(source) == "?.");
    const bool named = after == ":" || after == "=" || after == "," || after == "}" || after == ";";
    if (tokens[i].kind != Token::Kind::identifier || member || named) continue;
    if (word == "async" || word == "await") {
      result.replace(tokens[i].begin, word.size(), word.size(), ' ');
    }
  }
  return result;
}

Analysis analyse(std::string_view source) {
  return Analyser(source).run();
}

}  // namespace engine::expression
