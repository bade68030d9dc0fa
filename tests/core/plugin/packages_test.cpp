#include <doctest/doctest.h>

#include "core/base/error.h"
#include "tests/core/plugin/place.h"

using namespace engine;
using namespace engine::plugin;
using namespace engine::test;

TEST_CASE("a package brings its node types and credential types") {
  const PluginPlace place;
  place.acme();
  const Packages packages = place.load();
  CHECK(faults_of(packages) == "");
  REQUIRE(packages.loaded().size() == 1);
  const StagedPackage& acme = packages.loaded()[0];
  CHECK(acme.name == "acme");
  CHECK(acme.version == "1.2.0");
  CHECK(acme.kind == "yaml");
  CHECK(acme.hash.size() == 64);
  Registry registry;
  packages.add_to(registry);
  CHECK(registry.ids() == std::vector<std::string>{"acme.thing.get", "acme.thing.list"});
  CHECK(registry.title("acme.thing.get") == "Get a thing");
  const NodeType* get = registry.find("acme.thing.get");
  REQUIRE(get != nullptr);
  CHECK(get->description.parameters.size() == 1);
  CHECK(get->description.credentials.at(0).types == std::vector<std::string>{"acme"});
  CredentialTypes types;
  packages.add_to(types);
  CHECK(types.find("acme")->fields.size() == 1);
}

TEST_CASE("a faulty package is left out as a whole, with all faults, and the others are loaded") {
  const PluginPlace place;
  place.acme();
  place.file("broken/package.yaml", "name: broken\nversion: 1.x\nbase_url: https://b.test\n");
  place.file("broken/good.yaml", kThing);
  place.file("broken/bad.yaml",
             "resource: bad\noperations:\n  run:\n    title: Run\n    reqest: GET /\n");
  place.file("broken/syntax.yaml", "resource: [\n");
  place.file("broken/what.yaml", "name: What\n");
  const Packages packages = place.load();
  REQUIRE(packages.loaded().size() == 1);
  CHECK(packages.loaded()[0].name == "acme");
  REQUIRE(packages.refused().size() == 1);
  CHECK(packages.refused()[0].name == "broken");
  const std::string faults = faults_of(packages);
  CHECK(contains(faults, "package.yaml:2:10: '1.x' is no version"));
  CHECK(
      contains(faults, "bad.yaml:5:5: An operation has no key 'reqest'. Did you mean 'request'?"));
  CHECK(contains(faults, "syntax.yaml:"));
  CHECK(contains(faults, "what.yaml:1:1: This file says neither 'resource', 'trigger' nor"));
  Registry registry;
  packages.add_to(registry);
  CHECK(registry.find("broken.thing.get") == nullptr);
  CHECK(contains(registry.refusal("broken.thing.get"), "Its package 'broken' is not loaded: "));
  CHECK(contains(registry.refusal("broken.thing.get"), " more; 'engine plugin check "));
  CHECK(registry.refusal("acme.nothing").empty());
}

TEST_CASE("two packages of one name: the first is loaded, the error names both") {
  const PluginPlace place;
  place.acme("one");
  place.acme("two");
  const Packages packages = place.load();
  REQUIRE(packages.loaded().size() == 1);
  CHECK(packages.loaded()[0].folder.filename() == "one");
  const std::string faults = faults_of(packages);
  CHECK(contains(faults, "The package 'acme' is in " +
                             (place.root / "packages/one/package.yaml").string() + " and in " +
                             (place.root / "packages/two/package.yaml").string()));
}

TEST_CASE("names of the engine's own are taken") {
  const PluginPlace place;
  place.file("clickup/package.yaml",
             "name: clickup\nversion: '1'\nbase_url: https://api.clickup.test\n");
  place.file("other/package.yaml", "name: other\nversion: '1'\nbase_url: https://o.test\n");
  place.file("other/bearer.yaml",
             "credential: bearer\nfields: { token: { type: string } }\n"
             "sign: [{ header: { name: A, value: '{token}' } }]\n");
  const Packages packages = place.load();
  CHECK(packages.loaded().empty());
  CHECK(contains(faults_of(packages), "The package 'clickup' is in the engine itself and in "));
  CHECK(contains(faults_of(packages), "The credential type 'bearer' is in the engine itself"));
}

TEST_CASE("an operation or credential type described twice in one package is a fault") {
  const PluginPlace place;
  place.acme();
  place.file("acme/thing2.yaml", kThing);
  place.file("acme/credential2.yaml", kAcmeCredential);
  const std::string faults = faults_of(place.load());
  CHECK(contains(faults, "'acme.thing.get' is in"));
  CHECK(contains(faults, "thing.yaml:4:5 already"));
  CHECK(contains(faults, "The credential type 'acme' is described in"));
}

