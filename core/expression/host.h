// What JavaScript asks the engine for: the operations of `host(…)` in core/expression/javascript.
#pragma once

#include <span>
#include <string>
#include <string_view>

#include "core/expression/data_source.h"
#include "core/expression/jsc_library.h"

namespace engine::expression {

class Runtime;

/// Answers are JSON texts, which the prelude parses. Borrows what it is made from.
class Host {
 public:
  explicit Host(DataSource& data) : data_(data) {}

  JSValueRef call(Runtime& runtime, std::span<const JSValueRef> arguments);

 private:
  /// The questions of Question::Kind come first, in their order.
  enum class Operation { hash = Question::kKinds, base64_encode, base64_decode, library, log };

  DataSource& data_;
};

/// Puts a '!' before JSON that holds integers beyond 2^53, which JavaScript must not round.
std::string marked(std::string json);

}  // namespace engine::expression
