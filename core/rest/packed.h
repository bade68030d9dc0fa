// Packages as they are carried in the binary: JSON texts that are parsed when they are used.
#pragma once

#include <memory>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "core/base/diagnostic.h"
#include "core/credential/credential_type.h"
#include "core/node/registry.h"
#include "core/rest/operation.h"
#include "core/rest/trigger_spec.h"
#include "core/value/located.h"

namespace engine::rest {

struct PackedOperation {
  std::string_view id;
  int version;
  std::string_view title;
  std::string_view source;
  bool trigger = false;
};

struct PackedPackage {
  std::string_view id;
  std::string_view source;
  std::span<const PackedOperation> operations;
};

struct PackedCredentialType {
  std::string_view id;
  std::string_view source;
};

/// The texts must outlive the registry. Nothing is parsed before an operation is asked for.
void add_package(Registry& registry, const PackedPackage& package);

/// How the node type of each operation is made, in their order; what they share is parsed once. The
/// texts must outlive the loaders.
std::vector<Registry::Loader> operation_loaders(const PackedPackage& package);

/// Throws Error{bug, "bad_package"} when the text is not what the compiler of packages wrote.
std::shared_ptr<const Package> unpack(const PackedPackage& package);
Operation unpack(const PackedOperation& operation, const std::shared_ptr<const Package>& package);
TriggerSpec unpack_trigger(const PackedOperation& trigger,
                           const std::shared_ptr<const Package>& package);
CredentialType unpack(const PackedCredentialType& type);

/// A file of a package folder.
struct SourceFile {
  std::string name;
  Located content;
};

/// What the packed texts are made from; owns them.
struct CompiledOperation {
  std::string id;
  int version = 1;
  std::string title;
  std::string source;
  bool trigger = false;
};

struct CompiledPackage {
  std::string id;
  std::string source;
  std::vector<CompiledOperation> operations;  ///< sorted by id
};

/// Checks everything; every fault is noted with its place. A file with `trigger` at its top is a
/// trigger, any other one of `resources` holds operations.
CompiledPackage compile_package(const SourceFile& package, const std::vector<SourceFile>& resources,
                                Diagnostics& diagnostics);

}  // namespace engine::rest
