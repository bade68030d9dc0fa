// What JavaScript asks the engine for: the operations of `host(…)` in core/expression/javascript.
#pragma once

#include <functional>
#include <span>
#include <string>
#include <string_view>

#include "core/expression/environment.h"
#include "core/expression/jsc_library.h"

namespace engine::expression {

class Runtime;

using LogSink = std::function<void(std::string_view level, std::string_view text)>;

/// Answers are JSON texts, which the prelude parses. Borrows what it is made from.
class Host {
 public:
  Host(const Environment& environment, const LogSink& log) : environment_(environment), log_(log) {}

  JSValueRef call(Runtime& runtime, std::span<const JSValueRef> arguments);

 private:
  enum class Operation {
    global,
    items,
    binaries,
    count,
    item,
    all,
    linked,
    hash,
    base64_encode,
    base64_decode,
    library,
    log
  };

  std::string items_text(std::size_t base, std::size_t count) const;
  std::string binaries_text(std::size_t base, std::size_t count) const;
  std::string linked_text(const std::string& id, std::size_t base, std::size_t count) const;
  const Items* list(const std::string& id) const;  // the input for an empty id

  const Environment& environment_;
  const LogSink& log_;
};

/// Puts a '!' before JSON that holds integers beyond 2^53, which JavaScript must not round.
std::string marked(std::string json);

}  // namespace engine::expression
