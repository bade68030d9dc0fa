#include "core/plugin/native_scaffold.h"

#include <string_view>

namespace engine::plugin {
namespace {

constexpr std::string_view kNativePackage = R"(name: @name@
version: 1.0.0
title: @name@
text: What it is for, in a sentence.
library: @name@.so
)";

constexpr std::string_view kCMake = R"(cmake_minimum_required(VERSION 3.25)
project(@name@ LANGUAGES @languages@)

find_package(engine REQUIRED)
engine_add_plugin(@name@ @source@)

enable_testing()
engine_test_plugin(@name@ greets tests/greet.yaml "Hello, Ann!")
)";

constexpr std::string_view kTest = R"(name: Greet
nodes:
  - id: greet
    type: @name@.greet
    with: { name: Ann }
)";

constexpr std::string_view kIgnore = "/build/\n";

constexpr std::string_view kNativeReadme = R"(# @name@

A plugin of `engine`: the node type `@name@.greet` and the credential type `@name@`.

```
cmake -S . -B build -DCMAKE_PREFIX_PATH=PREFIX    # where engine is installed
cmake --build build
ctest --test-dir build                            # runs tests/greet.yaml with it
engine plugin check build/plugins/@name@
engine --plugins build/plugins nodes show @name@.greet
cmake --install build --prefix ~/.local/share/engine/plugins
```

The version stands in `package.yaml` and in `@source@`; both have to be the same.
)";

constexpr std::string_view kCpp = R"(#include <engine/sdk/plugin.h>

using namespace engine::sdk;

namespace {

// One item in, one item out. Stateless: several runs use it at once.
class Greet final : public ItemNode {
  Items run_item(NodeContext& context, std::size_t i) const override {
    Item item;
    if (i < context.item_count()) item.json = context.input()[i].json;
    item.json.set("greeting", "Hello, " + context.parameter("name", i).to_text() + "!");

    // With a service behind it: the engine adds the credential and sends.
    //   Request request;
    //   request.url = "https://api.example.com/greetings";
    //   const Response response = context.send(request);
    //   if (!response.ok()) throw Error(ErrorCause::upstream, "not_greeted", "…");
    return {item};
  }
};

Description greet() {
  Description d;
  d.id = "@name@.greet";
  d.title = "Greet";
  d.text = "Adds a greeting to each item.";
  d.parameters = {Declare("name", ParameterType::string, "Whom to greet.").required()};
  d.credentials = {{"", {"@name@"}, false}};
  d.traits.pure = true;  // while it sends nothing: a pure node may be run again at any time
  d.examples = {"- id: greet\n  type: @name@.greet\n  with: { name: \"{{ $json.name }}\" }\n"};
  return d;
}

// What a credential.yaml would hold: the fields, how a request is signed, where it may go.
constexpr const char* kCredential = R"json({
  "credential": "@name@",
  "title": "@name@",
  "fields": {
    "token": { "type": "string", "title": "Token", "required": true },
    "api_url": { "type": "string", "secret": false, "default": "https://api.example.com" }
  },
  "sign": [{ "header": { "name": "Authorization", "value": "Bearer {token}" } }],
  "hosts": "{api_url}"
})json";

}  // namespace

ENGINE_PLUGIN("@name@", "1.0.0") {
  plugin.add(greet(), std::make_shared<Greet>());
  plugin.add_credential_type(Json::parse(kCredential));
}
)";

constexpr std::string_view kC = R"(#include <engine/engine_plugin.h>
#include <stdio.h>
#include <stdlib.h>

#define TEXT(literal) {(literal), sizeof(literal) - 1}

static const engine_host* engine;

/* Gives {"greeting": …} for each item. `name` is the JSON of a text, quotes and escapes included. */
static int32_t greet_item(engine_call* call, size_t index, engine_owned* owned_error) {
  const engine_borrowed parameter = TEXT("name");
  engine_borrowed name = {NULL, 0};
  if (engine->parameter(call, parameter, index, &name, owned_error) != ENGINE_OK) {
    return ENGINE_FAILED;
  }
  static const char format[] = "{\"greeting\":\"Hello, %.*s!\"}";
  const size_t size = sizeof(format) + name.size;
  char* json = malloc(size);
  if (json == NULL) return ENGINE_FAILED;
  const int length = snprintf(json, size, format, (int)name.size - 2, name.data + 1);
  const engine_origin origin = {0, (uint32_t)index};
  const engine_item item = {sizeof(engine_item), 0,
                            {json, (size_t)length},
                            {NULL, 0},
                            &origin,
                            engine->item_count(call, 0) > 0};
  const int32_t status = engine->give(call, &item, owned_error);
  free(json);
  return status;
}

