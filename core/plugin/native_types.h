// Node types and credential types whose behaviour is in a native plugin.
#pragma once

#include <memory>
#include <string>

#include "core/credential/credential_type.h"
#include "core/node/node.h"
#include "core/plugin/native_library.h"

namespace engine::plugin {

/// One type of a library, by its place in NativeLibrary::types().
struct NativeMember {
  std::shared_ptr<const NativeLibrary> library;
  std::size_t index = 0;

  const NativeType& type() const { return library->types()[index]; }
  std::string invoke(NativeFunction function, NativeCall& call,
                     std::string_view argument = {}) const {
    return library->invoke(index, function, call, argument);
  }
};

/// An action or a trigger.
NodeType native_node_type(const NativeMember& member, Description description);

/// The behaviour of a trigger.
Trigger native_trigger(const NativeMember& member,
                       const std::shared_ptr<const Description>& description);

/// `declared` with the plugin's `sign` behind its own, if it has one.
CredentialType native_credential_type(const NativeMember& member, CredentialType declared,
                                      const Clock& clock);

}  // namespace engine::plugin
