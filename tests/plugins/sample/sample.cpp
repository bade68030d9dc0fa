// A plugin in C++ that uses everything the SDK has.
#include <engine/sdk/plugin.h>

#include <stdexcept>

using namespace engine::sdk;

namespace {

class Upper final : public ItemNode {
  Items run_item(NodeContext& context, std::size_t i) const override {
    Json json = context.input()[i].json;
    std::string text = context.parameter("text", i).to_text();
    for (char& c : text) {
      if (c >= 'a' && c <= 'z') c = static_cast<char>(c - 32);
    }
    json.set("text", text + std::string(context.parameter("suffix", i).as_string()));
    return {{json}};
  }
};

class Same final : public ItemNode {
  Items run_item(NodeContext& context, std::size_t i) const override {
    return {context.input()[i]};
  }
};

class Bare final : public ItemNode {
  Items run_item(NodeContext& context, std::size_t i) const override {
    return {{context.input()[i].json}};
  }
};

// Stands for one that changes something on its own.
class Write final : public ItemNode {
  Items run_item(NodeContext&, std::size_t) const override {
    throw Error(ErrorCause::upstream, "written", "It was written.");
  }
};

// Fails for items that say how.
class Picky final : public ItemNode {
  Items run_item(NodeContext& context, std::size_t i) const override {
    const Item& item = context.input()[i];
    const std::string_view how = item.json["fail"].as_string();
    if (how == "error") {
      Error error(ErrorCause::upstream, "not_liked", "The service does not like it.");
      error.http_status = 404;
      throw error;
    }
    if (how == "exception") throw std::runtime_error("thrown by the plugin");
    if (how == "number") throw 42;
    return {item};
  }
};

// The item's origin and output are chosen.
class Split final : public Node {
  NodeResult run(NodeContext& context) const override {
    NodeResult result;
    result.outputs.resize(2);
    for (std::size_t i = 0; i < context.item_count(); ++i) {
      Item item = context.input()[i];
      item.origins = {{0, static_cast<std::uint32_t>(i)}};
      result.outputs[item.json["odd"].as_bool() ? 1 : 0].push_back(std::move(item));
    }
    return result;
  }
};

class Fetch final : public ItemNode {
  Items run_item(NodeContext& context, std::size_t i) const override {
    Request request;
    request.method = context.parameter("method").to_text();
    request.url = context.parameter("url", i).to_text();
    request.query = {{"n", std::to_string(i)}};
    request.headers = {{"X-Own", "yes"}};
    request.json(context.input()[i].json);
    const Response response = context.send(request);
    return {{Json::object({{"status", response.status},
                           {"type", response.headers["content-type"]},
                           {"answer", response.json()},
                           {"account", context.credential_field("account")},
                           {"secret", context.credential_field("token")},
                           {"signed", context.has_credential()}})}};
  }
};

// Counts its runs, copies binary data, and says how it goes.
class Keeper final : public Node {
  NodeResult run(NodeContext& context) const override {
    const std::int64_t runs = context.stored("runs").as_integer() + 1;
    context.store("runs", runs);
    context.log_info("run " + std::to_string(runs));
    context.progress(1, 2);
    const Item& item = context.input().at(0);
    const std::string bytes = context.read_binary(item.binary["data"]);
    Item made{Json::object(
        {{"runs", runs},
         {"bytes", bytes.size()},
         {"now", context.now_ms()},
         {"zone", context.timezone()},
         {"left", context.time_left_ms() ? Json(*context.time_left_ms()) : Json(nullptr)},
         {"late", context.evaluate("late", 0, Json::object({{"$x", 7}}))}})};
    made.binary =
        Json::object({{"copy", context.write_binary(bytes + "!", "text/plain", "c.txt")}});
    NodeResult result;
    result.outputs = {{made}};
    return result;
  }
};

class Hook final : public WebhookTrigger {
  Route route(TriggerContext& context) const override {
    return {context.parameter("path").to_text(), {"POST", "PUT"}};
  }
  Received receive(TriggerContext& context, const Delivery& delivery) const override {
    const TriggerContext::Signature signature{"sha256", "hex",   delivery.header("x-signature"),
                                              {},       "token", {}};
    Received received;
    if (!context.signature_matches(signature, delivery.body)) {
      received.answer.status = 403;
      return received;
    }
    received.starts.starts = {{{Json::parse(delivery.body)}, delivery.params["id"].to_text()}};
    received.answer = {202, Json::object({{"x-got", delivery.method}}), "got it"};
    return received;
  }
};

class Service final : public ServiceWebhookTrigger {
  Json activate(TriggerContext& context) const override {
    if (context.state()["id"].given()) return context.state();
    const Response response =
        context.send(Request{"POST", "https://service.test/hooks"}.json(Json(context.url())));
    return response.json();
  }
  void deactivate(TriggerContext& context) const override {
    context.send(
        Request{"DELETE", "https://service.test/hooks/" + context.state()["id"].to_text()});
  }
  Received receive(TriggerContext& context, const Delivery& delivery) const override {
    Received received;
    const TriggerContext::Signature signature{"sha1", "base64", delivery.header("signature"),
                                              context.state()["secret"].to_text()};
    if (!context.signature_matches(signature, delivery.body)) received.answer.status = 403;
    received.when = "last_node";
    return received;
  }
  Starts catch_up(TriggerContext&) const override {
    return {{{{Json::object({{"missed", true}})}, "missed-1"}}, {}};
  }
};

class Counter final : public PollTrigger {
  std::int64_t every_ms(TriggerContext& context) const override {
    return context.parameter("seconds").as_integer() * 1000;
  }
  Starts poll(TriggerContext& context) const override {
    const Json state = context.state();
    if (!state.given()) return {{}, Json(std::int64_t{0})};
    const std::int64_t next = state.as_integer() + 1;
    return {{{{Json::object({{"n", next}})}, "n" + std::to_string(next)}}, Json(next)};
  }
};

Description describe(const std::string& id, std::vector<Parameter> parameters = {}) {
  Description d;
  d.id = "sample." + id;
  d.title = "Sample " + id;
  d.text = "For the tests.";
  d.parameters = std::move(parameters);
  return d;
}

void add_nodes(Package& plugin) {
  plugin.add(
      describe("upper", {Declare("text", ParameterType::string, "What is shouted.").required(),
                         Declare("suffix", ParameterType::choice, "How.")
                             .one_of({{"!", "Loud."}, {"", "Not so loud."}})
                             .otherwise("!")}),
      std::make_shared<Upper>());
  plugin.add(describe("same"), std::make_shared<Same>());
  plugin.add(describe("bare"), std::make_shared<Bare>());
  Description write = describe("write", {Declare("name", ParameterType::string, "Of what.")});
  write.traits.writes = true;
  plugin.add(write, std::make_shared<Write>());
  plugin.add(describe("picky"), std::make_shared<Picky>());
  Description split = describe("split");
  split.outputs = {{"even"}, {"odd"}};
  plugin.add(split, std::make_shared<Split>());
  Description fetch =
      describe("fetch", {Declare("url", ParameterType::string, "Where.").required(),
                         Declare("method", ParameterType::string, "How.").otherwise("POST")});
  fetch.credentials = {{"", {"sample"}, false}};
  plugin.add(fetch, std::make_shared<Fetch>());
  plugin.add(describe("keeper", {Declare("late", ParameterType::any, "Evaluated late.").late()}),
             std::make_shared<Keeper>());
}

void add_triggers(Package& plugin) {
  const std::vector<CredentialSlot> slots{{"", {"sample"}, false}};
  Description hook = describe("hook", {Declare("path", ParameterType::string, "").required()});
  hook.credentials = slots;
  plugin.add(hook, std::make_shared<Hook>(), std::make_shared<Same>());
  Description service = describe("service");
  service.credentials = slots;
  plugin.add(service, std::make_shared<Service>());
  plugin.add(describe("counter", {Declare("seconds", ParameterType::integer, "").otherwise(60)}),
             std::make_shared<Counter>());
}

void add_credentials(Package& plugin) {
  const Json fields = Json::object(
      {{"token", Json::object({{"type", "string"}, {"required", true}})},
       {"account", Json::object({{"type", "string"}, {"secret", false}, {"default", "none"}})}});
  plugin.add_credential_type(Json::object({{"credential", "sample"},
                                           {"title", "Sample"},
                                           {"fields", fields},
                                           {"hosts", Json::array({"service.test"})}}),
                             [](const Json& values, const Json& request, std::string_view body) {
                               return Signature{{{"X-Token", values["token"].to_text() + " " +
                                                                 request["method"].to_text() + " " +
                                                                 std::to_string(body.size())}},
                                                {{"key", values["token"].to_text()}}};
                             });
}

}  // namespace

ENGINE_PLUGIN("sample", "1.2.0") {
  add_nodes(plugin);
  add_triggers(plugin);
  add_credentials(plugin);
}
