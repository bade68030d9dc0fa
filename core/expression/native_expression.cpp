#include "core/expression/native_expression.h"

#include <array>
#include <utility>

#include "core/expression/native_compare.h"
#include "core/expression/scanner.h"

namespace engine::expression {
namespace {

using ExpressionKind = NativeExpression::Kind;
using Operator = NativeExpression::Operator;

constexpr std::size_t kDeepest = 32;  // nobody nests by hand what is deeper

// Longer ones first: '<' begins '<='.
constexpr std::array<std::pair<std::string_view, Operator>, 8> kComparisons{{
    {"===", Operator::strict_equal},
    {"!==", Operator::strict_unequal},
    {"==", Operator::equal},
    {"!=", Operator::unequal},
    {"<=", Operator::less_equal},
    {">=", Operator::greater_equal},
    {"<", Operator::less},
    {">", Operator::greater},
}};

class ExpressionCompiler {
 public:
  explicit ExpressionCompiler(std::string_view source) : source_(source), tokens_(scan(source)) {}

  std::optional<NativeExpression> compile() {
    if (!is_closed(source_)) return std::nullopt;  // a comment that never ends leaves no token
    std::optional<NativeExpression> whole = choice(0);
    if (at_ != tokens_.size()) return std::nullopt;
    return whole;
  }

 private:
  using Result = std::optional<NativeExpression>;

  // Punctuation comes in single characters.
  bool is(std::string_view symbol) const {
    return at_ < tokens_.size() && tokens_[at_].kind == Token::Kind::punctuation &&
           source_.substr(tokens_[at_].begin, symbol.size()) == symbol;
  }
  bool take(std::string_view symbol) {
    if (!is(symbol)) return false;
    at_ += symbol.size();
    return true;
  }

  static Result combine(ExpressionKind kind, std::vector<NativeExpression> operands) {
    if (operands.size() == 1) return std::move(operands.front());
    NativeExpression combined;
    combined.kind = kind;
    combined.operands = std::move(operands);
    return combined;
  }

  // NOLINTNEXTLINE(misc-no-recursion): limited in depth
  Result chain(ExpressionKind kind, std::string_view symbol, Result first, std::size_t depth) {
    std::vector<NativeExpression> operands;
    for (Result next = std::move(first); next;
         next = kind == ExpressionKind::either ? both(depth) : comparison(depth)) {
      operands.push_back(std::move(*next));
      if (!take(symbol)) return combine(kind, std::move(operands));
    }
    return std::nullopt;
  }

  // NOLINTNEXTLINE(misc-no-recursion)
  Result choice(std::size_t depth) {
    if (depth > kDeepest) return std::nullopt;
    Result condition = either(depth);
    if (!condition || !take("?")) return condition;
    Result yes = choice(depth + 1);
    if (!yes || !take(":")) return std::nullopt;
    Result no = choice(depth + 1);
    if (!no) return std::nullopt;
    return combine(ExpressionKind::choose,
                   {std::move(*condition), std::move(*yes), std::move(*no)});
  }

  // NOLINTNEXTLINE(misc-no-recursion)
  Result either(std::size_t depth) {
    Result first = comparison(depth);
    if (is("??")) return chain(ExpressionKind::coalesce, "??", std::move(first), depth);
    return chain(ExpressionKind::either, "||",
                 chain(ExpressionKind::both, "&&", std::move(first), depth), depth);
  }

  // NOLINTNEXTLINE(misc-no-recursion)
  Result both(std::size_t depth) {
    return chain(ExpressionKind::both, "&&", comparison(depth), depth);
  }

  // NOLINTNEXTLINE(misc-no-recursion)
  Result comparison(std::size_t depth) {
    Result left = operand(depth);
    if (!left) return std::nullopt;
    for (const auto& [symbol, comparison] : kComparisons) {
      if (!take(symbol)) continue;
      Result right = operand(depth);
      if (!right) return std::nullopt;
      Result result = combine(ExpressionKind::compare, {std::move(*left), std::move(*right)});
      result->comparison = comparison;
      return result;
    }
    return left;
  }

