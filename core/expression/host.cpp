#include "core/expression/host.h"

#include "core/base/error.h"
#include "core/crypto/digest.h"
#include "core/crypto/encoding.h"
#include "core/expression/base64_decode.h"
#include "core/expression/runtime.h"

namespace engine::expression {
namespace {

bool is_number_digit(char c) {
  return c >= '0' && c <= '9';
}

}  // namespace

// 2^53 has 16 digits, so every 16th byte of such a number is one of them. A run of digits in a
// string costs time only.
std::string marked(std::string json) {
  constexpr std::size_t kDigits = 16;
  for (std::size_t at = kDigits - 1; at < json.size(); at += kDigits) {
    if (!is_number_digit(json[at])) continue;
    std::size_t begin = at;
    std::size_t end = at;
    while (begin > 0 && is_number_digit(json[begin - 1]) && at - begin < kDigits) --begin;
    while (end < json.size() && is_number_digit(json[end]) && end - begin < kDigits) ++end;
    if (end - begin >= kDigits) return "!" + json;
  }
  return json;
}

JSValueRef Host::call(Runtime& runtime, std::span<const JSValueRef> arguments) {
  const auto word = [&](std::size_t i) {
    return i < arguments.size() ? runtime.to_text(arguments[i]) : std::string();
  };
  const auto index = [&](std::size_t i) {
    const double number = i < arguments.size() ? runtime.to_number(arguments[i]) : 0;
    return number > 0 ? static_cast<std::size_t>(number) : 0;
  };
  const std::size_t operation = index(0);
  if (operation < Question::kKinds) {
    Question question;
    question.kind = static_cast<Question::Kind>(operation);
    // `items` and `binaries` have no name.
    const bool named =
        question.kind != Question::Kind::items && question.kind != Question::Kind::binaries;
    if (named) question.name = word(1);
    question.first = index(named ? 2 : 1);
    question.second = index(named ? 3 : 2);
    auto answer = data_.answer(question);
    return answer ? runtime.text(marked(std::move(*answer))) : runtime.undefined();
  }
  switch (static_cast<Operation>(operation)) {
    case Operation::hash: {
      const std::string algorithm = word(1) == "sha3" ? "sha3-512" : std::string(word(1));
      if (!has_hash(algorithm)) return runtime.undefined();
      return runtime.text(to_hex(hash_of(algorithm, word(2))));
    }
    case Operation::base64_encode: return runtime.text(to_base64(word(1)));
    case Operation::base64_decode: return runtime.text(base64_decode(word(1)));
    case Operation::library: return runtime.library(word(1));
    case Operation::log: data_.log(word(1), word(2)); return runtime.undefined();
  }
  return runtime.undefined();
}

}  // namespace engine::expression
