// The plugins of tests/plugins, installed for one test.
#pragma once

#include <algorithm>
#include <string>

#include "core/base/error.h"
#include "core/node/node.h"
#include "core/plugin/native_stage.h"
#include "core/value/json.h"
#include "places.h"
#include "tests/core/plugin/place.h"
#include "tests/support/fake_context.h"

namespace engine::test {

class NativePlace : public PluginPlace {
 public:
  /// build/plugins/<library>/<library>.so in a package of its own.
  std::filesystem::path install(const std::string& library, std::string name = "",
                                const std::string& version = "1.0.0") const {
    if (name.empty()) name = library;
    file(name + "/package.yaml",
         "name: " + name + "\nversion: " + version + "\nlibrary: " + library + ".so\n");
    auto target = root / "packages" / name / (library + ".so");
    std::filesystem::copy_file(
        std::filesystem::path(ENGINE_TEST_PLUGINS) / library / (library + ".so"), target,
        std::filesystem::copy_options::overwrite_existing);
    chmod(target.c_str(), 0644);
    return target;
  }
  void policy(const std::string& text) const { file("plugins.yaml", text); }
  /// Of one package; without isolation it runs inside of the test.
  void inside(const std::string& name) const {
    policy("packages: { " + name + ": { isolation: none } }\n");
  }

  plugin::Packages load(const std::string& program = ENGINE_PLUGIN_PROCESS) const {
    plugin::LoadSettings all = settings();
    all.native = plugin::native_stage({clock, root / "cache", program});
    const Registry registry;
    return plugin::Packages::load(all, {registry, {}, {}});
  }

  FakeClock clock;
};

inline NodeType node_type(const plugin::Packages& packages, const std::string& id) {
  for (const plugin::StagedPackage& package : packages.loaded()) {
    for (const plugin::StagedNodeType& node : package.nodes) {
      if (node.id == id) return node.load();
    }
  }
  throw std::runtime_error("no node type " + id + ": " + faults_of(packages));
}

/// The error of a run, which has to fail.
inline Error error_of(const NodeType& type, FakeContext& context) {
  try {
    type.node->run(context);
  } catch (const Error& error) {
    return error;
  }
  return {ErrorCause::bug, "nothing_failed", "nothing failed"};
}

}  // namespace engine::test
