// Packages from OpenAPI documents of different styles.
#include "core/plugin/openapi/import.h"

#include <doctest/doctest.h>

#include <cstdlib>
#include <fstream>
#include <iterator>

#include "core/base/error.h"
#include "core/plugin/scaffold.h"
#include "core/value/json.h"
#include "core/workflow/yaml.h"
#include "places.h"
#include "tests/core/plugin/place.h"

using namespace engine;
using namespace engine::plugin;
using namespace engine::plugin::openapi;
using namespace engine::test;

namespace {

std::string read_all(const std::filesystem::path& file) {
  std::ifstream stream(file, std::ios::binary);
  REQUIRE_MESSAGE(stream.good(), file.string());
  return {std::istreambuf_iterator<char>(stream), {}};
}

// An import, written down, checked and read back.
struct Imported {
  explicit Imported(const std::string& text, const std::vector<std::string>& only = {})
      : package(import_document("demo", read_document(text, "api"), only)) {
    write_package(place.root / "packages" / "demo", package.files);
    packages.emplace(place.load());
    INFO(faults_of(*packages));
    REQUIRE(packages->loaded().size() == 1);
    packages->add_to(registry);
    packages->add_to(types);
  }

  Value file(const std::string& name) const {
    for (const auto& [file, text] : package.files) {
      if (file != name) continue;
      Located content;
      Diagnostics diagnostics;
      workflow::read_yaml(text, file, content, diagnostics);
      CHECK(diagnostics.empty());
      return to_value(content);
    }
    FAIL("there is no " << name);
    return {};
  }
  Value operation(const std::string& resource, const std::string& name) const {
    return file(resource + ".yaml")["operations"][name];
  }
  const Description& type(const std::string& id) const {
    const NodeType* found = registry.find(id);
    REQUIRE_MESSAGE(found != nullptr, id);
    return found->description;
  }
  bool notes(const std::string& part) const {
    for (const std::string& note : package.notes) {
      if (note.find(part) != std::string::npos) return true;
    }
    return false;
  }

  PluginPlace place;
  ImportedPackage package;
  std::optional<Packages> packages;
  Registry registry;
  CredentialTypes types;
};

std::string sample(const std::string& name) {
  return read_all(std::string(ENGINE_SOURCE_DIR "/tests/core/plugin/openapi/") + name);
}

std::string error_of(const std::string& text, const std::vector<std::string>& only = {}) {
  try {
    import_document("demo", read_document(text, "api"), only);
  } catch (const Error& error) {
    return error.code() + ": " + error.message();
  }
  return "";
}

}  // namespace

TEST_CASE("an API with a key in a header, pages by number, and shared parts") {
  const Imported shop(sample("shop.yaml"));
  CHECK(shop.package.operations == 5);
  const Description& list = shop.type("demo.orders.list_orders");
  CHECK(list.title == "List orders");
  const Parameter* status = find_parameter(list.parameters, "status");
  REQUIRE(status != nullptr);
  CHECK(status->type == ParameterType::choice);
  CHECK(status->choices.size() == 2);
  CHECK(status->default_value.as_string() == "open");
  // The engine asks for pages itself; `limit` is how many items are wanted.
  CHECK(find_parameter(list.parameters, "page") == nullptr);
  CHECK(find_parameter(list.parameters, "per_page") == nullptr);
  CHECK(find_parameter(list.parameters, "limit") != nullptr);
  CHECK(shop.operation("orders", "list_orders")["paging"].equals(parse_json(
      R"({"kind":"page","parameter":"page","first":1,"size":100,"size_parameter":"per_page"})")));
  CHECK(shop.operation("orders", "list_orders")["response"]["items"].as_string() == "orders");

  const Description& create = shop.type("demo.orders.create_order");
  const Parameter* customer = find_parameter(create.parameters, "customer_id");
  REQUIRE(customer != nullptr);
  CHECK(customer->required);
  CHECK(customer->type == ParameterType::integer);
  CHECK(shop.operation("orders", "create_order")["parameters"]["customer_id"]["as"].as_string() ==
        "customerId");
  const Parameter* lines = find_parameter(create.parameters, "lines");
  REQUIRE(lines != nullptr);
  CHECK(lines->type == ParameterType::list);
  CHECK(lines->children.at(0).children.size() == 2);
  CHECK(find_parameter(create.parameters, "id") == nullptr);  // read only
  CHECK(find_parameter(create.parameters, "note")->nullable);
  CHECK(find_parameter(create.parameters, "note")->default_value.missing());
  CHECK(find_parameter(create.parameters, "note")->text == "For the parcel. Without it: \"none\".");

  const CredentialType* key = shop.types.find("demo");
  REQUIRE(key != nullptr);
  http::Request request;
  key->sign(parse_json(R"({"x_api_key":"k1"})"), request);
  CHECK(request.headers.find("X-Api-Key") == "k1");
  CHECK(key->hosts(parse_json(R"({"x_api_key":"k1"})")) ==
        std::vector<std::string>{"eu.shop.example"});
  CHECK(shop.file("package.yaml")["base_url"].as_string() == "https://eu.shop.example/v2");
  CHECK(shop.notes("The server's 'region' is 'eu'"));
  CHECK(shop.notes("cookie parameter 'session' of GET /orders cannot be sent"));
  CHECK(
      shop.notes("PUT /orders/{orderId}/photo was left out: its body is of the type 'image/png'"));
  CHECK(shop.notes("Only the service checks 'pattern' (1 place)."));
  CHECK(shop.notes("The webhook") == false);
  CHECK(shop.operation("orders", "get_invoice")["response"]["binary"].as_string() == "data");
  CHECK(shop.operation("orders", "get_invoice")["request"].as_string() ==
        "GET /orders/{order_id}/invoice.pdf");
}

