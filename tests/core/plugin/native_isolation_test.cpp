// What a plugin breaks, it breaks for one node run.
#include <doctest/doctest.h>

#include <thread>

#include "core/plugin/native_host.h"
#include "core/plugin/remote_call.h"
#include "core/plugin/run_call.h"
#include "tests/core/plugin/native_place.h"

using namespace engine;
using namespace engine::plugin;
using namespace engine::test;

namespace {

#if defined(__SANITIZE_ADDRESS__) || defined(__SANITIZE_THREAD__)
constexpr bool kSanitized = true;
#else
constexpr bool kSanitized = false;
#endif

class Misbehaving {
 public:
  explicit Misbehaving(const std::string& policy = "") {
    place.install("misbehaving");
    if (!policy.empty()) place.policy(policy);
    packages.emplace(place.load());
    REQUIRE(faults_of(*packages) == "");
  }

  Error error(const std::string& node) const {
    const NodeType type = node_type(*packages, "misbehaving." + node);
    FakeContext context(type, Value::object());
    context.inputs = {items_of(parse_json("[{}]"))};
    return error_of(type, context);
  }
  /// The engine goes on, and so does the plugin.
  void still_good() const {
    const NodeType type = node_type(*packages, "misbehaving.good");
    FakeContext context(type, Value::object());
    CHECK(type.node->run(context).outputs.at(0).size() == 1);
  }

  NativePlace place;
  std::optional<Packages> packages;
};

}  // namespace

TEST_CASE("a plugin that crashes fails its run, and the next run has a new process") {
  const Misbehaving plugin;
  for (int i = 0; i < 2; ++i) {
    const Error error = plugin.error("crash");
    CHECK(error.code() == "plugin_crashed");
    CHECK(error.cause() == ErrorCause::upstream);
    CHECK(contains(error.message(),
                   "The plugin 'misbehaving' crashed (SIGABRT) while it carried "
                   "out 'run'"));
    plugin.still_good();
  }
}

TEST_CASE("a plugin that ends its process fails its run") {
  const Misbehaving plugin;
  const Error error = plugin.error("exit");
  CHECK(error.code() == "plugin_crashed");
  CHECK(contains(error.message(), "ended with exit code 3"));
  plugin.still_good();
}

TEST_CASE("a plugin that hangs is ended when its time is up") {
  const Misbehaving plugin("packages: { misbehaving: { time: 300ms } }\n");
  for (const char* node : {"hang", "spin"}) {
    const Error error = plugin.error(node);
    CHECK(error.code() == "plugin_too_slow");
    CHECK(error.cause() == ErrorCause::timeout);
    CHECK(contains(error.message(), "longer than the 300ms that it may"));
  }
  plugin.still_good();
}

TEST_CASE("a run that is cancelled ends at once, whatever the plugin does") {
  const Misbehaving plugin;
  const NodeType type = node_type(*plugin.packages, "misbehaving.spin");
  for (const CancelReason reason : {CancelReason::cancelled, CancelReason::timeout}) {
    FakeContext context(type, Value::object());
    std::thread canceller([&] { context.cancel.cancel(reason); });
    const Error error = error_of(type, context);
    canceller.join();
    CHECK(error.cause() ==
          (reason == CancelReason::timeout ? ErrorCause::timeout : ErrorCause::cancelled));
  }
  plugin.still_good();
}

TEST_CASE("a plugin that eats memory is ended at its limit" * doctest::skip(kSanitized)) {
  const Misbehaving plugin("limits: { memory: 96MiB }\n");
  const Error error = plugin.error("eat");
  CHECK(error.code() == "plugin_out_of_memory");
  CHECK(contains(error.message(), "more than the 96 MiB that it may"));
  plugin.still_good();
}

