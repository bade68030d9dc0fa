#include "core/plugin/native_stage.h"

#include <set>

#include "core/plugin/apart_library.h"
#include "core/plugin/description_reader.h"
#include "core/plugin/library_file.h"
#include "core/plugin/native_message.h"
#include "core/plugin/native_types.h"
#include "core/plugin/plugin_policy.h"
#include "core/plugin/text_cache.h"
#include "core/rest/credential_reader.h"
#include "core/rest/source_reader.h"
#include "core/value/json.h"

namespace engine::plugin {
namespace {

// Reads what a library added, all of it.
class Stager {
 public:
  Stager(std::shared_ptr<const NativeLibrary> library, const LibrarySource& source,
         const Clock& clock, Diagnostics& diagnostics)
      : library_(std::move(library)),
        name_(source.name),
        file_(source.file.string()),
        clock_(clock),
        diagnostics_(diagnostics) {}

  void stage_into(StagedPackage& package) {
    for (std::size_t i = 0; i < library_->types().size(); ++i) {
      const NativeMember member{library_, i};
      const Value json = parsed(member.type().description);
      if (json.missing()) continue;
      if (member.type().kind == NativeKind::credential_type) {
        stage_credential(member, json, package);
      } else {
        stage_node(member, json, package);
      }
    }
    if (package.nodes.empty() && package.credentials.empty()) fault("it adds nothing.");
  }

 private:
  void fault(const std::string& message) {
    diagnostics_.add({file_, 0, 0}, "bad_package", plugin_named(name_) + ": " + message);
  }

  Value parsed(const std::string& text) {
    try {
      return parse_json(text, "The description of a type");
    } catch (const Error& error) {
      fault(error.message());
      return {};
    }
  }

  void stage_node(const NativeMember& member, const Value& json, StagedPackage& package) {
    Description description = read_description(json, name_, file_, diagnostics_);
    if (!nodes_.emplace(description.id, description.version).second) {
      fault("the node type '" + description.id + "' version " +
            std::to_string(description.version) + " is added twice.");
      return;
    }
    const bool trigger = member.type().kind != NativeKind::action;
    if (trigger) description.inputs.clear();
    package.nodes.push_back(
        {description.id, description.version, description.title,
         [member, description] { return native_node_type(member, description); }});
  }

  void stage_credential(const NativeMember& member, const Value& json, StagedPackage& package) {
    Located declaration = rest::located(json);
    // With a function there is nothing to declare.
    if (member.type().runs && declaration.find("sign") == nullptr) {
      rest::set_member(declaration, "sign", rest::located(Value("none")));
    }
    const CredentialType type = rest::read_credential_type(declaration, file_, diagnostics_);
    if (!belongs_to(type.id, name_, '_')) {
      fault("the credential type '" + type.id + "' is to be '" + name_ + "' or to begin with '" +
            name_ + "_'.");
    }
    if (!credentials_.insert(type.id).second) {
      fault("the credential type '" + type.id + "' is added twice.");
      return;
    }
    package.credentials.push_back({type.id, [member, type, &clock = clock_] {
                                     return native_credential_type(member, type, clock);
                                   }});
  }

  std::shared_ptr<const NativeLibrary> library_;
  std::string name_;
  std::string file_;
  const Clock& clock_;
  Diagnostics& diagnostics_;
  std::set<std::pair<std::string, int>> nodes_;
  std::set<std::string> credentials_;
};

// Starting a process to read descriptions costs more than the rest of the engine's start.
std::unique_ptr<NativeLibrary> apart(const LibrarySource& source, const std::string& hash,
                                     const PluginPolicy& policy, const NativeSettings& settings) {
  const ApartOptions options{policy.limits, settings.program};
  const TextCache cache(settings.cache);
  const std::string file = hash.substr(0, 32) + ".native";
  const std::string key = hash + " " + source.name + " " + source.version;
  if (const auto kept = cache.find(file, key)) {
    try {
      WireReader in(*kept);
      return load_apart(source, options, read_types(in));
    } catch (const WireBroken&) {
      // Learnt again instead.
    }
  }
  auto library = load_apart(source, options);
  WireWriter types;
  write_types(library->types(), types);
  cache.keep(file, key, types.bytes());
  return library;
}

StagedPackage stage_native(const Manifest& manifest, const std::filesystem::path& folder,
                           const NativeSettings& settings, Diagnostics& diagnostics) {
  StagedPackage package;
  package.name = manifest.name;
  package.title = manifest.title;
  package.text = manifest.text;
  package.version = manifest.version;
  package.kind = "native";
  const PluginPolicy policy = read_policy(policy_folder(folder), manifest.name, diagnostics);
  // With a policy that cannot be read nothing is loaded.
  if (!diagnostics.empty()) return package;
  const LibraryFile file(folder / manifest.library);
  if (!policy.sha256.empty()) file.require_hash(policy.sha256);
  package.hash = file.hash();
  // What is loaded, in whatever process, is what was hashed.
  const LibrarySource source{file.path(), manifest.name, manifest.version, policy.sha256,
                             file.identity()};
  std::shared_ptr<const NativeLibrary> library =
      policy.apart ? apart(source, package.hash, policy, settings) : load_library(source);
  Stager(std::move(library), source, settings.clock, diagnostics).stage_into(package);
  return package;
}

}  // namespace

NativeStage native_stage(const NativeSettings& settings) {
  return [settings](const Manifest& manifest, const std::filesystem::path& folder,
                    const std::string& /*source_hash*/, Diagnostics& diagnostics) {
    return stage_native(manifest, folder, settings, diagnostics);
  };
}

}  // namespace engine::plugin
