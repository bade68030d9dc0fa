#include "core/rest/packed.h"

#include <algorithm>
#include <map>
#include <mutex>

#include "core/base/error.h"
#include "core/rest/credential_reader.h"
#include "core/rest/operation_reader.h"
#include "core/rest/package_reader.h"
#include "core/rest/resource.h"
#include "core/rest/rest_node.h"
#include "core/rest/source_reader.h"
#include "core/value/json.h"

namespace engine::rest {
namespace {

void require_good(const Diagnostics& diagnostics, std::string_view id) {
  if (diagnostics.empty()) return;
  throw Error(ErrorCause::bug, "bad_package",
              std::string(id) + ": " + to_string(diagnostics.sorted().front()));
}

// Parsed once, by the first operation that is used.
struct SharedPackage {
  std::once_flag once;
  std::shared_ptr<const Package> package;
  std::shared_ptr<LookupCache> names = std::make_shared<LookupCache>();
};

}  // namespace

std::shared_ptr<const Package> unpack(const PackedPackage& package) {
  Diagnostics diagnostics;
  auto result = std::make_shared<const Package>(
      read_package(located(parse_json(package.source)), std::string(package.id), diagnostics));
  require_good(diagnostics, package.id);
  return result;
}

Operation unpack(const PackedOperation& operation, const std::shared_ptr<const Package>& package) {
  Diagnostics diagnostics;
  const std::string id(operation.id);
  Operation result =
      read_operation(id, located(parse_json(operation.source)), id, package, diagnostics);
  require_good(diagnostics, id);
  return result;
}

CredentialType unpack(const PackedCredentialType& type) {
  Diagnostics diagnostics;
  CredentialType result =
      read_credential_type(located(parse_json(type.source)), std::string(type.id), diagnostics);
  require_good(diagnostics, type.id);
  return result;
}

std::vector<Registry::Loader> operation_loaders(const PackedPackage& package) {
  const auto shared = std::make_shared<SharedPackage>();
  std::vector<Registry::Loader> loaders;
  loaders.reserve(package.operations.size());
  for (const PackedOperation& operation : package.operations) {
    loaders.emplace_back([shared, package, operation] {
      std::call_once(shared->once, [&] { shared->package = unpack(package); });
      return node_type(unpack(operation, shared->package), shared->names);
    });
  }
  return loaders;
}

void add_package(Registry& registry, const PackedPackage& package) {
  std::vector<Registry::Loader> loaders = operation_loaders(package);
  for (std::size_t i = 0; i < loaders.size(); ++i) {
    const PackedOperation& operation = package.operations[i];
    registry.add_lazy(std::string(operation.id), operation.version, std::string(operation.title),
                      std::move(loaders[i]));
  }
}

CompiledPackage compile_package(const SourceFile& package, const std::vector<SourceFile>& resources,
                                Diagnostics& diagnostics) {
  CompiledPackage result;
  const auto common =
      std::make_shared<const Package>(read_package(package.content, package.name, diagnostics));
  result.id = common->id;
  const std::size_t before = diagnostics.size();
  check_shared(package.content, package.name, diagnostics);
  // A fault in a shared part would show up again in every operation that uses it.
  if (diagnostics.size() != before) return result;
  Located carried = package.content;
  std::erase_if(carried.members, [](const LocatedMember& member) {
    return member.key == "parameters" || member.key == "groups";
  });
  result.source = print_json(to_value(carried));
  std::map<std::pair<std::string, int>, std::string> places;
  for (const SourceFile& resource : resources) {
    for (const ExpandedOperation& expanded :
         expand_resource(package.content, resource.content, resource.name, diagnostics)) {
      const Operation read =
          read_operation(expanded.id, expanded.source, resource.name, common, diagnostics);
      result.operations.push_back(
          {read.id, read.version, read.title, print_json(to_value(expanded.source))});
      const Position position = expanded.source.position(resource.name);
      const auto [other, added] = places.try_emplace({read.id, read.version}, to_string(position));
      if (added) continue;
      diagnostics.add(position, "bad_package",
                      "The operation '" + read.id + "' is in " + other->second + " already.");
    }
  }
  std::sort(result.operations.begin(), result.operations.end(),
            [](const auto& a, const auto& b) { return a.id < b.id; });
  return result;
}

}  // namespace engine::rest
