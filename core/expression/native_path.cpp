#include "core/expression/native_path.h"

#include <algorithm>
#include <array>
#include <charconv>

#include "core/expression/analysis.h"
#include "core/expression/scanner.h"
#include "core/value/number.h"

namespace engine::expression {
namespace {

// Names that are computed by JavaScript; all others that begin with `$` are data.
bool is_computed(std::string_view name) {
  constexpr std::array<std::string_view, 9> kComputed{
      "$", "$now", "$today", "$jmespath", "$jmesPath", "$if", "$ifEmpty", "$min", "$max"};
  return std::find(kComputed.begin(), kComputed.end(), name) != kComputed.end();
}

std::optional<std::size_t> parse_index(std::string_view text) {
  std::size_t index = 0;
  const auto [end, error] = std::from_chars(text.data(), text.data() + text.size(), index);
  const bool canonical = text == "0" || (!text.empty() && text[0] != '0');
  if (error != std::errc() || end != text.data() + text.size() || !canonical) return std::nullopt;
  return index;
}

class PathCompiler {
 public:
  explicit PathCompiler(std::string_view source) : source_(source), tokens_(scan(source)) {
    path_.source = source;
  }

  std::optional<NativePath> compile() {
    if (compile_literal()) return std::move(path_);
    if (tokens_.empty() || !compile_root()) return std::nullopt;
    while (at_ < tokens_.size()) {
      NativePath::Step step;
      if (!take_step(step)) return std::nullopt;
      path_.steps.push_back(std::move(step));
    }
    return std::move(path_);
  }

 private:
  using Root = NativePath::Root;
  using Part = NativePath::Part;
  using Which = NativePath::Which;

  std::string_view text(std::size_t i) const {
    return i < tokens_.size() ? tokens_[i].of(source_) : std::string_view();
  }
  bool is_kind(std::size_t i, Token::Kind kind) const {
    return i < tokens_.size() && tokens_[i].kind == kind;
  }

  bool compile_literal() {
    const bool negative = tokens_.size() == 2 && text(0) == "-" && is_kind(1, Token::Kind::number);
    if (tokens_.size() != 1 && !negative) return false;
    const std::string_view word = text(0);
    std::string quoted;
    if (is_kind(0, Token::Kind::number) || negative) {
      const std::string number = negative ? "-" + std::string(text(1)) : std::string(word);
      return compile_number(number);
    }
    if (is_kind(0, Token::Kind::string) && !tokens_[0].broken && literal_text(word, quoted)) {
      path_.literal = Value(quoted);
    } else if (word == "true" || word == "false") {
      path_.literal = Value(word == "true");
    } else if (word == "null") {
      path_.literal = Value(nullptr);
    } else if (word != "undefined") {
      return false;
    }
    return true;
  }

  bool compile_number(const std::string& number) {
    const std::size_t digit = number[0] == '-' ? 1 : 0;
    const bool octal =
        number.size() > digit + 1 && number[digit] == '0' && number[digit + 1] != '.';
    if (octal || !parse_number(number)) return false;
    ValueBuilder builder;
    builder.number_text(number);
    path_.literal = builder.finish();
    return true;
  }

  bool compile_root() {
    const std::string_view name = text(0);
    if (tokens_[0].kind != Token::Kind::identifier || name[0] != '$') return false;
    at_ = 1;
    if (name == "$json" || name == "$binary") {
      path_.root = Root::current;
      path_.part = name == "$json" ? Part::json : Part::binary;
      return true;
    }
    if (name == "$item") return compile_part(Root::current);
    if (name == "$itemIndex") {
      path_.root = Root::item_index;
      return true;
    }
    if (name == "$input") return compile_which(Root::input);
    if (name == "$node") return compile_node();
    if (name == "$") return compile_call();
    if (is_computed(name)) return false;
    path_.root = Root::global;
    path_.name = name;
    return true;
  }

  bool compile_call() {
    if (text(1) != "(" || text(3) != ")" || !is_kind(2, Token::Kind::string)) return false;
    if (tokens_[2].broken || !literal_text(text(2), path_.name)) return false;
    at_ = 4;
    if (text(4) == "." && text(5) == "isExecuted") {
      at_ = 6;
      path_.root = Root::node;
      path_.part = Part::is_executed;
      return true;
    }
    return compile_which(Root::node);
  }

  bool compile_node() {
    NativePath::Step step;
    if (!take_step(step) || step.optional) return false;
    path_.name = step.key;
    return compile_part(Root::node);
  }

  // `.item`, `.first()` or `.last()`, then the part.
  bool compile_which(Root root) {
    if (text(at_) != ".") return false;
    const std::string_view word = text(at_ + 1);
    if (word == "item") {
      at_ += 2;
      return compile_part(root);
    }
    if ((word != "first" && word != "last") || text(at_ + 2) != "(" || text(at_ + 3) != ")") {
      return false;
    }
    path_.which = word == "first" ? Which::first : Which::last;
    at_ += 4;
    return compile_part(root);
  }

  bool compile_part(Root root) {
    path_.root = root;
    if (!take_step(path_.part_step)) return false;
    path_.part = path_.part_step.key == "json" ? Part::json : Part::binary;
    return path_.part_step.key == "json" || path_.part_step.key == "binary";
  }

  bool take_step(NativePath::Step& step) {
    step.base_end = tokens_[at_ - 1].end;
    step.optional = text(at_) == "?.";
    if ((step.optional || text(at_) == ".") && is_kind(at_ + 1, Token::Kind::identifier)) {
      step.key = text(at_ + 1);
      at_ += 2;
    } else {
      const std::size_t open = step.optional ? at_ + 1 : at_;
      if (text(open) != "[" || text(open + 2) != "]" || !take_bracket(open + 1, step.key)) {
        return false;
      }
      at_ = open + 3;
    }
    step.index = parse_index(step.key);
    step.end = tokens_[at_ - 1].end;
    return step.key.find('\\') == std::string::npos && step.key[0] != '#';
  }

  bool take_bracket(std::size_t i, std::string& key) const {
    if (is_kind(i, Token::Kind::string)) return !tokens_[i].broken && literal_text(text(i), key);
    key = text(i);
    return is_kind(i, Token::Kind::number) && parse_index(key).has_value();
  }

  std::string_view source_;
  std::vector<Token> tokens_;
  std::size_t at_ = 0;
  NativePath path_;
};

}  // namespace

std::optional<NativePath> compile_path(std::string_view source) {
  return PathCompiler(source).compile();
}

}  // namespace engine::expression
