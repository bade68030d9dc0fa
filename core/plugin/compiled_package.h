// A declared package in the form it is run from, as one text that can be kept in a file: everything
// checked, each operation complete in itself, and nothing parsed before it is used.
#pragma once

#include <memory>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "core/rest/packed.h"

namespace engine::plugin {

/// What it is made from.
struct PackageParts {
  std::string name;
  std::string title;
  std::string text;
  std::string version;
  rest::CompiledPackage package;
  struct Credential {
    std::string id;
    std::string source;
  };
  std::vector<Credential> credentials;
};

std::string encode(const PackageParts& parts);

/// The parts point into `bytes`, which it owns.
struct CompiledPackage {
  std::string bytes;
  std::string_view name;
  std::string_view title;
  std::string_view text;
  std::string_view version;
  std::string_view source;
  std::vector<rest::PackedOperation> operations;
  std::vector<rest::PackedCredentialType> credentials;

  rest::PackedPackage packed() const { return {name, source, operations}; }
};

/// Null for anything that `encode` does not write.
std::shared_ptr<const CompiledPackage> decode(std::string bytes);

}  // namespace engine::plugin
