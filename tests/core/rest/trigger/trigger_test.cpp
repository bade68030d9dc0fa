// Triggers declared in YAML.
#include <doctest/doctest.h>

#include "core/base/error.h"
#include "core/crypto/digest.h"
#include "core/crypto/encoding.h"
#include "core/rest/compiler/yaml_source.h"
#include "core/rest/packed.h"
#include "core/rest/trigger_type.h"
#include "core/value/json.h"
#include "tests/support/fake_trigger_context.h"

using namespace engine;
using namespace engine::test;

namespace {

constexpr const char* kPackageFile = R"(name: demo
title: Demo
base_url: https://api.demo.test
credential: demo
parameters:
  project: { type: string, required: true, text: Id of the project. }
)";

constexpr const char* kHooks = R"(trigger: changed
title: Something changed
parameters:
  project: { use: project }
  events: { type: list, of: string, list_or_one: true, default: ["*"] }
webhook:
  subscribe:
    request:
      call: POST /projects/{project}/hooks
      body: { url: "{url}", events: "{events}" }
    response: { items: hook }
  unsubscribe: { request: "DELETE /hooks/{id}" }
  find:
    request: GET /projects/{project}/hooks
    response: { items: hooks }
    match: { url: "{url}" }
  keep: { id: id, secret: secret }
  verify: { hmac: sha256, header: X-Signature, secret: "{secret}", prefix: "sha256=" }
  event: "{header.X-Event}"
  wanted: events
  filter: { "{body.project}": "{project}" }
  dedupe: "{header.X-Delivery}"
)";

constexpr const char* kPolled = R"(trigger: added
title: An issue was added
parameters:
  project: { use: project }
poll:
  request: { call: "GET /projects/{project}/issues", query: { since: "{cursor}" } }
  response: { items: issues }
  cursor: updated_at
  dedupe: "{item.id}:{item.updated_at}"
)";

NodeType trigger(const std::string& file) {
  Diagnostics diagnostics;
  const auto compiled = rest::compile_package(
      {"package.yaml", rest::read_yaml_text(kPackageFile, "package.yaml", diagnostics)},
      {{"t.yaml", rest::read_yaml_text(file, "t.yaml", diagnostics)}}, diagnostics);
  for (const Diagnostic& diagnostic : diagnostics.sorted()) FAIL(to_string(diagnostic));
  const auto package = rest::unpack(rest::PackedPackage{compiled.id, compiled.source, {}});
  const auto& first = compiled.operations.at(0);
  REQUIRE(first.trigger);
  return rest::trigger_type(rest::unpack_trigger(
      rest::PackedOperation{first.id, first.version, first.title, first.source, true}, package));
}

std::string faults(const std::string& file) {
  Diagnostics diagnostics;
  rest::compile_package(
      {"package.yaml", rest::read_yaml_text(kPackageFile, "package.yaml", diagnostics)},
      {{"t.yaml", rest::read_yaml_text(file, "t.yaml", diagnostics)}}, diagnostics);
  std::string text;
  for (const Diagnostic& diagnostic : diagnostics.sorted()) text += to_string(diagnostic) + "\n";
  return text;
}

http::Response reply(const std::string& body, int status = 200) {
  http::Response response;
  response.status = status;
  response.body = body;
  return response;
}

std::string text_of(const http::Request& request) {
  std::string text;
  for (const auto& part : request.body.parts) text += std::get<std::string>(part);
  return text;
}

http::ServerRequest signed_request(const std::string& body, const std::string& secret) {
  http::ServerRequest request;
  request.method = "POST";
  request.body = body;
  request.headers.set("X-Signature", "sha256=" + to_hex(hmac_of("sha256", secret, body)));
  request.headers.set("X-Event", "issue.opened");
  request.headers.set("X-Delivery", "d1");
  return request;
}

struct Hooked {
  NodeType type;
  FakeTriggerContext context;
  std::shared_ptr<const ServiceWebhookTrigger> hook;

