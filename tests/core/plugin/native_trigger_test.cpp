// Triggers and credential types of plugins.
#include <doctest/doctest.h>

#include "core/crypto/digest.h"
#include "core/crypto/encoding.h"
#include "tests/core/plugin/native_place.h"
#include "tests/support/fake_trigger_context.h"

using namespace engine;
using namespace engine::plugin;
using namespace engine::test;

namespace {

class Sample {
 public:
  explicit Sample(bool apart) {
    place.install("sample", "sample", "1.2.0");
    if (!apart) place.inside("sample");
    packages.emplace(place.load());
    REQUIRE(faults_of(*packages) == "");
  }
  NodeType type(const std::string& id) const { return node_type(*packages, id); }

  NativePlace place;
  std::optional<Packages> packages;
};

template <typename Kind>
const Kind& trigger_of(const Trigger& trigger) {
  return *std::get<std::shared_ptr<const Kind>>(trigger);
}

}  // namespace

TEST_CASE("a webhook trigger checks signatures with a secret that it does not see") {
  for (const bool apart : {false, true}) {
    const Sample sample(apart);
    const NodeType type = sample.type("sample.hook");
    CHECK(type.kind == NodeKind::trigger);
    CHECK(type.node != nullptr);
    CHECK(type.description.inputs.empty());
    FakeTriggerContext context(type, Value::object({{"path", "orders/:id"}}));
    context.credential = {{"token", Value("s3cret")}};
    const Trigger made = type.trigger(context);
    const auto& trigger = trigger_of<WebhookTrigger>(made);
    const Route route = trigger.route(context);
    CHECK(route.path == "orders/:id");
    CHECK(route.methods == std::vector<std::string>{"POST", "PUT"});

    http::ServerRequest request;
    request.method = "PUT";
    request.body = R"({"total":7})";
    request.headers.add("X-Signature", to_hex(hmac_of("sha256", "s3cret", request.body)));
    const Received received = trigger.receive(context, {request, {{"id", "42"}}});
    CHECK(received.answer.status == 202);
    CHECK(received.answer.body == "got it");
    CHECK(received.answer.headers.find("x-got") == "PUT");
    REQUIRE(received.starts.starts.size() == 1);
    CHECK(received.starts.starts[0].dedupe_key == "42");
    CHECK(print_json(json_of(received.starts.starts[0].items)) == R"([{"total":7}])");
    CHECK_FALSE(received.starts.state);

    request.body += " ";
    const Received refused = trigger.receive(context, {request, {}});
    CHECK(refused.answer.status == 403);
    CHECK(refused.starts.starts.empty());
  }
}

TEST_CASE("a service webhook is registered, checked, caught up and removed") {
  for (const bool apart : {false, true}) {
    const Sample sample(apart);
    const NodeType type = sample.type("sample.service");
    FakeTriggerContext context(type, Value::object());
    const Trigger made = type.trigger(context);
    const auto& trigger = trigger_of<ServiceWebhookTrigger>(made);
    CHECK(trigger.route(context).path.empty());
    CHECK(trigger.check_every(context) == Milliseconds(3'600'000));
    http::Response answer;
    answer.status = 200;
    answer.body = R"({"id":"h1","secret":"k"})";
    context.responses = {answer};
    context.stored = trigger.activate(context);
    CHECK(print_json(context.stored) == R"({"id":"h1","secret":"k"})");
    CHECK(context.requests.at(0).url == "https://service.test/hooks");
    // It is there: nothing is sent.
    CHECK(print_json(trigger.activate(context)) == R"({"id":"h1","secret":"k"})");
    CHECK(context.requests.size() == 1);

    http::ServerRequest request;
    request.method = "POST";
    request.body = "x";
    request.headers.add("Signature", to_base64(hmac_of("sha1", "k", "x")));
    const Received received = trigger.receive(context, {request, {}});
    CHECK(received.answer.status == 200);
    CHECK(received.when == AnswerWhen::last_node);
    CHECK(received.answer_with(items_of(parse_json(R"([{"a":1}])"))).body == R"({"a":1})");
    request.headers.set("Signature", "bm8=");
    CHECK(trigger.receive(context, {request, {}}).answer.status == 403);

    const Starts missed = trigger.catch_up(context);
    REQUIRE(missed.starts.size() == 1);
    CHECK(missed.starts[0].dedupe_key == "missed-1");
    context.responses = {answer};
    trigger.deactivate(context);
    CHECK(context.requests.back().method == "DELETE");
    CHECK(context.requests.back().url == "https://service.test/hooks/h1");
  }
}

TEST_CASE("a poll trigger goes on from its state") {
  for (const bool apart : {false, true}) {
    const Sample sample(apart);
    const NodeType type = sample.type("sample.counter");
    FakeTriggerContext context(type, Value::object({{"seconds", 30}}));
    const Trigger made = type.trigger(context);
    const auto& trigger = trigger_of<PollTrigger>(made);
    CHECK(trigger.every(context) == Milliseconds(30'000));
    const Starts first = trigger.poll(context);
    CHECK(first.starts.empty());
    REQUIRE(first.state);
    context.stored = *first.state;
    const Starts second = trigger.poll(context);
    REQUIRE(second.starts.size() == 1);
    CHECK(second.starts[0].dedupe_key == "n1");
    CHECK(*second.state == Value(1));
  }
}

TEST_CASE("a credential type signs by a function of the plugin") {
  for (const bool apart : {false, true}) {
    const Sample sample(apart);
    CredentialTypes types;
    sample.packages->add_to(types);
    const CredentialType* type = types.find("sample");
    REQUIRE(type != nullptr);
    CHECK(type->hosts(Value::object()) == std::vector<std::string>{"service.test"});
    http::Request request;
    request.method = "PUT";
    request.url = "https://service.test/a";
    request.body = http::Body::text("12345", "text/plain");
    type->sign(Value::object({{"token", "t&k"}}), request);
    CHECK(request.headers.find("X-Token") == "t&k PUT 5");
    CHECK(request.url == "https://service.test/a?key=t%26k");
    CHECK(request.secret_headers == std::vector<std::string>{"X-Token"});
    CHECK(request.secret_query == std::vector<std::string>{"key"});
  }
}
