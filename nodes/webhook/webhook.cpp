#include <algorithm>

#include "core/node/declare.h"
#include "core/value/json.h"
#include "nodes/webhook/request_auth.h"
#include "nodes/webhook/request_item.h"

namespace engine::nodes {
namespace {

std::vector<Parameter> authentication() {
  return {
      Declare("auth", ParameterType::choice,
              "How callers show who they are; the secret is in the node's credential.")
          .one_of({{"none", "Everybody may call."},
                   {"basic", "User and password; credential type `basic`."},
                   {"bearer", "A token; credential type `bearer`."},
                   {"header", "A secret in a header; credential type `header`."},
                   {"hmac", "The raw body is signed; credential type `secret`."},
                   {"jwt", "A signed token (RFC 7519); credential type `secret`."}})
          .otherwise("none"),
      Declare("signature_header", ParameterType::string, "The header that holds the signature.")
          .otherwise("X-Signature")
          .only_for("auth", {"hmac"}),
      Declare("signature_prefix", ParameterType::string, "What stands before the signature.")
          .otherwise("")
          .example("sha256=")
          .only_for("auth", {"hmac"}),
      Declare("hash", ParameterType::choice, "Hash function of the signature.")
          .one_of({{"sha256", ""}, {"sha1", ""}, {"sha512", ""}})
          .otherwise("sha256")
          .only_for("auth", {"hmac"}),
      Declare("encoding", ParameterType::choice, "How the signature is written.")
          .one_of({{"hex", ""}, {"base64", ""}})
          .otherwise("hex")
          .only_for("auth", {"hmac"}),
      Declare("algorithm", ParameterType::choice, "The only algorithm that is taken.")
          .one_of({{"HS256", "Shared secret."},
                   {"HS384", "Shared secret."},
                   {"HS512", "Shared secret."},
                   {"RS256", "Public key (RSA)."},
                   {"ES256", "Public key (P-256)."}})
          .otherwise("HS256")
          .only_for("auth", {"jwt"}),
      Declare("issuer", ParameterType::string, "What `iss` must be; any when not given.")
          .only_for("auth", {"jwt"}),
      Declare("audience", ParameterType::string, "What `aud` must hold; anything when not given.")
          .only_for("auth", {"jwt"})};
}

Description describe() {
  Description d;
  d.id = "webhook";
  d.title = "Webhook";
  d.text =
      "Starts the workflow when its URL is called (`engine serve`): `/webhook/` and the path. "
      "Gives "
      "one item `{method, url, path, params, query, headers, body}`; files and bodies that are no "
      "text are binary data. A delivery is stored before it is answered.";
  d.inputs.clear();
  d.parameters = {
      Declare("path", ParameterType::string,
              "Below `/webhook/`. A part that begins with a colon takes any text and is found in "
              "`params`.")
          .required()
          .example("orders/:id"),
      declare_texts("methods", "HTTP methods that it takes.")};
  d.parameters.back().default_value = Value::array({"POST"});
  for (Parameter& parameter : authentication()) d.parameters.push_back(std::move(parameter));
  const std::vector<Parameter> rest{
      Declare("response", ParameterType::choice, "What the caller is answered.")
          .one_of({{"received", "`status` and `answer`, as soon as the delivery is stored."},
                   {"last_node", "What the last node gives, when the workflow has ended."},
                   {"respond", "What a `respond` node says."}})
          .otherwise("received"),
      Declare("status", ParameterType::integer, "Status of the answer.")
          .at_least(200)
          .at_most(599)
          .otherwise(200)
          .only_for("response", {"received", "last_node"}),
      Declare("answer", ParameterType::any, "Body of the answer: a text, or anything as JSON.")
          .otherwise(Value::object({{"received", true}}))
          .only_for("response", {"received"}),
      Declare("answer_items", ParameterType::choice, "Which items are answered.")
          .one_of({{"first", "The first one, as an object."}, {"all", "A list of all of them."}})
          .otherwise("first")
          .only_for("response", {"last_node"}),
      Declare("raw", ParameterType::boolean,
              "Give the body as it came, as binary data `body`, whatever its type.")
          .otherwise(false),
      declare_texts("origins",
                    "Origins whose scripts may call it from a browser (CORS); `*` is every one."),
      declare_texts("networks", "Addresses that may call it, such as 10.0.0.0/8; all when empty."),
      Declare("max_body", ParameterType::integer, "Largest body.")
          .unit("bytes")
          .at_least(0)
          .at_most(16 << 20)
          .otherwise(16 << 20)};
  d.parameters.insert(d.parameters.end(), rest.begin(), rest.end());
  d.credentials = {{"",
                    {"basic", "bearer", "header", "secret"},
                    false,
                    "auth",
                    {{"basic", "basic"},
                     {"bearer", "bearer"},
                     {"header", "header"},
                     {"hmac", "secret"},
                     {"jwt", "secret"}}}};
  d.traits = {true, true, false};
  d.examples = {"- id: order\n  type: webhook\n  with: { path: \"orders/:id\", methods: [POST] }\n",
                "- id: form\n  type: webhook\n  with: { path: contact, response: respond }\n"};
  return d;
}

http::ServerResponse answer_with(int status, const Value& body) {
  http::ServerResponse answer;
  answer.status = status;
  answer.headers.set("Content-Type",
                     body.is_string() ? "text/plain; charset=utf-8" : "application/json");
  answer.body = body.is_string() ? std::string(body.as_string()) : print_json(body);
  return answer;
}

class Webhook final : public WebhookTrigger {
 public:
  Route route(const TriggerContext& context) const override {
    Route route;
    route.path = to_text(context.parameter("path"));
    while (route.path.starts_with('/')) route.path.erase(0, 1);
    if (route.path.empty()) {
      throw Error(ErrorCause::user, "bad_path", "The path of a webhook cannot be empty.");
    }
    const Value methods = context.parameter("methods");
    for (const View method : methods.elements()) {
      std::string name(method.as_string());
      std::transform(name.begin(), name.end(), name.begin(),
                     [](char c) { return c >= 'a' && c <= 'z' ? static_cast<char>(c - 32) : c; });
      route.methods.push_back(std::move(name));
    }
    // Browsers ask before they send.
    const bool browsers = context.parameter("origins").size() > 0;
    if (browsers &&
        std::find(route.methods.begin(), route.methods.end(), "OPTIONS") == route.methods.end()) {
      route.methods.emplace_back("OPTIONS");
    }
    route.max_body_bytes =
        static_cast<std::size_t>(context.parameter("max_body").as_integer().value_or(0));
    return route;
  }