TEST_CASE("an API of version 3.1 in JSON, with OAuth2, cursors, files and forms") {
  const Imported files(sample("files.json"));
  const Value list = files.operation("files", "list_files");
  CHECK(list["paging"].equals(parse_json(
      R"({"kind":"cursor","parameter":"pageToken","next":"nextPageToken","size":50,"size_parameter":"pageSize"})")));
  CHECK(list["parameters"]["labels"]["convert"].as_string() == "csv");
  CHECK(list["parameters"]["filter_owner"]["as"].as_string() == "filter[owner]");
  const Description& upload = files.type("demo.files.upload");
  CHECK(find_parameter(upload.parameters, "content")->required);
  CHECK(files.operation("files", "upload")["parameters"]["content"]["send"].as_string() ==
        "binary");
  CHECK(files.operation("files", "upload")["parameters"]["name"]["send"].as_string() == "form");
  CHECK(files.operation("tokens", "post_tokens")["parameters"]["grant"]["send"].as_string() ==
        "urlencoded");
  CHECK(find_parameter(files.type("demo.files.rename").parameters, "name")->nullable);
  const Parameter* when = find_parameter(files.type("demo.files.rename").parameters, "when");
  CHECK(when->type == ParameterType::string);
  CHECK(files.notes("The webhook 'fileChanged' was left out"));

  const CredentialType* oauth = files.types.find("demo");
  REQUIRE(oauth != nullptr);
  const auto settings = oauth->oauth2(parse_json(R"({"client_id":"c","client_secret":"s"})"));
  REQUIRE(settings);
  CHECK(settings->authorize_url == "https://files.example/authorize");
  CHECK(settings->scope == "files.read files.write");
  CHECK(settings->refresh);
  CHECK(files.file("package.yaml")["credential_optional"].as_bool());
}

TEST_CASE("an API with links in headers, basic or bearer, odd names and no operation ids") {
  const Imported hub(sample("hub.yaml"));
  const Value list = hub.operation("repos", "get_repos_owner_issues");
  CHECK(list["paging"]["kind"].as_string() == "link");
  CHECK(list["paging"]["header"].as_string() == "Link");
  CHECK(list["request"].as_string() == "GET /repos/{owner}/issues");
  CHECK(list["parameters"]["n2fa"]["as"].as_string() == "2fa");
  CHECK(list["parameters"]["labels"]["as"].as_string() == "labels[]");
  const Value patch = hub.operation("repos", "patch_repos_owner_issues_number");
  CHECK(patch["request"]["headers"]["Content-Type"].as_string() == "application/merge-patch+json");
  CHECK(patch["parameters"]["body"]["as"].as_string() == ".");
  CHECK(hub.types.ids() == std::vector<std::string>{"demo_basic_auth", "demo_token"});
  CHECK(hub.type("demo.repos.get_repos_owner_issues").credentials.at(0).types.size() == 2);
  CHECK(hub.notes("'tokenInCookie'") == false);
  CHECK(hub.notes("The 'callbacks' of PATCH /repos/{owner}/issues/{number} were left out"));
  CHECK(hub.notes("does not tell where the service is"));
}

TEST_CASE("only what is asked for is imported") {
  CHECK(Imported(sample("shop.yaml"), {"orders"}).package.operations == 5);
  CHECK(Imported(sample("shop.yaml"), {"/orders/{orderId}"}).package.operations == 2);
  CHECK(Imported(sample("shop.yaml"), {"createOrder"}).package.operations == 1);
  CHECK(error_of(sample("shop.yaml"), {"Ordrs"}).find("Did you mean 'Orders'?") !=
        std::string::npos);
}

