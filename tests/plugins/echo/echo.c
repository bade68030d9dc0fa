/* A plugin in plain C: one node that gives its items as they are, one that makes an item from a
 * parameter, and a credential type. Built with the header of today and with the oldest one. */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "engine_plugin.h"

static const engine_host* engine;

#define TEXT(literal) \
  { (literal), sizeof(literal) - 1 }

static int32_t echo(void* self, engine_call* call, engine_borrowed argument,
                    engine_owned* owned_result) {
  (void)self;
  (void)argument;
  const size_t count = engine->item_count(call, 0);
  for (size_t i = 0; i < count; ++i) {
    const engine_origin origin = {0, (uint32_t)i};
    const engine_item item = {sizeof(engine_item),
                              0,
                              engine->item_json(call, 0, i),
                              engine->item_binary_json(call, 0, i),
                              &origin,
                              1};
    if (engine->give(call, &item, owned_result) != ENGINE_OK) return ENGINE_FAILED;
  }
  return ENGINE_OK;
}

/* {"value": PARAMETER} */
static int32_t wrap(void* self, engine_call* call, engine_borrowed argument,
                    engine_owned* owned_result) {
  (void)self;
  (void)argument;
  const engine_borrowed name = TEXT("value");
  engine_borrowed value = {NULL, 0};
  if (engine->parameter(call, name, 0, &value, owned_result) != ENGINE_OK) return ENGINE_FAILED;
  char* text = malloc(value.size + 32);
  if (text == NULL) return ENGINE_FAILED;
  const int length = sprintf(text, "{\"value\":%.*s}", (int)value.size, value.data);
  const engine_item item = {sizeof(engine_item), 0, {text, (size_t)length}, {NULL, 0}, NULL, 0};
  const int32_t status = engine->give(call, &item, owned_result);
  free(text);
  return status;
}

static int32_t load(const engine_host* host, engine_registrar* registrar,
                    engine_owned* owned_error) {
  static const engine_action echo_action = {
      sizeof(engine_action), 0,
      TEXT("{\"id\":\"" PLUGIN_NAME ".echo\",\"title\":\"Echo\",\"traits\":{\"pure\":true}}"), NULL,
      echo};
  static const engine_action wrap_action = {
      sizeof(engine_action), 0,
      TEXT("{\"id\":\"" PLUGIN_NAME
           ".wrap\",\"title\":\"Wrap\",\"parameters\":[{\"name\":\"value\","
           "\"type\":\"any\",\"text\":\"What is given.\",\"required\":true}]}"),
      NULL, wrap};
  static const engine_credential_type credential = {
      sizeof(engine_credential_type), 0,
      TEXT("{\"credential\":\"" PLUGIN_NAME "\",\"title\":\"Echo\",\"fields\":{\"key\":{\"type\":"
           "\"string\",\"required\":true}},\"sign\":[{\"header\":{\"name\":\"X-Key\",\"value\":"
           "\"{key}\"}}]}"),
      NULL, NULL};
  engine = host;
  if (registrar->add_action(registrar, &echo_action, owned_error) != ENGINE_OK) {
    return ENGINE_FAILED;
  }
  if (registrar->add_action(registrar, &wrap_action, owned_error) != ENGINE_OK) {
    return ENGINE_FAILED;
  }
  return registrar->add_credential_type(registrar, &credential, owned_error);
}

const engine_plugin* engine_plugin_entry(void) {
  static const engine_plugin plugin = {sizeof(engine_plugin),
                                       ENGINE_ABI_MAJOR,
                                       ENGINE_ABI_MINOR,
                                       0,
                                       TEXT(PLUGIN_NAME),
                                       TEXT("1.0.0"),
                                       load};
  return &plugin;
}
