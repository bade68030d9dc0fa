// Plugins as their authors meet them: an installed engine, a folder outside of its tree, CMake.
#include <doctest/doctest.h>
#include <sys/stat.h>

#include <cstdlib>

#include "core/value/json.h"
#include "places.h"
#include "tests/e2e/place.h"

using namespace engine;
using namespace engine::e2e;

namespace {

// Any program, in the folder of the place. PATH is needed by CMake to find compilers.
Outcome run(const Place& place, std::vector<std::string> arguments) {
  Command command;
  command.arguments = {"/usr/bin/env"};
  for (std::string& argument : arguments) command.arguments.push_back(std::move(argument));
  command.environment = {{"PATH", std::getenv("PATH")}, {"HOME", place.folder().string()}};
  command.folder = place.folder().string();
  return Process(command).wait();
}

void good(const Place& place, const std::vector<std::string>& arguments,
          const std::string& expected = "") {
  const Outcome outcome = run(place, arguments);
  CHECK_MESSAGE(outcome.code == 0, outcome.all());
  CHECK_MESSAGE(contains(outcome.all(), expected), outcome.all());
}

}  // namespace

TEST_CASE("a plugin of an installed engine is made, built, tested, checked, loaded and run") {
  const Place place;
  const std::string prefix = (place.folder() / "prefix").string();
  good(place, {"cmake", "--install", ENGINE_BUILD_FOLDER, "--prefix", prefix});
  const std::string engine = prefix + "/bin/engine";
  CHECK(contains(read_all(prefix + "/share/man/man1/engine.1"), ".SS engine executions list"));
  CHECK(contains(read_all(prefix + "/share/bash-completion/completions/engine"),
                 "complete -o default -F _engine engine"));
  for (const std::string kind : {"c", "cpp"}) {
    const std::string name = "acme_" + kind;
    good(place, {engine, "plugin", "new", name, "--kind", kind});
    const std::string build = name + "/build";
    good(place, {"cmake", "-S", name, "-B", build, "-DCMAKE_PREFIX_PATH=" + prefix,
                 "-DCMAKE_C_FLAGS=-Wall -Wextra -Werror",
                 "-DCMAKE_CXX_FLAGS=-Wall -Wextra -Wconversion -Wshadow -Werror"});
    good(place, {"cmake", "--build", build});
    good(place, {"ctest", "--test-dir", build, "--output-on-failure"}, "100% tests passed");
    good(place, {engine, "plugin", "check", build + "/plugins/" + name},
         "valid, " + name + " 1.0.0 with 1 node types and 1 credential types");
    good(place, {"cmake", "--install", build, "--prefix", "installed"});
  }
  place.file("flow.yaml",
             "name: Flow\nnodes:\n"
             "  - { id: c, type: acme_c.greet, with: { name: Ann } }\n"
             "  - { id: cpp, type: acme_cpp.greet, with: { name: \"{{ $json.greeting }}\" } }\n");
  good(place,
       {engine, "--plugins", "installed", "--db", "x.db", "run", "flow.yaml", "--output", "json"},
       R"("greeting":"Hello, Hello, Ann!!")");
}

TEST_CASE("bash completes commands and options") {
  const Place place;
  const Outcome script = place.engine({"completions", "bash"});
  REQUIRE(script.code == 0);
  place.file("engine.bash", script.out);
  const auto completed = [&](const std::string& line) {
    return run(place, {"bash", "-c",
                       "source ./engine.bash; COMP_WORDS=(" + line +
                           " \"\"); COMP_CWORD=$((${#COMP_WORDS[@]} - 1)); _engine; "
                           "echo \" ${COMPREPLY[*]} \""})
        .out;
  };
  CHECK(contains(completed("engine"), " run "));
  CHECK(contains(completed("engine"), " --plugins "));
  CHECK(contains(completed("engine executions"), " list "));
  CHECK_FALSE(contains(completed("engine executions"), " run "));
  CHECK(contains(completed("engine --log-level debug run"), " --trigger "));
}

TEST_CASE("a plugin that crashes fails its node run, and the engine goes on") {
  const Place place;
  const auto folder = place.folder() / "plugins" / "misbehaving";
  std::filesystem::create_directories(folder);
  std::filesystem::copy_file(
      std::filesystem::path(ENGINE_TEST_PLUGINS) / "misbehaving" / "misbehaving.so",
      folder / "misbehaving.so");
  place.file("plugins/misbehaving/package.yaml",
             "name: misbehaving\nversion: 1.0.0\nlibrary: misbehaving.so\n");
  for (const auto& path :
       {folder.parent_path(), folder, folder / "misbehaving.so", folder / "package.yaml"}) {
    chmod(path.c_str(), 0755);
  }
  place.file("flow.yaml",
             workflow("Flow",
                      "  - { id: crash, type: misbehaving.crash, on_error: output }\n"
                      "  - { id: after, after: crash.error, type: misbehaving.good }\n"));
  const Outcome outcome =
      place.engine({"--plugins", "plugins", "run", "flow.yaml", "--output", "json"});
  CHECK_MESSAGE(outcome.code == 0, outcome.all());
  CHECK(contains(outcome.out, R"({"good":true})"));
  place.file("fails.yaml", workflow("Fails", "  - { id: crash, type: misbehaving.crash }\n"));
  const Outcome failed = place.engine({"--plugins", "plugins", "run", "fails.yaml"});
  CHECK(failed.code == 1);
  CHECK(contains(failed.err, "The plugin 'misbehaving' crashed (SIGABRT)"));
}