  explicit Hooked(const std::string& file = kHooks,
                  const Value& with = Value::object({{"project", "p1"}}))
      : type(trigger(file)), context(type, with) {
    hook = std::get<std::shared_ptr<const ServiceWebhookTrigger>>(type.trigger(context));
  }
  Received receive(const http::ServerRequest& request) {
    return hook->receive(context, {request, {}});
  }
  void activate() { context.stored = hook->activate(context); }
};

}  // namespace

TEST_CASE("a webhook is registered once, and what is kept of it is the state") {
  Hooked hooked;
  hooked.context.responses = {reply(R"({"hooks":[{"id":1,"url":"https://other"}]})"),
                              reply(R"({"hook":{"id":7,"secret":"s3"}})")};
  hooked.activate();
  REQUIRE(hooked.context.requests.size() == 2);
  const http::Request& made = hooked.context.requests[1];
  CHECK(made.method == "POST");
  CHECK(made.url == "https://api.demo.test/projects/p1/hooks");
  CHECK(parse_json(text_of(made))
            .equals(parse_json(
                R"({"url":"https://engine.example/hooks/Flow/trigger","events":["*"]})")));
  CHECK(hooked.context.stored["kept"].equals(parse_json(R"({"id":7,"secret":"s3"})")));

  // Looked at again: it is still there.
  hooked.context.requests.clear();
  hooked.context.responses = {
      reply(R"({"hooks":[{"id":7,"url":"https://engine.example/hooks/Flow/trigger"}]})")};
  const Value before = hooked.context.stored;
  hooked.activate();
  CHECK(hooked.context.requests.size() == 1);
  CHECK(hooked.context.stored.equals(before));

  // Somebody removed it: made again.
  hooked.context.requests.clear();
  hooked.context.responses = {reply(R"({"hooks":[]})"),
                              reply(R"({"hook":{"id":8,"secret":"s4"}})")};
  hooked.activate();
  CHECK(hooked.context.stored["kept"]["id"].as_integer() == 8);
}

TEST_CASE("a registration for this address that is not ours yet is taken over with its secret") {
  Hooked hooked;
  hooked.context.responses = {reply(
      R"({"hooks":[{"id":5,"secret":"x","url":"https://engine.example/hooks/Flow/trigger"}]})")};
  hooked.activate();
  CHECK(hooked.context.requests.size() == 1);
  CHECK(hooked.context.stored["kept"]["secret"].as_string() == "x");
}

TEST_CASE("one whose secret the service does not tell is replaced") {
  Hooked hooked;
  hooked.context.responses = {
      reply(R"({"hooks":[{"id":5,"url":"https://engine.example/hooks/Flow/trigger"}]})"),
      reply("", 204), reply(R"({"hook":{"id":6,"secret":"n"}})")};
  hooked.activate();
  REQUIRE(hooked.context.requests.size() == 3);
  CHECK(hooked.context.requests[1].method == "DELETE");
  CHECK(hooked.context.requests[1].url == "https://api.demo.test/hooks/5");
  CHECK(hooked.context.stored["kept"]["id"].as_integer() == 6);
}

TEST_CASE("other parameters or another address replace the registration") {
  Hooked hooked(kHooks, Value::object({{"project", "p2"}}));
  hooked.context.stored = parse_json(
      R"({"url":"https://engine.example/hooks/Flow/trigger","with":{"project":"p1","events":["*"]},"kept":{"id":3,"secret":"s"}})");
  hooked.context.responses = {reply("gone", 404), reply(R"({"hook":{"id":4,"secret":"t"}})")};
  hooked.activate();
  REQUIRE(hooked.context.requests.size() == 2);
  CHECK(hooked.context.requests[0].url == "https://api.demo.test/hooks/3");
  CHECK(hooked.context.requests[1].url == "https://api.demo.test/projects/p2/hooks");
  hooked.context.requests.clear();
  hooked.context.responses = {reply("", 204)};
  hooked.hook->deactivate(hooked.context);
  CHECK(hooked.context.requests.at(0).url == "https://api.demo.test/hooks/4");
}

TEST_CASE("an answer without what is to be kept leaves the trigger inactive") {
  Hooked hooked;
  hooked.context.responses = {reply(R"({"hooks":[]})"), reply(R"({"hook":{"id":7}})")};
  CHECK_THROWS_WITH_AS(hooked.activate(), doctest::Contains("without what later requests need"),
                       Error);
  hooked.context.public_url = "";
  CHECK_THROWS_WITH_AS(hooked.activate(), doctest::Contains("--public-url"), Error);
}

TEST_CASE("deliveries are checked by their signature") {
  Hooked hooked;
  const std::string body = R"({"project":"p1","issue":{"id":1}})";
  CHECK(hooked.receive(signed_request(body, "s3")).answer.status == 503);  // not registered yet
  hooked.context.stored = parse_json(R"({"url":"u","with":{},"kept":{"id":7,"secret":"s3"}})");
  const Received good = hooked.receive(signed_request(body, "s3"));
  CHECK(good.answer.status == 200);
  REQUIRE(good.starts.starts.size() == 1);
  CHECK(good.starts.starts[0].dedupe_key == "d1");
  CHECK(good.starts.starts[0].items.at(0).json.equals(parse_json(body)));

  const Received forged = hooked.receive(signed_request(body, "other"));
  CHECK(forged.answer.status == 403);
  CHECK(forged.starts.starts.empty());
  http::ServerRequest unsigned_request = signed_request(body, "s3");
  unsigned_request.headers.remove("X-Signature");
  CHECK(hooked.receive(unsigned_request).answer.status == 403);
  http::ServerRequest changed = signed_request(body, "s3");
  changed.body += " ";
  CHECK(hooked.receive(changed).answer.status == 403);
  CHECK(hooked.receive(signed_request("{", "s3")).answer.status == 400);
}

TEST_CASE("a secret that is missing from the state opens nothing") {
  Hooked hooked;
  hooked.context.stored = parse_json(R"({"url":"u","with":{},"kept":{"id":7}})");
  CHECK(hooked.receive(signed_request("{}", "")).answer.status == 403);
}

TEST_CASE("events that are not wanted and other projects start nothing") {
  Hooked hooked(kHooks, parse_json(R"({"project":"p1","events":["issue.closed"]})"));
  hooked.context.stored = parse_json(R"({"url":"u","with":{},"kept":{"id":7,"secret":"s3"}})");
  const std::string ours = R"({"project":"p1"})";
  CHECK(hooked.receive(signed_request(ours, "s3")).starts.starts.empty());
  http::ServerRequest closed = signed_request(ours, "s3");
  closed.headers.set("X-Event", "issue.closed");
  CHECK(hooked.receive(closed).starts.starts.size() == 1);
  http::ServerRequest foreign = signed_request(R"({"project":"p9"})", "s3");
  foreign.headers.set("X-Event", "issue.closed");
  const Received received = hooked.receive(foreign);
  CHECK(received.answer.status == 200);
  CHECK(received.starts.starts.empty());
}

TEST_CASE("timestamps, parts of a header, tokens and challenges") {
  const std::string file = R"(trigger: paid
title: Paid
webhook:
  challenge: "{query.challenge}"
  verify:
    hmac: sha256
    header: Stripe-Signature
    part: v1
    signed: "{part.t}.{body}"
    timestamp: "{part.t}"
    secret: "{credential.signing_secret}"
  items: events
  dedupe: "{item.id}"
)";
  Hooked hooked(file, Value::object());
  hooked.context.credential["signing_secret"] = Value("whsec");
  hooked.activate();
  CHECK(hooked.context.requests.empty());
  const std::string body = R"({"events":[{"id":"e1"},{"id":"e2"},{"n":1}]})";
  const std::int64_t now = to_ms(hooked.context.fake_clock.now()) / 1000;
  const auto request_at = [&](std::int64_t time) {
    http::ServerRequest request;
    request.body = body;
    const std::string stamp = std::to_string(time);
    request.headers.set(
        "Stripe-Signature",
        "t=" + stamp + ",v1=0000,v1=" + to_hex(hmac_of("sha256", "whsec", stamp + "." + body)));
    return request;
  };
  const Received good = hooked.receive(request_at(now - 200));
  CHECK(good.answer.status == 200);
  REQUIRE(good.starts.starts.size() == 3);
  CHECK(good.starts.starts[1].dedupe_key == "e2");
  CHECK(good.starts.starts[2].dedupe_key == "");
  CHECK(hooked.receive(request_at(now - 301)).answer.status == 403);
  CHECK(hooked.receive(request_at(now + 301)).answer.status == 403);

  http::ServerRequest asked;
  asked.query = {{"challenge", "<b>x"}};
  const Received echoed = hooked.receive(asked);
  CHECK(echoed.answer.body == "<b>x");
  CHECK(echoed.answer.headers.find("Content-Type") == "text/plain; charset=utf-8");
  CHECK(echoed.starts.starts.empty());
}

TEST_CASE("a secret of our own making goes to the service, and checks tokens") {
  Hooked hooked(R"(trigger: t
title: T
webhook:
  subscribe: { request: { call: POST /hooks, body: { token: "{secret}" } } }
  keep: { id: id }
  verify: { header: X-Token, secret: "{secret}" }
)",
                Value::object());
  hooked.context.responses = {reply(R"({"id":1})")};
  hooked.activate();
  const std::string sent(parse_json(text_of(hooked.context.requests.at(0)))["token"].as_string());
  CHECK(sent.size() == 43);
  CHECK(hooked.context.stored["kept"]["secret"].as_string() == sent);
  http::ServerRequest request;
  request.body = "a=1&b=x%20y";
  request.headers.set("Content-Type", "application/x-www-form-urlencoded");
  request.headers.set("X-Token", sent);
  const Received received = hooked.receive(request);
  REQUIRE(received.starts.starts.size() == 1);
  CHECK(received.starts.starts[0].items.at(0).json.equals(parse_json(R"({"a":"1","b":"x y"})")));
  request.headers.set("X-Token", sent.substr(1));
  CHECK(hooked.receive(request).answer.status == 403);
}

TEST_CASE("a poll starts with now, and gives what is new once, oldest first") {
  const NodeType type = trigger(kPolled);
  FakeTriggerContext context(type, Value::object({{"project", "p1"}}));
  const auto poll = std::get<std::shared_ptr<const PollTrigger>>(type.trigger(context));
  CHECK(poll->every(context) == std::chrono::minutes(5));
  Starts first = poll->poll(context);
  CHECK(first.starts.empty());
  CHECK(context.requests.empty());
  context.stored = *first.state;
  const std::string now = format_time(context.fake_clock.now());
  CHECK(context.stored["cursor"].as_string() == now);

  const std::string later = format_time(context.fake_clock.now() + std::chrono::seconds(1));
  const std::string latest = format_time(context.fake_clock.now() + std::chrono::seconds(9));
  context.responses = {reply(R"({"issues":[{"id":2,"updated_at":")" + latest +
                             R"("},{"id":1,"updated_at":")" + later +
                             R"("},{"id":0,"updated_at":"2001-01-01T00:00:00Z"}]})")};
  Starts second = poll->poll(context);
  CHECK(context.requests.at(0).url ==
        "https://api.demo.test/projects/p1/issues?since=" + http::percent_encode(now));
  REQUIRE(second.starts.size() == 2);
  CHECK(second.starts[0].items.at(0).json["id"].as_integer() == 1);
  CHECK(second.starts[0].dedupe_key == "1:" + later);
  context.stored = *second.state;
  CHECK(context.stored["cursor"].as_string() == latest);

  // The same again: nothing is new.
  context.responses = {reply(R"({"issues":[{"id":2,"updated_at":")" + latest + R"("}]})")};
  CHECK(poll->poll(context).starts.empty());
  context.responses = {reply(R"({"issues":[{"updated_at":")" + latest + R"("}]})")};
  CHECK_THROWS_WITH_AS(poll->poll(context), doctest::Contains("cannot be told whether it is new"),
                       Error);
}

TEST_CASE("without a cursor, what was there the last time is not new") {
  const NodeType type = trigger(R"(trigger: listed
title: Listed
parameters: { project: { use: project } }
poll: { request: "GET /projects/{project}/x", dedupe: "{item.id}", every: 30s }
)");
  FakeTriggerContext context(type, Value::object({{"project", "p1"}}));
  const auto poll = std::get<std::shared_ptr<const PollTrigger>>(type.trigger(context));
  const auto ask = [&](const std::string& answer) {
    context.responses = {reply(answer)};
    Starts starts = poll->poll(context);
    context.stored = *starts.state;
    return starts.starts.size();
  };
  CHECK(poll->every(context) == std::chrono::seconds(30));
  CHECK(ask(R"([{"id":1},{"id":2}])") == 0);
  CHECK(ask(R"([{"id":1},{"id":2},{"id":3}])") == 1);
  CHECK(ask(R"([{"id":3}])") == 0);
}

TEST_CASE("a trigger with both ways has a mode") {
  const std::string both =
      std::string(kHooks) + "poll: { request: GET /x, dedupe: \"{item.id}\" }\n";
  const NodeType type = trigger(both);
  FakeTriggerContext polled(type, parse_json(R"({"project":"p","mode":"poll","every":"2s"})"));
  const auto chosen = type.trigger(polled);
  REQUIRE(std::holds_alternative<std::shared_ptr<const PollTrigger>>(chosen));
  CHECK(std::get<std::shared_ptr<const PollTrigger>>(chosen)->every(polled) ==
        std::chrono::seconds(2));
  FakeTriggerContext hooked(type, parse_json(R"({"project":"p"})"));
  CHECK(std::holds_alternative<std::shared_ptr<const ServiceWebhookTrigger>>(type.trigger(hooked)));
}

TEST_CASE("faults of triggers are told with their places") {
  const std::string text = faults(R"(trigger: t
title: T
webhook:
  subscribe: { request: "POST /{team}" }
  verify: { hmac: sha3, secret: plain }
  event: "{headr.X}"
  dedupe: "{projct}"
  anser: 204
)");
  CHECK(text.find("names 'team', which is no parameter") != std::string::npos);
  CHECK(text.find("The hash 'sha3' is unknown; it is one of 'sha1', 'sha256' or 'sha512'") !=
        std::string::npos);
  CHECK(text.find("A secret is not written into a package") != std::string::npos);
  CHECK(text.find("'verify' needs 'header'") != std::string::npos);
  CHECK(text.find("t.yaml:6:10: '{headr.X}' is no parameter") != std::string::npos);
  CHECK(text.find("'event' and 'wanted' belong together") != std::string::npos);
  CHECK(text.find("'anser'. Did you mean 'answer'?") != std::string::npos);
  CHECK(faults("trigger: t\ntitle: T\nwebhook:\n  verify: { header: X, secret: '{secret}' }\n")
            .find("There is no {secret}") != std::string::npos);
  CHECK(faults("trigger: t\ntitle: T\n").find("needs 'webhook' or 'poll'") != std::string::npos);
  CHECK(faults("trigger: t\ntitle: T\nwebhook: {}\n").find("'webhook' needs 'verify'") !=
        std::string::npos);
  CHECK(faults("trigger: t\ntitle: T\npoll: { request: GET /x, every: 1ms, dedupe: x }\n")
            .find("'1ms' is no duration of a second or more") != std::string::npos);
}
