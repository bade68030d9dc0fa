// What a trigger remembers, sealed: the secret of a webhook is part of it.
#pragma once

#include <string>

#include "core/credential/encryption_key.h"
#include "core/value/value.h"

namespace engine::trigger {

/// Immutable, so safe from any thread.
class StateSeal {
 public:
  /// `secret`: 32 bytes that stay the same between starts.
  explicit StateSeal(std::string_view secret);

  /// Opens only for the same trigger node. A missing value gives an empty text.
  std::string seal(const std::string& workflow, const std::string& node, const Value& state) const;
  /// Throws Error{storage, "trigger_state_damaged"} when it is not what was stored.
  Value open(const std::string& workflow, const std::string& node, const std::string& sealed) const;

 private:
  EncryptionKey key_;
};

}  // namespace engine::trigger
