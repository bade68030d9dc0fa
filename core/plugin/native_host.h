// The function table that plugins are given: C in front of NativeCall.
#pragma once

#include <string>

#include "core/plugin/engine_plugin.h"
#include "core/plugin/native_call.h"

namespace engine::plugin {

/// Valid until the process ends. No exception leaves its functions.
const engine_host& host_table();

/// The call as a plugin sees it.
inline engine_call* to_c(NativeCall& call) {
  return reinterpret_cast<engine_call*>(&call);
}

inline engine_borrowed borrow(std::string_view text) {
  return {text.data(), text.size()};
}
inline std::string_view view_of(engine_borrowed text) {
  return text.data == nullptr ? std::string_view() : std::string_view(text.data, text.size);
}

/// Gives the text away: the receiver releases it.
engine_owned give_away(std::string text);

/// What a plugin gave; released at the end.
class OwnedResult {
 public:
  OwnedResult() = default;
  ~OwnedResult() {
    if (owned.release != nullptr) owned.release(owned.keeper);
  }
  OwnedResult(const OwnedResult&) = delete;
  OwnedResult& operator=(const OwnedResult&) = delete;

  std::string_view text() const {
    return owned.data == nullptr ? std::string_view() : std::string_view(owned.data, owned.size);
  }
  engine_owned owned{};
};

}  // namespace engine::plugin