/* Every function that fails leaves an error document in its last parameter; it is passed on. */
static int32_t greet(void* self, engine_call* call, engine_borrowed argument,
                     engine_owned* owned_result) {
  (void)self;
  (void)argument;
  const size_t count = engine->item_count(call, 0);
  for (size_t i = 0; i < count; ++i) {
    if (engine->cancelled(call) != ENGINE_RUNS) break;
    if (greet_item(call, i, owned_result) != ENGINE_OK) return ENGINE_FAILED;
  }
  return ENGINE_OK;
}

static int32_t load(const engine_host* host, engine_registrar* registrar,
                    engine_owned* owned_error) {
  static const engine_action action = {
      sizeof(engine_action), 0,
      TEXT("{\"id\": \"@name@.greet\", \"title\": \"Greet\","
           " \"text\": \"Gives a greeting for each item.\","
           " \"parameters\": [{\"name\": \"name\", \"type\": \"string\","
           "   \"text\": \"Whom to greet.\", \"required\": true}],"
           " \"credentials\": [{\"types\": [\"@name@\"], \"required\": false}],"
           " \"traits\": {\"pure\": true}}"),
      NULL, greet};
  /* What a credential.yaml would hold: the fields, how a request is signed, where it may go. */
  static const engine_credential_type credential = {
      sizeof(engine_credential_type), 0,
      TEXT("{\"credential\": \"@name@\", \"title\": \"@name@\","
           " \"fields\": {\"token\": {\"type\": \"string\", \"required\": true},"
           "   \"api_url\": {\"type\": \"string\", \"secret\": false,"
           "     \"default\": \"https://api.example.com\"}},"
           " \"sign\": [{\"header\": {\"name\": \"Authorization\", \"value\": \"Bearer {token}\"}}],"
           " \"hosts\": \"{api_url}\"}"),
      NULL, NULL};
  engine = host;
  if (registrar->add_action(registrar, &action, owned_error) != ENGINE_OK) return ENGINE_FAILED;
  return registrar->add_credential_type(registrar, &credential, owned_error);
}

const engine_plugin* engine_plugin_entry(void) {
  static const engine_plugin plugin = {sizeof(engine_plugin), ENGINE_ABI_MAJOR, ENGINE_ABI_MINOR, 0,
                                       TEXT("@name@"),        TEXT("1.0.0"),    load};
  return &plugin;
}
)";

std::string filled(std::string_view pattern, const std::string& name, NativeLanguage language) {
  const bool c = language == NativeLanguage::c;
  std::string text(pattern);
  for (const auto& [mark, value] : {std::pair<std::string, std::string>{"@name@", name},
                                    {"@source@", name + (c ? ".c" : ".cpp")},
                                    {"@languages@", c ? "C" : "CXX"}}) {
    for (std::size_t at = text.find(mark); at != std::string::npos;
         at = text.find(mark, at + value.size())) {
      text.replace(at, mark.size(), value);
    }
  }
  return text;
}

}  // namespace

std::vector<std::pair<std::string, std::string>> native_scaffold(const std::string& name,
                                                                 NativeLanguage language) {
  const bool c = language == NativeLanguage::c;
  std::vector<std::pair<std::string, std::string>> files;
  for (const auto& [file, text] :
       {std::pair<std::string, std::string_view>{"package.yaml", kNativePackage},
        {"CMakeLists.txt", kCMake},
        {name + (c ? ".c" : ".cpp"), c ? kC : kCpp},
        {"tests/greet.yaml", kTest},
        {"README.md", kNativeReadme},
        {".gitignore", kIgnore}}) {
    files.emplace_back(file, filled(text, name, language));
  }
  return files;
}

}  // namespace engine::plugin
