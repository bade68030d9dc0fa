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
#include "core/rest/trigger_reader.h"
#include "core/rest/trigger_type.h"
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

TriggerSpec unpack_trigger(const PackedOperation& trigger,
                           const std::shared_ptr<const Package>& package) {
  Diagnostics diagnostics;
  const std::string id(trigger.id);
  TriggerSpec result =
      read_trigger(id, located(parse_json(trigger.source)), id, package, diagnostics);
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
      if (operation.trigger) return trigger_type(unpack_trigger(operation, shared->package));
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

namespace {

class PackageCompiler {
 public:
  PackageCompiler(const SourceFile& package, Diagnostics& diagnostics)
      : package_(package), diagnostics_(diagnostics) {}

  CompiledPackage compile(const std::vector<SourceFile>& files) {
    common_ = std::make_shared<const Package>(
        read_package(package_.content, package_.name, diagnostics_));
    result_.id = common_->id;
    const std::size_t before = diagnostics_.size();
    check_shared(package_.content, package_.name, diagnostics_);
    // A fault in a shared part would show up again in every operation that uses it.
    if (diagnostics_.size() != before) return std::move(result_);
    Located carried = package_.content;
    std::erase_if(carried.members, [](const LocatedMember& member) {
      return member.key == "parameters" || member.key == "groups";
    });
    result_.source = print_json(to_value(carried));
    for (const SourceFile& file : files) {
      if (file.content.find("trigger") != nullptr) {
        add_trigger(file);
      } else {
        add_operations(file);
      }
    }
    std::sort(result_.operations.begin(), result_.operations.end(),
              [](const auto& a, const auto& b) { return a.id < b.id; });
    return std::move(result_);
  }

 private:
  void add_operations(const SourceFile& file) {
    for (const ExpandedOperation& expanded :
         expand_resource(package_.content, file.content, file.name, diagnostics_)) {
      const Operation read =
          read_operation(expanded.id, expanded.source, file.name, common_, diagnostics_);
      add({read.id, read.version, read.title, print_json(to_value(expanded.source)), false},
          expanded.source.position(file.name));
    }
  }

  void add_trigger(const SourceFile& file) {
    const std::string id =
        common_->id + "." + std::string(file.content.find("trigger")->scalar.as_string());
    const Located source = expand_trigger(package_.content, file.content, file.name, diagnostics_);
    const TriggerSpec read = read_trigger(id, source, file.name, common_, diagnostics_);
    add({read.id, read.version, read.title, print_json(to_value(source)), true},
        file.content.position(file.name));
  }

  void add(CompiledOperation operation, const Position& position) {
    const auto [other, added] =
        places_.try_emplace({operation.id, operation.version}, to_string(position));
    if (added) {
      result_.operations.push_back(std::move(operation));
      return;
    }
    diagnostics_.add(position, "bad_package",
                     "'" + operation.id + "' is in " + other->second + " already.");
  }

  const SourceFile& package_;
  Diagnostics& diagnostics_;
  std::shared_ptr<const Package> common_;
  std::map<std::pair<std::string, int>, std::string> places_;
  CompiledPackage result_;
};

}  // namespace

CompiledPackage compile_package(const SourceFile& package, const std::vector<SourceFile>& resources,
                                Diagnostics& diagnostics) {
  return PackageCompiler(package, diagnostics).compile(resources);
}

}  // namespace engine::rest