  // NOLINTNEXTLINE(misc-no-recursion)
  Result operand(std::size_t depth) {
    if (depth > kDeepest) return std::nullopt;
    if (take("!")) {
      Result negated = operand(depth + 1);
      if (!negated) return std::nullopt;
      NativeExpression expression;
      expression.kind = ExpressionKind::negate;
      expression.operands.push_back(std::move(*negated));
      return expression;
    }
    if (take("(")) {
      Result inner = choice(depth + 1);
      return inner && take(")") ? std::move(inner) : std::nullopt;
    }
    return path();
  }

  // The tokens up to an operator or a bracket that closes what is outside.
  Result path() {
    const std::size_t begin = at_;
    std::size_t open = 0;
    for (; at_ < tokens_.size(); ++at_) {
      if (tokens_[at_].kind != Token::Kind::punctuation) continue;
      const std::string_view symbol = tokens_[at_].of(source_);
      if (symbol == "(" || symbol == "[") ++open;
      const bool closes = symbol == ")" || symbol == "]";
      if (open == 0 && (closes || is_operator(symbol))) break;
      if (closes) --open;
    }
    if (at_ == begin) return std::nullopt;
    const std::size_t from = tokens_[begin].begin;
    auto compiled = compile_path(source_.substr(from, tokens_[at_ - 1].end - from));
    if (!compiled) return std::nullopt;
    NativeExpression expression;
    expression.path = std::move(*compiled);
    return expression;
  }

  static bool is_operator(std::string_view symbol) {
    return symbol.size() == 1 &&
           std::string_view("=!<>&|?:").find(symbol[0]) != std::string_view::npos;
  }

  std::string_view source_;
  std::vector<Token> tokens_;
  std::size_t at_ = 0;
};

bool is_false(View value) {
  return !value.truthy();
}
bool is_true(View value) {
  return value.truthy();
}
bool is_given(View value) {
  return value.given();
}

}  // namespace

std::optional<NativeExpression> compile_native(std::string_view source) {
  return ExpressionCompiler(source).compile();
}

// NOLINTNEXTLINE(misc-no-recursion): as deep as the expression
NativeEvaluator::NativeEvaluator(const NativeExpression& expression, const Environment& environment)
    : expression_(expression) {
  if (expression.kind == ExpressionKind::path) reader_.emplace(expression.path, environment);
  operands_.reserve(expression.operands.size());
  for (const NativeExpression& operand : expression.operands) {
    operands_.emplace_back(operand, environment);
  }
}

// The first operand that decides, or the last.
// NOLINTNEXTLINE(misc-no-recursion)
std::optional<Value> NativeEvaluator::read_until(std::size_t item, bool (*decides)(View)) const {
  std::optional<Value> value;
  for (const NativeEvaluator& operand : operands_) {
    value = operand.read(item);
    if (!value || decides(*value)) break;
  }
  return value;
}

// NOLINTNEXTLINE(misc-no-recursion)
std::optional<Value> NativeEvaluator::read(std::size_t item) const {
  switch (expression_.kind) {
    case ExpressionKind::path: return reader_->read(item);
    case ExpressionKind::both: return read_until(item, is_false);
    case ExpressionKind::either: return read_until(item, is_true);
    case ExpressionKind::coalesce: return read_until(item, is_given);
    default: break;
  }
  const std::optional<Value> first = operands_[0].read(item);
  if (!first) return std::nullopt;
  if (expression_.kind == ExpressionKind::negate) return Value(!first->truthy());
  if (expression_.kind == ExpressionKind::choose)
    return operands_[first->truthy() ? 1 : 2].read(item);
  const std::optional<Value> second = operands_[1].read(item);
  if (!second) return std::nullopt;
  const std::optional<bool> holds = compare(expression_.comparison, *first, *second);
  if (!holds) return std::nullopt;
  return Value(*holds);
}

}  // namespace engine::expression
