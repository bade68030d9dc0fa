// Plugins as their authors meet them: an installed engine, a folder outside of its tree, CMake.
#include <doctest/doctest.h>
#include <signal.h>
#include <sys/stat.h>

#include <cstdlib>

#include "core/crypto/digest.h"
#include "core/crypto/encoding.h"
#include "core/value/json.h"
#include "places.h"
#include "tests/e2e/place.h"
#include "tests/e2e/served.h"

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

// One of tests/plugins, below plugins/ of the place.
void install(const Place& place, const std::string& name, const std::string& version) {
  const auto folder = place.folder() / "plugins" / name;
  std::filesystem::create_directories(folder);
  std::filesystem::copy_file(std::filesystem::path(ENGINE_TEST_PLUGINS) / name / (name + ".so"),
                             folder / (name + ".so"));
  place.file("plugins/" + name + "/package.yaml",
             "name: " + name + "\nversion: " + version + "\nlibrary: " + name + ".so\n");
  for (const auto& path :
       {folder.parent_path(), folder, folder / (name + ".so"), folder / "package.yaml"}) {
    chmod(path.c_str(), 0755);
  }
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
  install(place, "misbehaving", "1.0.0");
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

TEST_CASE("a dry run shows the request that a plugin signs and sends, and sends nothing") {
  Place place;
  install(place, "sample", "1.2.0");
  place.environment["ENGINE_PLUGINS"] = "plugins";
  REQUIRE(
      place
          .engine({"credentials", "add", "s", "--type", "sample", "--field", "token=-"}, "s3cret\n")
          .code == 0);
  const std::string flow =
      place.file("flow.yaml", workflow("Flow",
                                       "  - id: send\n    type: sample.fetch\n    credential: s\n"
                                       "    with: { url: \"https://service.test/things\" }\n"));
  const Outcome run = place.engine({"run", flow, "--dry-run", "--output", "json"});
  CHECK_MESSAGE(run.code == 0, run.all());
  CHECK(contains(run.err, "POST https://service.test/things?n=0"));
  CHECK(contains(run.out, R"("id":"dry_run")"));
  CHECK_FALSE(contains(run.all(), "s3cret"));
}

TEST_CASE("triggers of a plugin are served, also after its process was killed") {
  Place place;
  install(place, "sample", "1.2.0");
  place.environment["ENGINE_PLUGINS"] = "plugins";
  REQUIRE(
      place
          .engine({"credentials", "add", "s", "--type", "sample", "--field", "token=-"}, "s3cret\n")
          .code == 0);
  std::filesystem::create_directory(place.folder() / "flows");
  place.file("flows/hook.yaml",
             "name: Hook\nnodes:\n  - id: hook\n    type: sample.hook\n    credential: s\n"
             "    with: { path: \"orders/:id\" }\n  - id: rest\n    type: no_op\n");
  place.file("flows/count.yaml",
             "name: Count\nnodes:\n  - id: count\n    type: sample.counter\n"
             "    with: { seconds: 1 }\n  - id: rest\n    type: no_op\n");
  Served served(place, "flows");
  const auto deliver = [&](const std::string& id, const std::string& secret) {
    const std::string body = R"({"total":7})";
    return served.call("POST", "/webhook/orders/" + id, body,
                       {{"X-Signature", to_hex(hmac_of("sha256", secret, body))}});
  };
  const http::Response answer = deliver("1", "s3cret");
  CHECK(answer.status == 202);
  CHECK(answer.body == "got it");
  CHECK(deliver("1", "s3cret").status == 202);  // known: answered and dropped
  CHECK(deliver("2", "guess").status == 403);
  for (const pid_t child : children_of(served.process().pid())) kill(child, SIGKILL);
  // The one that was under way at that moment may fail; it was not accepted then.
  wait_until([&] { return deliver("3", "s3cret").status == 202; });
  const auto count = [&](const std::string& workflow) {
    const Value executions = place.executions();
    std::size_t found = 0;
    for (const View execution : executions.elements()) {
      if (execution["workflow"].as_string() == workflow &&
          execution["status"].as_string() == "success") {
        ++found;
      }
    }
    return found;
  };
  wait_until([&] { return count("Hook") == 2 && count("Count") >= 2; });
  CHECK(served.stop().code == 0);
}