TEST_CASE("what is no OpenAPI document of version 3 is refused") {
  CHECK(error_of("swagger: '2.0'\n").find("must be converted first") != std::string::npos);
  CHECK(error_of("openapi: 4.0.0\n").find("3.0 and 3.1 are understood") != std::string::npos);
  CHECK(error_of("openapi: 3.0.0\n").rfind("nothing_imported", 0) == 0);
  CHECK(error_of("{\"openapi\":").rfind("bad_json", 0) == 0);
  CHECK(error_of("a: [").rfind("bad_openapi", 0) == 0);
  CHECK(error_of("").rfind("bad_openapi", 0) == 0);
  CHECK(error_of("[]").rfind("bad_openapi", 0) == 0);
}

TEST_CASE("circles, foreign references and broken ones are noted") {
  const Imported tree(R"(openapi: 3.0.0
info: { title: Tree }
servers: [{ url: "https://tree.example" }]
paths:
  /nodes:
    post:
      requestBody:
        content: { application/json: { schema: { $ref: "#/components/schemas/Node" } } }
  /a: { get: { parameters: [{ $ref: "https://evil.example/p.json" }, { $ref: "#/nowhere" }] } }
  /b: { post: { requestBody: { $ref: "#/components/requestBodies/Self" } } }
  /c: { post: { requestBody: { content: { application/json: { schema: { $ref: "#/components/schemas/All" } } } } } }
components:
  requestBodies: { Self: { $ref: "#/components/requestBodies/Self" } }
  schemas:
    Node: { type: object, properties: { name: { type: string }, child: { $ref: "#/components/schemas/Node" } } }
    All: { allOf: [{ $ref: "#/components/schemas/All" }, { $ref: "#/components/schemas/All" }] }
)");
  CHECK(tree.notes("holds itself; from there on it takes anything"));
  CHECK(tree.notes("'https://evil.example/p.json' is outside of the document and was not read"));
  CHECK(tree.notes("'#/nowhere' is not in the document"));
  CHECK(tree.notes("References lead in a circle at '#/components/requestBodies/Self'"));
  CHECK(tree.package.operations == 4);
}

TEST_CASE("a document that unfolds without end is cut") {
  std::string text = R"(openapi: 3.1.0
info: { title: Bomb }
servers: [{ url: "https://bomb.example" }]
paths: { /x: { post: { requestBody: { content: { application/json: { schema: { $ref: "#/components/schemas/L0" } } } } } } }
components:
  schemas:
)";
  for (int level = 0; level < 30; ++level) {
    text += "    L" + std::to_string(level) + ": { type: object, properties: { ";
    for (int i = 0; i < 10; ++i) {
      text += std::string(i == 0 ? "" : ", ") + "p" + std::to_string(i) +
              ": { $ref: \"#/components/schemas/L" + std::to_string(level + 1) + "\" }";
    }
    text += " } }\n";
  }
  text += "    L30: { type: string }\n";
  const Imported bomb(text);
  CHECK(bomb.notes("are too much to be described"));
  std::size_t bytes = 0;
  for (const auto& [name, content] : bomb.package.files) bytes += content.size();
  CHECK(bytes < 300'000);
}

TEST_CASE("texts of a document cannot break out of the YAML or the page") {
  const Imported odd(
      R"({"openapi":"3.0.0","info":{"title":"x: {{ y }}\n- z","description":"a\u0000b \u2028 #"},
"servers":[{"url":"https://odd.example"}],
"paths":{"/x":{"get":{"operationId":"a: b\n#","summary":"yes","tags":["on"],
"parameters":[{"name":"null","in":"query","description":"'\"\\ \t|\n  >","schema":{"type":"string","enum":["no","1.0","","~"]}},
{"name":"a\nb","in":"header","schema":{"type":"string"}}]}}}})");
  const Value operation = odd.operation("on", "a_b");
  CHECK(operation["title"].as_string() == "yes");
  CHECK(operation["parameters"]["null"]["choices"].equals(parse_json(R"(["no","1.0","","~"])")));
  CHECK(odd.file("package.yaml")["text"].as_string() == std::string_view("a\0b \xe2\x80\xa8 #", 9));
}

TEST_CASE("ClickUp's own documents become packages that are good") {
  const char* folder = std::getenv("CLICKUP_OPENAPI");
  if (folder == nullptr) {
    MESSAGE("not read: CLICKUP_OPENAPI does not name the folder of the documents");
    return;
  }
  const std::filesystem::path documents = folder;
  const Imported second(read_all(documents / "clickup-openapi-v2.json"));
  CHECK(second.package.operations > 130);
  CHECK(second.operation("tasks", "get_tasks")["paging"]["last"].as_string() == "last_page");
  const Imported third(read_all(documents / "clickup-openapi-v3.json"));
  CHECK(third.package.operations > 30);
}