  Received receive(TriggerContext& context, const Delivery& delivery) const override {
    const http::ServerRequest& request = delivery.request;
    const std::string origin = allowed_origin(context, request);
    if (request.method == "OPTIONS" && request.headers.find("Access-Control-Request-Method")) {
      return {{}, preflight(request, origin), AnswerWhen::received, {}};
    }
    if (auto refusal = refuse_caller(context, request)) {
      return {{}, std::move(*refusal), AnswerWhen::received, {}};
    }
    Received received;
    try {
      Start start;
      start.items.push_back(request_item(context, delivery, context.parameter("raw").as_bool()));
      received.starts.starts.push_back(std::move(start));
    } catch (const Error& error) {
      if (error.code() != "bad_body") throw;
      received.answer = answer_with(400, Value::object({{"error", error.message()}}));
      return received;
    }
    choose_answer(context, origin, received);
    return received;
  }

 private:
  static void choose_answer(const TriggerContext& context, const std::string& origin,
                            Received& received) {
    const Value response = context.parameter("response");
    const int status = static_cast<int>(context.parameter("status").as_integer().value_or(200));
    if (response.as_string() == "last_node") {
      received.when = AnswerWhen::last_node;
      const bool all = context.parameter("answer_items").as_string() == "all";
      received.answer_with = [status, all, origin](const Items& items) {
        Value body = items.empty() ? Value::object() : items[0].json;
        if (all) {
          std::vector<Value> list;
          for (const Item& item : items) list.push_back(item.json);
          body = Value::array(list);
        }
        return with_origin(answer_with(status, body), origin);
      };
    } else if (response.as_string() == "respond") {
      received.when = AnswerWhen::respond;
    } else {
      received.answer = with_origin(answer_with(status, context.parameter("answer")), origin);
    }
  }

  // What the caller's origin may read; empty: nothing is said.
  static std::string allowed_origin(const TriggerContext& context,
                                    const http::ServerRequest& request) {
    const auto origin = request.headers.find("Origin");
    if (!origin) return "";
    const Value origins = context.parameter("origins");
    for (const View allowed : origins.elements()) {
      if (allowed.as_string() == "*" || allowed.as_string() == *origin) {
        return std::string(allowed.as_string());
      }
    }
    return "";
  }

  static http::ServerResponse with_origin(http::ServerResponse answer, const std::string& origin) {
    if (origin.empty()) return answer;
    answer.headers.set("Access-Control-Allow-Origin", origin);
    if (origin != "*") answer.headers.add("Vary", "Origin");
    return answer;
  }

  static http::ServerResponse preflight(const http::ServerRequest& request,
                                        const std::string& origin) {
    http::ServerResponse answer;
    answer.status = origin.empty() ? 403 : 204;
    if (origin.empty()) return answer;
    answer = with_origin(std::move(answer), origin);
    answer.headers.set("Access-Control-Allow-Methods",
                       std::string(*request.headers.find("Access-Control-Request-Method")));
    if (const auto headers = request.headers.find("Access-Control-Request-Headers")) {
      answer.headers.set("Access-Control-Allow-Headers", std::string(*headers));
    }
    answer.headers.set("Access-Control-Max-Age", "600");
    return answer;
  }
};

void check(const Located& with, const std::string& file, Diagnostics& diagnostics) {
  const Located* networks = with.find("networks");
  if (networks == nullptr) return;
  for (const Located& network : networks->elements) {
    const std::string_view text = network.scalar.as_string();
    if (network.kind != Kind::string || is_network(text) ||
        text.find("{{") != std::string_view::npos) {
      continue;
    }
    diagnostics.add(
        network.position(file), "bad_network",
        "'" + std::string(text) + "' is no address and no network; write 192.0.2.7 or 10.0.0.0/8.");
  }
}

}  // namespace

NodeType webhook() {
  NodeType type;
  type.description = describe();
  type.kind = NodeKind::trigger;
  type.check = check;
  type.trigger = [trigger = std::make_shared<const Webhook>()](const TriggerContext&) -> Trigger {
    return std::shared_ptr<const WebhookTrigger>(trigger);
  };
  return type;
}

}  // namespace engine::nodes