TEST_CASE("a package for another engine names both versions") {
  const PluginPlace place;
  place.acme();
  place.file("acme/package.yaml", std::string(kAcme) + "engine: \">=7\"\n");
  CHECK(contains(
      faults_of(place.load()),
      "The package 'acme' 1.2.0 is for engine versions >=7, and this one is " + std::string("0.")));
}

TEST_CASE("all files that others may change are told at once, with what else is wrong") {
  const PluginPlace place;
  place.acme();
  place.file("acme/package.yaml", std::string(kAcme) + "colour: blue\n");
  for (const char* name : {"package.yaml", "thing.yaml"}) {
    chmod((place.root / "packages/acme" / name).c_str(), 0666);
  }
  const std::string said = faults_of(place.load());
  CHECK(contains(said, "package.yaml' may be changed by other users"));
  CHECK(contains(said, "thing.yaml' may be changed by other users"));
  CHECK(contains(said, "no key 'colour'"));
}

TEST_CASE("a declared package is pinned by the hash that is listed") {
  for (const bool cached : {false, true}) {
    const PluginPlace place;
    place.acme();
    const std::string hash = place.load().loaded().at(0).hash;
    std::string upper = hash;
    for (char& c : upper) c = c >= 'a' ? static_cast<char>(c - 32) : c;
    place.file("plugins.yaml", "packages: { acme: { sha256: " + upper + " } }\n");
    CHECK(faults_of(place.load(cached)) == "");
    place.file("acme/thing.yaml", std::string(kThing) + "# changed\n");
    for (int i = 0; i < 2; ++i) {
      const Packages packages = place.load(cached);
      CHECK(packages.loaded().empty());
      CHECK(contains(faults_of(packages), "and plugins.yaml pins " + hash));
    }
  }
}

TEST_CASE("a pin of a package that is not there is told") {
  const PluginPlace place;
  place.acme();
  place.file("plugins.yaml",
             "packages:\n  acme: {}\n  acne: { sha256: " + std::string(64, 'a') + " }\n");
  const Packages packages = place.load();
  CHECK(packages.loaded().size() == 1);
  REQUIRE(packages.doubts().size() == 1);
  CHECK(contains(
      to_string(packages.doubts()[0]),
      "plugins.yaml:3:3: There is no package 'acne' in " + (place.root / "packages").string()));
  CHECK(contains(to_string(packages.doubts()[0]), "Did you mean 'acme'?"));
}

TEST_CASE("plugins.yaml lies beside a package, however its folder is written") {
  const PluginPlace place;
  place.acme();
  place.file("plugins.yaml", "packages: { acme: { sha256: " + std::string(64, 'a') + " } }\n");
  const Registry registry;
  for (const char* written : {"acme", "acme/", "acme/../acme/"}) {
    LoadSettings settings;
    settings.folders = {{place.root / "packages" / written, "--plugins", true}};
    CHECK(Packages::load(settings, {registry, {}, {}}).loaded().empty());
  }
}

TEST_CASE("a library goes to who loads libraries, with its package.yaml") {
  const PluginPlace place;
  place.file("acme/package.yaml", "name: acme\nversion: '1'\nlibrary: acme.so\ntext: Fast.\n");
  CHECK(contains(faults_of(place.load()), "This engine loads no libraries"));
  LoadSettings settings = place.settings();
  settings.native = [](const Manifest& manifest, const std::filesystem::path& folder,
                       const std::string&, Diagnostics&) {
    StagedPackage staged;
    staged.name = manifest.name;
    staged.kind = "native";
    staged.nodes.push_back({"acme.x", 1, "X", [] { return NodeType(); }});
    CHECK(manifest.library == "acme.so");
    CHECK(manifest.text == "Fast.");
    CHECK(folder.filename() == "acme");
    return staged;
  };
  const Registry registry;
  const Packages packages = Packages::load(settings, {registry, {}, {}});
  REQUIRE(packages.loaded().size() == 1);
  CHECK(packages.loaded()[0].hash.size() == 64);
  place.file("acme/package.yaml", "name: acme\nversion: '1'\nlibrary: ../acme.so\n");
  CHECK(contains(faults_of(Packages::load(settings, {registry, {}, {}})), "without a path"));
  place.file("acme/package.yaml", "name: acme\nversion: '1'\nlibrary: acme.so\nengin: '1'\n");
  CHECK(contains(faults_of(Packages::load(settings, {registry, {}, {}})),
                 "no key 'engin'. Did you mean 'engine'?"));
}