TEST_CASE("a plugin that leaks is given a new process before a run fails" *
          doctest::skip(kSanitized)) {
  const Misbehaving plugin("packages: { misbehaving: { memory: 96MiB } }\n");
  const NodeType type = node_type(*plugin.packages, "misbehaving.leak");
  // Twelve times 24 MiB do not fit into 96 MiB.
  for (int i = 0; i < 12; ++i) {
    FakeContext context(type, Value::object());
    CHECK(type.node->run(context).outputs.at(0).size() == 1);
  }
  plugin.still_good();
}

TEST_CASE("an exception that a plugin lets out fails its run") {
  const Misbehaving plugin;
  const Error error = plugin.error("throw");
  CHECK(error.code() == "plugin_threw");
  CHECK(contains(error.message(), "out of the plugin"));
  plugin.still_good();
}

TEST_CASE("bad answers fail the run, inside and apart") {
  for (const bool apart : {false, true}) {
    // A sanitizer needs a multiple of what the plugin does.
    const Misbehaving plugin(apart ? (kSanitized ? "limits: { memory: 16GiB }\n" : "")
                                   : "packages: { misbehaving: { isolation: none } }\n");
    const std::vector<std::pair<std::string, std::string>> expected{
        {"bad_json", "is not valid JSON"},
        {"no_object", "is an object"},
        {"bad_text", "it is not UTF-8"},
        {"deep", "nested deeper than 100 levels"},
        {"no_such_output", "there is no output 7"},
        {"no_such_item", "an origin names an item that there is not"},
        {"huge", "more than 256 MiB"},
        {"many", "more than 256 MiB"}};
    for (const auto& bad : expected) {
      const Error error = plugin.error(bad.first);
      CAPTURE(bad.first);
      CHECK(error.code() == "plugin_bad_answer");
      CHECK(error.cause() == ErrorCause::upstream);
      CHECK_MESSAGE(contains(error.message(), bad.second), error.message());
    }
    CHECK(plugin.error("no_such_binary").code() == "binary_missing");
    CHECK(plugin.error("bad_error").code() == "plugin_bad_error");
    CHECK(plugin.error("no_error").code() == "plugin_bad_error");
    plugin.still_good();
  }
}

TEST_CASE("a process that gives an item again has to say which, and it has to be there") {
  const NodeType type = node_type(*Misbehaving().packages, "misbehaving.good");
  const auto error_with = [&](const std::vector<engine_origin>& origins) {
    FakeContext context(type, Value::object());
    context.inputs = {items_of(parse_json("[{}]"))};
    RunCall call(context, type.description, "The node type");
    WireWriter result;
    result.byte(0);
    result.text("");
    result.byte(0);
    result.number(1);
    result.byte(3);  // the JSON and the binary data of its origin
    result.number(0);
    result.number(origins.size());
    for (const engine_origin& origin : origins) {
      result.number(origin.input);
      result.number(origin.item);
    }
    result.number(0);
    result.number(0);
    try {
      take_call_result(call, result.bytes(), "The plugin");
      return "given: " + std::to_string(call.take_result().outputs.at(0).size());
    } catch (const Error& error) {
      return error.message();
    }
  };
  CHECK(error_with({{0, 0}}) == "given: 1");
  CHECK(contains(error_with({}), "it gives an item again and does not say which"));
  CHECK(contains(error_with({{0, 1}}), "an origin names an item that there is not"));
  CHECK(contains(error_with({{7, 0}}), "an origin names an item that there is not"));
}

TEST_CASE("a process that speaks another language is ended") {
  const Misbehaving plugin;
  const Error error = plugin.error("scribble");
  CHECK(error.code() == "plugin_bad_answer");
  plugin.still_good();
}

TEST_CASE("a library that is replaced while the engine runs is not mixed with the old one") {
  const Misbehaving plugin;
  plugin.error("crash");
  // The same path, another file.
  std::filesystem::remove(plugin.place.root / "packages" / "misbehaving" / "misbehaving.so");
  plugin.place.install("misbehaving");
  plugin.error("crash");
  const Error error = plugin.error("good");
  CHECK(error.code() == "plugin_changed");
}
